"""What a closure of the office does to running deadlines: they move later, never earlier, and whom it
concerns is told.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.utils.functional import lazy

from portal import clock
from portal.accounts.models import StaffRole, User, in_force
from portal.accounts.permissions import scope_of
from portal.audit.record import record
from portal.cases import turns
from portal.cases.models import Case, Turn
from portal.cases.ports import kept_days
from portal.closures import calendars, outgoing
from portal.closures.models import Closure
from portal.closures.ports import Postponed
from portal.days import day_said, span_said
from portal.workflow.door import door, lock, tell, write_to

said = lazy(day_said, str)


def postpone(closure: Closure, by: User) -> list[Postponed]:
    """Move every running deadline of the office that the closure concerns, and tell the people.

    Inside a door; what was moved before stays as it is, so that a second run does nothing.
    """
    shifted = _move_kept(closure, by)
    cases = _concerned(closure) | shifted
    before = _days(cases.values())
    turns.rewrite(cases.values())
    after = _days(cases.values())
    later = [
        (turn, before[key][0].due_on, turn.due_on)
        for key, (turn, *_others) in after.items()
        if key in before
    ]
    holders = Holders()
    moved = [
        Postponed(
            case=cases[turn.case_id],
            side=turn.side,
            what=turn.what,
            before=old,
            after=new,
            people=holders.of(turn, cases[turn.case_id]) if turn.side == "office" else (),
        )
        for turn, old, new in later
        if old and new and new > old
    ]
    _tell(closure, moved, by)
    return moved


def catch_up() -> int:
    """Go over the closures of the last two days again: another process may have reckoned a deadline
    before it knew of them. Returns how many deadlines moved.
    """
    since = clock.now() - timedelta(days=2)
    moved = 0
    for closure in Closure.objects.in_force().filter(confirmed_at__gte=since):
        if closure.closed_by is not None:
            with door(closure.closed_by, [closure]):
                moved += len(postpone(closure, closure.closed_by))
    return moved


def visible(user: User, cases: Collection[int]) -> set[int]:
    return set(Case.objects.visible_to(user).filter(pk__in=cases).values_list("pk", flat=True))


def _move_kept(closure: Closure, by: User) -> dict[int, Case]:
    """Move the deadlines that rows keep and that fall on a closed day; the cases they belong to."""
    workdays = calendars.office(closure.municipality_id)
    found: dict[int, Case] = {}
    for kept in kept_days.values():
        day_in = {f"{kept.field}__range": (closure.starts_on, closure.ends_on)}
        told_at = kept.office or (lambda row: calendars.keeper(row.case.municipality_codes))
        near = kept.rows().select_related("case__organisation").filter(**day_in)
        rows = [row for row in near if told_at(row) == closure.municipality_id]
        lock(rows)
        for row in rows:
            day: date = getattr(row, kept.field)
            later = workdays.next_open(day)
            type(row).objects.filter(pk=row.pk).update(**{kept.field: later})
            record(
                chain=f"case:{row.case.pk}",
                action="closure.postpone",
                subject=row.subject_key,
                by=by,
                capacity="office",
                before=str(day),
                after=str(later),
                reason=closure.reason,
            )
            found[row.case.pk] = row.case
    return found


def _concerned(closure: Closure) -> dict[int, Case]:
    """Cases of the office with a deadline from the first closed day on: no other can move."""
    rows = Case.objects.filter(
        municipality_codes__contains=[closure.municipality_id],
        is_draft=False,
        turns__due_on__gte=closure.starts_on,
    )
    return {case.pk: case for case in rows.distinct() if _is_kept(case, closure)}


def _is_kept(case: Case, closure: Closure) -> bool:
    return calendars.keeper(case.municipality_codes) == closure.municipality_id


def _days(cases: Iterable[Case]) -> dict[tuple[object, ...], list[Turn]]:
    found: dict[tuple[object, ...], list[Turn]] = {}
    rows = Turn.objects.filter(case__in=list(cases)).exclude(due_on=None)
    for turn in rows.select_related("person").order_by("due_on", "pk"):
        key = (turn.case_id, turn.subject, turn.side, turn.role, turn.person_id, turn.what)
        found.setdefault(key, []).append(turn)
    return found


class Holders:
    """Whose the office's turns are, of all that hold a role today."""

    def __init__(self) -> None:
        rows = StaffRole.objects.filter(in_force(), person__is_active=True, person__is_system=False)
        self._roles = list(rows.select_related("person").order_by("person"))

    def of(self, turn: Turn, case: Case) -> tuple[User, ...]:
        if turn.person is not None:
            return (turn.person,)
        scope = scope_of(case)
        held = (r.person for r in self._roles if r.role == turn.role and r.covers(*scope))
        return tuple(dict.fromkeys(held))


def _tell(closure: Closure, moved: list[Postponed], by: User) -> None:
    """Each firm once for a case, with the latest of its days; each person of the office once."""
    days = lazy(span_said, str)(closure.starts_on, closure.ends_on)
    firms = {
        row.case.pk: row for row in sorted(moved, key=lambda row: row.after) if row.side != "office"
    }
    for row in firms.values():
        tell(
            row.case,
            "applicant",
            outgoing.POSTPONED,
            by=by,
            days=days,
            until=said(row.after),
        )
    for person, n in Counter(person for row in moved for person in row.people).items():
        write_to(person, closure, outgoing.POSTPONED_HERE, days=days, n=n)
