"""The rows of a pilot's ledger: its partners, indicators and their readings, incidents,
monthly statuses, evaluations. How each is written stands in `ledger.py`.
"""

from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.applications.states import STEPPED_OUT, ApplicationState
from portal import clock, parsing
from portal.accounts.models import User
from portal.accounts.permissions import Scope, covers
from portal.registry.models import Municipality
from portal.workflow.errors import Forbidden
from startups.matching.models import Match
from startups.pilots import chart

SIDES = [("applicant", _lazy("提案者")), ("office", _lazy("市町村"))]


def _number(text: str) -> Decimal | None:
    try:
        return parsing.decimal(text)
    except ValueError:
        return None


ENDED_UNDECIDED = (*STEPPED_OUT, ApplicationState.LAPSED)


class Partner(models.Model):
    """A municipality of a pilot, and the support money (yen) it promised;
    `application`: the case by which that is paid.
    """

    pilot = models.ForeignKey("Pilot", models.PROTECT, related_name="partners")
    match = models.OneToOneField(Match, models.PROTECT, related_name="partner")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    support = models.BigIntegerField(default=0)
    application = models.OneToOneField(
        Application, models.PROTECT, null=True, related_name="partner"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(support__gte=0), name="pilots_support_not_negative")
        ]

    def __str__(self) -> str:
        return f"{self.pilot_id} {self.municipality}"

    @property
    def own_scope(self) -> Scope:
        return Scope(self.pilot.case.programme_code, [self.municipality_id])

    def write_support(self, yen: int, by: User) -> None:
        """No town promises another's money. Raises Forbidden."""
        if yen != self.support and not covers(by, self, "challenge_owner"):
            raise Forbidden(
                _("%(town)sの支援金を変えられるのは、%(town)sの担当課だけです。")
                % {"town": self.municipality}
            )
        self.support = yen
        self.save(update_fields=["support"])

    @property
    def is_asked_for(self) -> bool:
        """Is the support applied for? A draft that was thrown away, and what ended without a
        decision, leave it free to be applied for again.
        """
        return self.application is not None and self.application.state not in ENDED_UNDECIDED


class Indicator(models.Model):
    """指標: where it stood before and where it should be.

    Lower is better where the target lies below the baseline.
    """

    pilot = models.ForeignKey("Pilot", models.PROTECT, related_name="indicators")
    n = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    unit = models.CharField(max_length=20)
    baseline = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    target = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    method = models.CharField(max_length=100)

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["pilot", "n"], name="pilots_indicator_once")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def stated(cls, n: int, row: dict[str, str]) -> Self:
        """As a challenge states it, of no pilot yet, with what of its values is a number."""
        return cls(
            n=n,
            name=row["name"],
            unit=row["unit"],
            baseline=_number(row["baseline"]),
            target=_number(row["target"]),
            method=row["method"],
        )

    @property
    def last(self) -> "Reading | None":
        return max(self.readings.all(), key=lambda reading: reading.on, default=None)

    @property
    def short_by(self) -> Decimal | None:
        """What the last reading lacks to the target; zero or less: reached.

        None before the first reading.
        """
        if self.last is None or self.target is None or self.baseline is None:
            return None
        return (
            self.last.value - self.target
            if self.target < self.baseline
            else self.target - self.last.value
        )

    @property
    def is_reached(self) -> bool:
        return self.short_by is not None and self.short_by <= 0

    @property
    def drawing(self) -> chart.Chart | None:
        """The readings as a chart; None before there are two."""
        rows = [(reading.on, float(reading.value)) for reading in self.readings.all()]
        if len(rows) < 2 or self.baseline is None or self.target is None:
            return None
        return chart.line(rows, baseline=float(self.baseline), target=float(self.target))


class Reading(models.Model):
    """One measurement."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="readings")
    on = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=3)
    note = models.CharField(max_length=100, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "on"], name="pilots_reading_once")
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.value}"


class Incident(models.Model):
    """出来事: something that went wrong or nearly did, and how it was settled."""

    GRAVE = [
        ("slight", _lazy("軽い")),
        ("serious", _lazy("重い")),
        ("data", _lazy("個人情報に関わる")),
    ]

    pilot = models.ForeignKey("Pilot", models.PROTECT, related_name="incidents")
    happened_on = models.DateField()
    grave = models.CharField(max_length=8, choices=GRAVE)
    text = models.TextField()
    reported_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled = models.TextField(blank=True)
    settled_on = models.DateField(null=True)

    class Meta:
        ordering = ["-happened_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.happened_on} {self.grave}"


class Status(models.Model):
    """毎月の状況: what one side says of a month (its first day)."""

    pilot = models.ForeignKey("Pilot", models.PROTECT, related_name="statuses")
    month = models.DateField()
    side = models.CharField(max_length=10, choices=SIDES)
    went = models.TextField()
    stuck = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-month", "side"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "month", "side"], name="pilots_status_once")
        ]

    def __str__(self) -> str:
        return f"{self.month} {self.side}"


class Evaluation(models.Model):
    """評価: what one of the three sides makes of the result. The text is published with it."""

    SIDES = [
        ("department", _lazy("担当課")),
        ("firm", _lazy("提案者")),
        ("board", _lazy("アドバイザリーボード")),
    ]
    MARKS = [
        ("good", _lazy("目標に届いた")),
        ("partly", _lazy("一部届いた")),
        ("short", _lazy("届かなかった")),
    ]

    pilot = models.ForeignKey("Pilot", models.PROTECT, related_name="evaluations")
    side = models.CharField(max_length=10, choices=SIDES)
    mark = models.CharField(max_length=8, choices=MARKS)
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["pilot", "side"], name="pilots_evaluation_once")
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.mark}"
