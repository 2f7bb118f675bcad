"""履行延期の特約: what was agreed about paying back later or in parts, demands for what is late, and what
was withheld for it.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case

LIMITATION_YEARS = 5  # 地方自治法 236条1項


class Instalment(models.Model):
    """One part of the principal and its own due day; a later deferral replaces those before it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    recovery = models.ForeignKey("Recovery", models.PROTECT, related_name="agreed")
    deferral = models.PositiveSmallIntegerField()  # 1 for the first agreement, and so on
    agreed_on = models.DateField()
    due_on = models.DateField()
    amount = models.BigIntegerField()

    class Meta:
        ordering = ["deferral", "due_on"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_instalment_positive"),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("agreed_on")), name="recovery_instalment_later"
            ),
            models.UniqueConstraint(
                fields=["recovery", "deferral", "due_on"], name="recovery_instalment_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.amount:,}"

    @property
    def subject_key(self) -> str:
        return f"recovery:{self.recovery_id}"


class Demand(models.Model):
    """督促: what is late was demanded by a letter with a day (地方自治法施行令 171条); `fee` in yen, where
    an ordinance asks one.
    """

    recovery = models.ForeignKey("Recovery", models.PROTECT, related_name="demands")
    demanded_on = models.DateField(default=clock.today)
    answer_by = models.DateField()
    fee = models.BigIntegerField(default=0)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(fee__gte=0), name="recovery_demand_fee"),
            models.CheckConstraint(
                condition=Q(answer_by__gt=F("demanded_on")), name="recovery_demand_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.demanded_on}"


class Withholding(models.Model):
    """支払いの一時停止: another payment to the firm was held by decision, for this return."""

    payment = models.ForeignKey(
        "grants_payments.Payment", models.PROTECT, related_name="withholdings"
    )
    recovery = models.ForeignKey("Recovery", models.PROTECT, related_name="withheld")
    held_on = models.DateField()
    ended_on = models.DateField(null=True)  # the payment was released

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "recovery"],
                condition=Q(ended_on=None),
                name="recovery_withheld_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id} {self.recovery_id}"


def lapses_on(due_on: date, renewed: list[date]) -> date:
    """The last day on which a claim can still be enforced: five years from its due day, or from the
    last demand, part payment or agreement (地方自治法 236条, 民法 152条). 29 February ends on the 28th.
    """
    start = max([due_on, *renewed])
    year = start.year + LIMITATION_YEARS
    return (
        start.replace(year=year, day=28)
        if (start.month, start.day) == (2, 29)
        else start.replace(year=year)
    )
