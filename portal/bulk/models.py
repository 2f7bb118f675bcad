"""One act on many cases: planned, looked over, then done case by case."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.ports import Look
from portal.registry.models import in_english


class Bulk(models.Model):
    """What somebody planned to do with many cases, and what became of it.

    `act`: a key of `bulk_acts`, or "act:" and that of an act to be drafted; `given`: what was typed
    once for all, by the names of its form, from the first look with it until it is done; `back`: the list it came from.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    act = models.CharField(max_length=40)
    given = models.JSONField(default=dict)
    back = models.CharField(max_length=1000, blank=True)
    planned_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-planned_at", "-pk"]
        indexes = [models.Index(fields=["person", "-planned_at"], name="bulk_of_person")]

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("bulk", args=[self.pk])


class Outcome(models.TextChoices):
    """What became of a row; nothing yet while it is empty."""

    OPEN = "", _lazy("まだ")
    DONE = "done", _lazy("行いました")
    REFUSED = "refused", _lazy("行えませんでした")
    MOVED = "moved", _lazy("先に変わっていました")


class BulkRow(models.Model):
    """A case of it. `seen`: what the case was like when it was looked over; `reasons`: why it cannot
    be done on it, in the words of whoever looks it over; once it is begun, in Japanese, and
    `reasons_en` in English; `hints`: what would stop it for some of what may be typed; `yen`: what the
    act is about, where that is another sum than the case's.
    """

    bulk = models.ForeignKey(Bulk, models.CASCADE, related_name="rows")
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    seen = models.CharField(max_length=120, blank=True)
    reasons = ArrayField(models.TextField(), default=list)
    reasons_en = ArrayField(models.TextField(), default=list)
    hints = ArrayField(models.TextField(), default=list)
    yen = models.BigIntegerField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "case"], name="bulk_row_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="bulk_row_outcome_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.outcome}"

    def take(self, look: Look) -> None:
        """Keep how the case stood."""
        self.seen, self.reasons, self.hints, self.yen = (
            look.seen,
            look.reasons,
            look.hints,
            look.yen,
        )

    @property
    def shown_reasons(self) -> list[str]:
        """Why it cannot be done, or was not, in the reader's language."""
        return (in_english() and self.reasons_en) or self.reasons

    @property
    def looked(self) -> tuple[object, ...]:
        """What is kept of the look."""
        return self.seen, self.reasons, self.hints, self.yen

    @property
    def amount(self) -> int | None:
        """Yen of the act, else of the case."""
        return self.case.amount if self.yen is None else self.yen
