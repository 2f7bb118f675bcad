"""A closure is proposed by one person of the office and confirmed by another; then deadlines move."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import StaffRole, User, in_force
from portal.accounts.permissions import unproven
from portal.audit.record import record
from portal.closures import calendars
from portal.closures.models import Closure
from portal.closures.ports import Postponed, postpone
from portal.registry.models import Municipality
from portal.workflow.door import door
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.rehearsal import rehearse

# who proposes and confirms, for the municipalities that their role covers; a role for one programme
# alone closes no office
KEEPERS = ("programme_officer", "approver", "administrator")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A closure as it is typed."""

    municipality: Municipality
    starts_on: date
    ends_on: date
    reason: str
    reason_en: str = ""


def may_keep(user: User, municipality: str) -> bool:
    return any(_covers(role, municipality) for role in user.roles() if role.role in KEEPERS)


def foreseen(closure: Closure, *, by: User) -> list[Postponed]:
    """The deadlines that the closure would move, earliest first: it is done and undone."""
    found: list[Postponed] = []
    rehearse(lambda: found.extend(_move(closure, by)), lambda _run: None, by=by)
    return sorted(found, key=lambda row: (row.before, row.case.pk))


@transaction.atomic
def propose(wanted: Wanted, *, by: User) -> Closure:
    """Propose a closure; no deadline moves before another person confirmed it.

    Raises Forbidden outside the scope, NotReady for days that are over or proposed already.
    """
    closure = unsaved(wanted, by=by)
    _demand(by, closure)
    if closure.is_over:
        raise NotReady(_("過ぎた日は閉庁日にできません。"))
    same = Closure.objects.filter(
        municipality=closure.municipality, starts_on__lte=closure.ends_on
    ).filter(ends_on__gte=closure.starts_on)
    if (same.in_force() | same.proposed()).exists():
        raise NotReady(_("この期間と重なる閉庁日が、すでにあります。"))
    closure.save()
    _note(closure, "propose", by)
    return closure


def unsaved(wanted: Wanted, *, by: User) -> Closure:
    return Closure(
        municipality=wanted.municipality,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        reason=wanted.reason,
        reason_en=wanted.reason_en,
        proposed_by=by,
        proposed_at=clock.now(),
    )


def confirm(closure: Closure, *, by: User) -> list[Postponed]:
    """Close the office on these days: every running deadline moves, and whom it concerns is told.

    Raises Forbidden for whoever proposed it and outside the scope, NotReady where it is no longer
    open or its days are over.
    """
    _demand(by, closure)
    with door(by, [closure]):
        fresh = closure.held("municipality")
        fresh.demand_another(by)
        if fresh.is_over:
            raise NotReady(_("閉庁の期間を過ぎています。取り下げてください。"))
        fresh.confirmed_at = clock.now()
        fresh.close(by)
        _note(fresh, "confirm", by)
        moved = _move(fresh, by)
    calendars.renew()
    return moved


@transaction.atomic
def take_back(closure: Closure, *, by: User) -> None:
    """Close a proposal; nothing has moved.

    Raises Forbidden outside the scope, NotReady where it is no longer open.
    """
    _demand(by, closure)
    fresh = closure.held("municipality")
    fresh.close(by)
    _note(fresh, "take_back", by)


def waiting() -> Counter[User]:
    """How many open proposals each person may confirm."""
    roles = StaffRole.objects.filter(
        in_force(), role__in=KEEPERS, person__is_active=True, person__is_system=False
    ).select_related("person")
    rows = list(Closure.objects.proposed())
    return Counter(
        person
        for closure in rows
        for person in {r.person for r in roles if _covers(r, closure.municipality_id)}
        if person.pk != closure.proposed_by_id
    )


def _covers(role: StaffRole, municipality: str) -> bool:
    return role.covers("", [municipality])


def _demand(by: User, closure: Closure) -> None:
    if not may_keep(by, closure.municipality_id):
        raise Forbidden(_("この市町村の閉庁日は、担当の職員が決めます。"))
    if reasons := unproven(by):
        raise Forbidden(*reasons)


def _move(closure: Closure, by: User) -> list[Postponed]:
    with calendars.supposing(closure):
        return postpone.value(closure, by)


def _note(closure: Closure, what: str, by: User) -> None:
    record(
        chain=f"office:{closure.municipality_id}",
        action=f"closure.{what}",
        subject=f"closure:{closure.pk}",
        by=by,
        capacity="office",
        days=f"{closure.starts_on}/{closure.ends_on}",
        reason=closure.reason,
    )
