"""実証の台帳: who may write in it, and the one way each of its entries is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, demand
from portal.audit.record import record_about
from portal.workflow import duties, shown
from portal.workflow.door import door, tell, touch
from portal.workflow.earlier import keep_earlier
from portal.workflow.errors import Forbidden, NotReady
from startups.pilots import chart, outgoing
from startups.pilots.models import Incident, Indicator, Pilot, Reading, Status
from startups.pilots.states import UNDER_WAY, PilotState

OWNERS = ("challenge_owner", "concierge")


def side_of(user: User) -> str:
    return "office" if user.is_office else "applicant"


def refusals(pilot: Pilot, user: User) -> list[str]:
    """Why `user` may not write in the ledger; both sides keep it."""
    if user.is_office:
        try:
            demand(user, pilot, *OWNERS)
        except Forbidden as forbidden:
            return forbidden.reasons
        return []
    return Applicant().reasons(user, pilot)


@contextmanager
def _opened(pilot: Pilot, by: User, states: tuple[str, ...], otherwise: str) -> Iterator[Pilot]:
    """The pilot, locked and read anew, for one of its two sides.

    Raises Forbidden, or NotReady with `otherwise`.
    """
    if reasons := refusals(pilot, by):
        raise Forbidden(*reasons)
    with door(by, [pilot.case, pilot]):
        fresh = Pilot.objects.select_related("case").get(pk=pilot.pk)
        if fresh.state not in states:
            raise NotReady(otherwise)
        yield fresh


def set_indicator(
    pilot: Pilot,
    n: int,
    *,
    by: User,
    name: str,
    unit: str,
    baseline: Decimal,
    target: Decimal,
    method: str,
) -> None:
    """Write one indicator while the agreement is prepared.

    A consent given before no longer holds.
    """
    demand(by, pilot, "challenge_owner")
    with _opened(
        pilot, by, (PilotState.PREPARING,), _("協定を結んだあとは、指標を変えられません。")
    ) as fresh:
        said = {
            "name": name,
            "unit": unit,
            "baseline": baseline,
            "target": target,
            "method": method,
        }
        duties.take_all(by, fresh.duty_subjects(), "draft_agreement")
        row, _is_new = Indicator.objects.update_or_create(pilot=fresh, n=n, defaults=said)
        # whoever consents on a page that was opened before is told that it changed
        Pilot.objects.filter(pk=fresh.pk).update(consented_at=None, version=F("version") + 1)
        figures = " → ".join(chart.said(float(value)) for value in (baseline, target))
        text = f"{row.n}　{name}　{figures}{unit}　{method}"
        _note(fresh, "pilot.indicator", by, gettext_noop("指標を決めました"), text=text)


def measure(pilot: Pilot, *, on: date, values: dict[int, tuple[Decimal, str]], by: User) -> None:
    """Write what was measured on a day: n of the indicator → (value, note).

    A second value of the day replaces the first; the record names both.
    """
    with _opened(
        pilot, by, (PilotState.RUNNING,), _("計測値を書けるのは、実証のあいだです。")
    ) as fresh:
        if not fresh.starts_on <= on <= clock.today():
            raise NotReady(_("実証の始まりから今日までの日にしてください。"))
        for row in Indicator.objects.filter(pilot=fresh, n__in=values):
            value, note = values[row.n]
            before = Reading.objects.filter(indicator=row, on=on).first()
            Reading.objects.update_or_create(
                indicator=row,
                on=on,
                defaults={"value": value, "note": note, "by": by, "at": clock.now()},
            )
            old = f"{chart.said(float(before.value))} → " if before else ""
            noted = f"（前の補足：{before.note}）" if before and before.note else ""
            text = f"{row.name}　{on.year}年{on.month}月{on.day}日　{old}{chart.said(float(value))}{row.unit}{noted}"
            _note(fresh, "pilot.measure", by, gettext_noop("計測値を書きました"), text=text)


def report_incident(
    pilot: Pilot, *, by: User, happened_on: date, grave: str, text: str
) -> Incident:
    otherwise = _("出来事を書けるのは、協定を結んでから評価が終わるまでです。")
    with _opened(pilot, by, UNDER_WAY, otherwise) as fresh:
        made = Incident.objects.create(
            pilot=fresh, reported_by=by, happened_on=happened_on, grave=grave, text=text
        )
        tell(
            fresh.case,
            "applicant" if by.is_office else "office",
            outgoing.INCIDENT,
            by=by,
        )
        _note(fresh, "pilot.incident", by, gettext_noop("出来事を書きました"))
        return made


def settle_incident(incident: Incident, *, by: User, settled: str, seen: str) -> None:
    """Say how it was settled; also after the pilot has ended. `seen`: the mark of what the page said
    of that. Raises Stale where somebody else wrote it meanwhile.
    """
    every = (*UNDER_WAY, PilotState.EVALUATED, PilotState.STOPPED)
    with _opened(incident.pilot, by, every, "") as fresh:
        incident = fresh.incidents.get(pk=incident.pk)
        if fresh.state not in UNDER_WAY and not by.is_office:
            raise Forbidden(_("実証のあとに対応を書くのは、市町村です。"))
        shown.demand_unchanged(seen, incident.settled)
        keep_earlier(fresh, _lazy("出来事への対応"), [incident.settled], by=by, of="incident")
        incident.settled, incident.settled_on = settled, clock.today()
        incident.save()
        _note(fresh, "pilot.settle", by, gettext_noop("出来事への対応を書きました"))


def say_status(pilot: Pilot, month: date, *, by: User, went: str, stuck: str) -> None:
    """One side's status of a month; it may be written again while the pilot runs."""
    with _opened(
        pilot,
        by,
        (PilotState.RUNNING, PilotState.REPORTED),
        _("毎月の状況を書けるのは、実証のあいだです。"),
    ) as fresh:
        if not fresh.starts_on.replace(day=1) <= month <= clock.today():
            raise NotReady(_("実証の期間の月を選んでください。"))
        said = {"went": went, "stuck": stuck, "by": by, "at": clock.now()}
        first, side = month.replace(day=1), side_of(by)
        for before in fresh.statuses.filter(month=first, side=side):
            keep_earlier(
                fresh, _lazy("毎月の状況"), [before.went, before.stuck], by=by, of="status"
            )
        Status.objects.update_or_create(pilot=fresh, month=first, side=side, defaults=said)
        _note(fresh, "pilot.status", by, gettext_noop("毎月の状況を書きました"))


def _note(pilot: Pilot, action: str, by: User, label: str, text: str = "") -> None:
    record_about(pilot, action, by=by, capacity=by.capacity_for(pilot), label=label, text=text)
    touch(pilot.case)
