"""An outage near a closing moment is proposed by one person and confirmed by another; then every intake
that it touched closes later, by the rule (`making_up`).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.programmes import making_up, steps
from grants.programmes.models import Call, IntakePeriod, LaterEnd, Outage
from grants.programmes.models.rights import BY_KEEPERS, KEEPERS
from grants.programmes.states import CALL_PUBLIC, CallState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import people_with, unproven
from portal.audit.record import record
from portal.closures import calendars
from portal.workflow.door import door, perform
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.requirements import touches

PROPOSERS = ("programme_officer", *KEEPERS)
WITHIN = timedelta(days=14)  # planning value: after which an outage is proposed no more
_ROUNDED = timedelta(minutes=30)  # an hour is typed by its halves, the end by the later one


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An outage as it is typed."""

    since: datetime
    until: datetime
    reason: str
    known_by: str
    reason_en: str = ""


@dataclass(frozen=True)
class Touched:
    """An intake that an outage touched, its later end, and why it cannot close later (empty: it can)."""

    period: IntakePeriod
    closes_at: datetime
    reasons: list[str]

    @property
    def call(self) -> Call:
        return self.period.call


def touched(outage: Outage) -> list[Touched]:
    """What confirming it now would move, the first one first."""
    rows = (
        IntakePeriod.objects.filter(
            call__state__in=CALL_PUBLIC,
            closes_at__range=making_up.closings(outage.since, outage.until),
        )
        .select_related("call__programme")
        .order_by("closes_at", "pk")
    )
    return [_of_period(row, outage) for row in rows]


def _of_period(period: IntakePeriod, outage: Outage) -> Touched:
    office = calendars.of_case(period.call)
    end = making_up.later_end(period.closes_at, outage.since, outage.until, clock.now(), office)
    return Touched(period, end, _not_later(period.call, end))


def _not_later(call: Call, end: datetime) -> list[str]:
    if call.state == CallState.SUSPENDED:
        return [_("受付を止めています。再開するときに、止めていた日数だけ締切が延びます。")]
    if call.state != CallState.ANNOUNCED:
        return [_("選考が始まっているので、締切は延ばせません。")]
    return steps.beyond(call, end)


def may_confirm(user: User, outage: Outage, rows: list[Touched]) -> bool:
    return (
        outage.closed_at is None
        and outage.is_anothers(user)
        and user.has_role(*KEEPERS)
        and not any(BY_KEEPERS.reasons(user, row.call) for row in rows)
    )


def may_take_back(user: User, outage: Outage, rows: list[Touched]) -> bool:
    """Whoever proposed it, and whoever could confirm it instead: a colleague would let its term lapse for all."""
    if outage.closed_at is not None or not user.has_role(*PROPOSERS):
        return False
    return not outage.is_anothers(user) or (bool(rows) and may_confirm(user, outage, rows))


@transaction.atomic
def propose(wanted: Wanted, *, by: User) -> Outage:
    """No closing moment moves before another person confirmed it.

    Raises Forbidden for others than PROPOSERS, NotReady for hours that are wrong or proposed already.
    """
    _demand(by, *PROPOSERS)
    if not wanted.since < wanted.until:
        raise NotReady(_("終わりは、始まりより後にしてください。"))
    if wanted.until > clock.now() + _ROUNDED:
        raise NotReady(_("障害が終わってから提案してください。"))
    if wanted.until < clock.now() - WITHIN:
        raise NotReady(
            _("障害が終わってから%(n)s日のうちに提案してください。") % {"n": WITHIN.days}
        )
    same = Outage.objects.standing().filter(since__lt=wanted.until, until__gt=wanted.since)
    if same.exists():
        raise NotReady(_("この時間と重なる障害が、すでにあります。"))
    made = Outage.objects.create(
        since=wanted.since,
        until=wanted.until,
        reason=wanted.reason,
        reason_en=wanted.reason_en,
        known_by=wanted.known_by,
        proposed_by=by,
        proposed_at=clock.now(),
    )
    _note(made, "propose", gettext_noop("障害による締切の延長を提案しました"), by)
    return made


def confirm(outage: Outage, *, by: User) -> list[LaterEnd]:
    """Each intake that it touched and that can close later does, for all; with drafts one is told.

    Raises Forbidden for whoever proposed it and where a call lies outside the scope, NotReady where it
    is closed or moves nothing.
    """
    _demand(by, *KEEPERS)
    rows = touched(outage)
    locks = [lock for row in rows for lock in touches(row.call, "make_up", {})]
    with door(by, [outage, *locks]):
        fresh = outage.held()
        fresh.demand_another(by)
        now = touched(fresh)
        if [row.period.pk for row in now] != [row.period.pk for row in rows]:
            raise NotReady(_("公募回がいま変わりました。ページを開き直して確かめてください。"))
        if all(row.reasons for row in now):
            raise NotReady(_("この障害で延ばせる締切がありません。取り下げてください。"))
        fresh.confirmed_at = clock.now()
        fresh.close(by)
        _note(fresh, "confirm", gettext_noop("障害による締切の延長を決めました"), by)
        return [_close_later(fresh, row, by) for row in now if not row.reasons]


def _close_later(outage: Outage, row: Touched, by: User) -> LaterEnd:
    made = LaterEnd.objects.create(
        outage=outage,
        call=row.call,
        n=row.period.n,
        was=row.period.closes_at,
        closes_at=row.closes_at,
    )
    perform(
        row.call,
        "make_up",
        by=by,
        reason=outage.reason,
        period=row.period.n,
        closes_at=row.closes_at,
    )
    return made


@transaction.atomic
def take_back(outage: Outage, *, by: User) -> None:
    """Close a proposal; nothing has moved.

    Raises Forbidden for others than `may_take_back`, NotReady where it is no longer open.
    """
    _demand(by, *PROPOSERS)
    fresh = outage.held()
    if not may_take_back(by, fresh, touched(fresh)):
        raise Forbidden(_("取り下げるのは、提案した方か、決められる方です。"))
    fresh.close(by)
    _note(fresh, "take_back", gettext_noop("障害による締切の延長の提案を取り下げました"), by)


def waiting() -> Counter[User]:
    """How many open proposals each person may confirm."""
    people = list(people_with(*KEEPERS))
    found: Counter[User] = Counter()
    for outage in Outage.objects.filter(closed_at=None):
        rows = touched(outage)
        found.update(person for person in people if may_confirm(person, outage, rows))
    return found


def _demand(by: User, *roles: str) -> None:
    if not by.has_role(*roles):
        raise Forbidden(_("障害による締切の延長は、担当の職員が扱います。"))
    if reasons := unproven(by):
        raise Forbidden(*reasons)


def _note(outage: Outage, what: str, label: str, by: User) -> None:
    record(
        chain=f"outage:{outage.pk}",
        action=f"outage.{what}",
        subject=f"outage:{outage.pk}",
        by=by,
        capacity="office",
        label=label,
        hours=f"{clock.stamp(outage.since)}/{clock.stamp(outage.until)}",
        reason=outage.reason,
        known_by=outage.known_by,
    )
