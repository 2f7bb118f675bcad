"""査定: how much of each cost item of an application is eligible, as looked at before it is awarded."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User


class Assessment(models.Model):
    """What an application comes to by its assessed items: eligible cost and aid, in yen, by the same
    formula as before.
    """

    application = models.OneToOneField(Application, models.PROTECT, related_name="assessment")
    eligible_amount = models.BigIntegerField()
    amount = models.BigIntegerField()
    assessed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(default=clock.now)

    if TYPE_CHECKING:  # what hangs on it

        @property
        def items(self) -> "models.QuerySet[AssessedItem]": ...

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0, eligible_amount__gte=F("amount")),
                name="awards_assessment_amounts",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.amount}"

    @property
    def table(self) -> dict[str, object]:
        """Its items as the letter's sheet shows them, with what the caps of groups take, so that the
        last row is the eligible cost of the award; always Japanese.
        """
        items = list(self.items.all())
        accepted = sum(item.accepted for item in items)
        rows = [item.row for item in items]
        total = [sum(item.applied for item in items), accepted, sum(item.cut for item in items)]
        rows.append(["合計", *(f"{yen:,}" for yen in total)])
        if capped := accepted - self.eligible_amount:
            rows.append(["経費区分の上限を超える額", "", f"−{capped:,}", ""])
        rows.append(["補助対象経費", "", f"{self.eligible_amount:,}", ""])
        head = ["経費（減額の理由）", "申請した額（円）", "対象とする額（円）", "減額（円）"]
        return {"title": "経費の査定", "head": head, "rows": rows}

    @property
    def lines(self) -> str:
        """Its items as papers say them, a line each; always Japanese."""
        return "\n".join(item.line for item in self.items.all())


class AssessedItem(models.Model):
    """One cost item: yen applied for and accepted, without tax, and why it is less."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="items")
    n = models.PositiveSmallIntegerField()
    what = models.TextField()
    category = models.CharField(max_length=40)
    applied = models.BigIntegerField()
    accepted = models.BigIntegerField()
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "n"], name="awards_assessed_once"),
            models.CheckConstraint(
                condition=Q(accepted__gte=0, accepted__lte=F("applied")),
                name="awards_assessed_within",
            ),
            models.CheckConstraint(
                condition=Q(accepted=F("applied")) | ~Q(reason=""),
                name="awards_assessed_cut_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment_id} #{self.n} {self.accepted}"

    @property
    def cut(self) -> int:
        return self.applied - self.accepted

    @property
    def row(self) -> list[str]:
        why = f"（{self.reason}）" if self.cut else ""
        what = f"{self.n}　{self.what}{why}"
        return [what, f"{self.applied:,}", f"{self.accepted:,}", f"{self.cut:,}"]

    @property
    def line(self) -> str:
        said = f"{self.n}　{self.what}　申請{self.applied:,}円　対象{self.accepted:,}円"
        return f"{said}　減額{self.cut:,}円：{self.reason}" if self.cut else said
