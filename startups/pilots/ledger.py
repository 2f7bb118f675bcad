"""実証の台帳: partners, indicators and their readings, incidents, monthly statuses, evaluations,
and the one way each is written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from grants.applications.models import Application
from portal import clock, reading
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, demand
from portal.audit.record import record
from portal.registry.models import Municipality
from portal.workflow.door import door, tell, touch
from portal.workflow.errors import Forbidden, NotReady
from startups.matching.models import Match
from startups.pilots import chart

OWNERS = ("challenge_owner", "concierge")
SIDES = [("applicant", _("提案者")), ("office", _("市町村"))]


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

    GRAVE = [("slight", _("軽い")), ("serious", _("重い")), ("data", _("個人情報に関わる"))]

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
        ("department", _("担当課")),
        ("firm", _("提案者")),
        ("board", _("アドバイザリーボード")),
    ]
    MARKS = [("good", _("目標に届いた")), ("partly", _("一部届いた")), ("short", _("届かなかった"))]

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


# -- writing ---------------------------------------------------------------------------------------
def side_of(user: User) -> str:
    return "office" if user.is_office else "applicant"


def may_write(pilot: Any, user: User) -> list[str]:
    """Why `user` may not write in the ledger; both sides keep it."""
    if user.is_office:
        try:
            demand(user, pilot, *OWNERS)
        except Forbidden as forbidden:
            return forbidden.reasons
        return []
    return Applicant().reasons(user, pilot)


def _number(text: Any) -> Decimal | None:
    try:
        return reading.decimal(str(text))
    except ValueError:
        return None


def take_indicators(pilot: Any, stated: list[dict[str, Any]]) -> None:
    """The challenge's indicators, with what of their values is a number."""
    Indicator.objects.bulk_create(
        Indicator(
            pilot=pilot,
            n=n,
            name=row["name"],
            unit=row["unit"],
            baseline=_number(row["baseline"]),
            target=_number(row["target"]),
            method=row["method"],
        )
        for n, row in enumerate(stated, 1)
    )


def found(pilot: Any, side: str, by: User, given: dict[str, Any]) -> None:
    """Keep one side's evaluation; until the decision it may be written again."""
    said = {"mark": given["mark"], "text": given["text"], "by": by, "at": clock.now()}
    Evaluation.objects.update_or_create(pilot=pilot, side=side, defaults=said)


@contextmanager
def _opened(pilot: Any, by: User, states: tuple[str, ...], otherwise: str) -> Iterator[Any]:
    """The pilot, locked and read anew, for one of its two sides.

    Raises Forbidden, or NotReady with `otherwise`.
    """
    if reasons := may_write(pilot, by):
        raise Forbidden(*reasons)
    with door(by, [pilot.case, pilot]):
        fresh = type(pilot).objects.select_related("case").get(pk=pilot.pk)
        if fresh.state not in states:
            raise NotReady(otherwise)
        yield fresh


def set_indicator(pilot: Any, n: int, *, by: User, **said: Any) -> None:
    """Write one indicator while the agreement is prepared.

    A consent given before no longer holds.
    """
    demand(by, pilot, "challenge_owner")
    with _opened(
        pilot, by, ("preparing",), _now("協定を結んだあとは、指標を変えられません。")
    ) as fresh:
        Indicator.objects.update_or_create(pilot=fresh, n=n, defaults=said)
        type(fresh).objects.filter(pk=fresh.pk).update(consented_at=None)
        _note(fresh, "pilot.indicator", by, gettext_noop("指標を決めました"))


def measure(pilot: Any, *, on: date, values: dict[int, tuple[Decimal, str]], by: User) -> None:
    """Write what was measured on a day: n of the indicator → (value, note).

    A second value of the day replaces the first; the record names both.
    """
    with _opened(pilot, by, ("running",), _now("計測値を書けるのは、実証のあいだです。")) as fresh:
        if not fresh.starts_on <= on <= clock.today():
            raise NotReady(_now("実証の始まりから今日までの日にしてください。"))
        for row in Indicator.objects.filter(pilot=fresh, n__in=values):
            value, note = values[row.n]
            before = Reading.objects.filter(indicator=row, on=on).first()
            Reading.objects.update_or_create(
                indicator=row,
                on=on,
                defaults={"value": value, "note": note, "by": by, "at": clock.now()},
            )
            old = f"{chart.said(float(before.value))} → " if before else ""
            text = f"{row.name}　{on.isoformat()}　{old}{chart.said(float(value))}{row.unit}"
            _note(fresh, "pilot.measure", by, gettext_noop("計測値を書きました"), text=text)


def report_incident(pilot: Any, *, by: User, **said: Any) -> Incident:
    otherwise = _now("出来事を書けるのは、協定を結んでから評価が終わるまでです。")
    with _opened(pilot, by, ("agreed", "running", "reported"), otherwise) as fresh:
        made = Incident.objects.create(pilot=fresh, reported_by=by, **said)
        tell(
            fresh.case,
            "applicant" if by.is_office else "office",
            gettext_noop("実証で出来事がありました"),
            by=by,
        )
        _note(fresh, "pilot.incident", by, gettext_noop("出来事を書きました"))
        return made


def settle_incident(incident: Incident, *, by: User, settled: str) -> None:
    """Say how it was settled; also after the pilot has ended."""
    every = ("agreed", "running", "reported", "evaluated", "stopped")
    with _opened(incident.pilot, by, every, "") as fresh:
        incident.settled, incident.settled_on = settled, clock.today()
        incident.save()
        _note(fresh, "pilot.settle", by, gettext_noop("出来事への対応を書きました"))


def say_status(pilot: Any, month: date, *, by: User, went: str, stuck: str) -> None:
    """One side's status of a month; it may be written again while the pilot runs."""
    with _opened(
        pilot, by, ("running", "reported"), _now("毎月の状況を書けるのは、実証のあいだです。")
    ) as fresh:
        if not fresh.starts_on.replace(day=1) <= month <= clock.today():
            raise NotReady(_now("実証の期間の月を選んでください。"))
        said = {"went": went, "stuck": stuck, "by": by, "at": clock.now()}
        Status.objects.update_or_create(
            pilot=fresh, month=month.replace(day=1), side=side_of(by), defaults=said
        )
        _note(fresh, "pilot.status", by, gettext_noop("毎月の状況を書きました"))


def _note(pilot: Any, action: str, by: User, label: str, **said: Any) -> None:
    record(
        chain=pilot.audit_chain,
        action=action,
        subject=pilot.subject_key,
        by=by,
        capacity=by.capacity_for(pilot),
        label=label,
        **said,
    )
    touch(pilot.case)
