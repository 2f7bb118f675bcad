"""Turns and the two clocks: rewritten by the outermost perform from what every room says about the
case.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import F, Q, prefetch_related_objects

from portal import clock
from portal.accounts.models import Organisation, User
from portal.accounts.permissions import holds, next_change_of_roles
from portal.cases.lookups import OfCase, fill_together
from portal.cases.models import Case, Holding, Turn
from portal.cases.ports import Fills, TurnWanted, turn_sources
from portal.closures import calendars
from portal.workflow.door import defer, touch

turns_of = OfCase(lambda: Turn.objects.select_related("person"))
holdings_of = OfCase(Holding.objects.all)


def wanted(cases: Iterable[Case]) -> dict[Case, list[TurnWanted]]:
    """What every room says of each case. What is asked of somebody by name in a role is theirs while
    that role of theirs covers the case; otherwise it is for whoever holds it there.
    """
    found = {
        case: [turn for source in turn_sources.values() for turn in source.turns(case)]
        for case in cases
    }
    named = [turn.person for turns in found.values() for turn in turns if turn.person and turn.role]
    prefetch_related_objects(named, "staff_roles")
    return {case: [_while_covered(turn, case) for turn in found[case]] for case in found}


def _while_covered(turn: TurnWanted, case: Case) -> TurnWanted:
    if turn.person is None or not turn.role:
        return turn
    changes = [turn.until, next_change_of_roles(turn.person)]
    until = min((moment for moment in changes if moment is not None), default=None)
    keeps = holds(turn.person, case, turn.role)
    return replace(turn, person=turn.person if keeps else None, until=until)


def roles_changed(person: User) -> None:
    """What a person has in hand, or is asked of them by name, depends on their roles."""
    theirs = Q(assigned_to=person, closed_at=None) | Q(turns__person=person)
    for case in Case.objects.filter(theirs).distinct():
        touch(case)


def _reads() -> list[Fills]:
    """All that the rooms read about cases, each once."""
    return list(dict.fromkeys(each for source in turn_sources.values() for each in source.reads))


def _prepared(cases: list[Case]) -> list[Case]:
    """The cases with all that the rooms read about them, in a number of queries that does not grow
    with theirs.
    """
    for case in cases:
        case.memo = {}
    fill_together(cases, _reads())
    return cases


def _key(turn: TurnWanted) -> tuple[object, ...]:
    subject = turn.obj.subject_key if turn.obj is not None else ""
    return (
        subject,
        turn.side,
        turn.role,
        getattr(turn.person, "pk", None),
        str(turn.what),
        turn.due_on,
        turn.until,
        turn.is_apart,
        turn.opens_at,
    )


def _stored(turn: Turn) -> tuple[object, ...]:
    known = (turn.subject, turn.side, turn.role, turn.person_id, turn.what)
    return (*known, turn.due_on, turn.until, turn.is_apart, turn.opens_at)


def _since(turn: TurnWanted, gone: Collection[Turn], now: datetime) -> datetime:
    """When a new turn of a case began. What passed to somebody else is as old as it was; a draft lies
    since it was circulated, and where it ends without moving the row that it was about, that row has
    been lying since before it.
    """
    same = (turn.obj.subject_key if turn.obj is not None else "", turn.side, str(turn.what))
    passed = [old.since for old in gone if (old.subject, old.side, old.what) == same]
    if passed and not turn.is_shared:
        return min(passed)
    began = turn.obj.state_since if turn.obj is not None else None
    if turn.is_shared:
        return began or now
    drafted = [old.since for old in gone if old.side == turn.side == "office" and old.is_shared]
    return began if drafted and began is not None and began <= min(drafted) else now


@transaction.atomic
def rewrite(cases: Iterable[Case], *, wait: bool = False) -> None:
    """Bring the stored turns of `cases` to what the rooms want, keeping the age of those that stay.

    A case that another transaction holds at this moment is left to a job: neither of the two sees
    what the other is writing, and to `wait` here, after all other locks, could lock both for ever.
    """
    wished = {case.pk for case in cases}
    rows = Case.objects.select_for_update(no_key=True, of=("self",), skip_locked=not wait).filter(
        pk__in=wished
    )
    found = list(
        rows.select_related("organisation", "assigned_to").prefetch_related("turns").order_by("pk")
    )
    _write(_prepared(found))
    if held := wished - {case.pk for case in found}:
        defer("rewrite_turns", cases=[*sorted(held)])


def pass_time() -> int:
    """Rewrite the turns that the passing of time has changed; how many cases.

    Changes nothing a second time.
    """
    late = list(Case.objects.filter(turns__until__lte=clock.now()).distinct().order_by("pk"))
    for start in range(0, len(late), 500):
        rewrite(late[start : start + 500])
    return len(late)


def _write(fresh: list[Case]) -> None:
    now = clock.now()
    gone: list[int] = []
    new: list[Turn] = []
    sides: dict[Case, str] = {}
    wished = wanted(fresh)
    for case in fresh:
        have = {_stored(turn): turn for turn in case.turns.all()}
        ages = {key[:5]: turn.since for key, turn in have.items()}
        want = {_key(turn): turn for turn in wished[case]}
        over = [turn for key, turn in have.items() if key not in want]
        gone += [turn.pk for turn in over]
        new += [
            Turn(
                case=case,
                subject=str(key[0]),
                side=turn.side,
                role=turn.role,
                person=turn.person,
                what=str(turn.what),
                due_on=turn.due_on,
                until=turn.until,
                is_apart=turn.is_apart,
                opens_at=turn.opens_at,
                is_shared=turn.is_shared,
                # another day makes it no new one
                since=ages.get(key[:5]) or _since(turn, over, now),
            )
            for key, turn in want.items()
            if key not in have
        ]
        sides[case] = holder(want.values())
    if gone:
        Turn.objects.filter(pk__in=gone).delete()
    Turn.objects.bulk_create(new)
    _hold(sides)


def holder(turns: Iterable[TurnWanted]) -> str:
    """The office, if any turn is the office's; else the applicant, if any is; else nobody. Work
    beside the case holds nobody up.
    """
    sides = {turn.side for turn in turns if not turn.is_apart}
    return "office" if "office" in sides else "applicant" if sides else ""


def _hold(sides: dict[Case, str]) -> None:
    """End the spans of those who no longer hold a case, and begin those of the new holders."""
    now = clock.now()
    spans = {span.case_id: span for span in Holding.objects.filter(case__in=sides, to_at=None)}
    moved = [
        case for case, side in sides.items() if side != getattr(spans.get(case.pk), "side", "")
    ]
    over = [spans[case.pk].pk for case in moved if case.pk in spans]
    if over:
        Holding.objects.filter(pk__in=over).update(to_at=now)
    Holding.objects.bulk_create(
        Holding(case=case, side=sides[case], from_at=now)
        for case in moved
        if sides[case] and not case.is_draft
    )


def days_held(case: Case, until: datetime | None = None) -> dict[str, int]:
    """Business days each side has held the case since it was submitted, until a moment or until now:
    {"office": n, "applicant": n}.
    """
    last = until or clock.now()
    workdays, totals = calendars.of_case(case), {"office": 0, "applicant": 0}
    for span in holdings_of.all(case):
        begin, end = span.from_at, min(span.to_at or last, last)
        if begin < end:
            totals[span.side] += workdays.between(clock.day_of(begin), clock.day_of(end))
    return totals


def differing() -> list[str]:
    """Numbers of cases whose stored turns are not those the graphs give now (`verify_turns`)."""
    pass_time()
    found = []
    cases = Case.objects.select_related("organisation", "assigned_to").prefetch_related("turns")
    keys = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        some = wanted(_prepared(list(cases.filter(pk__in=keys[start : start + 500]))))
        for case, turns in some.items():
            if {_stored(turn) for turn in case.turns.all()} != {_key(turn) for turn in turns}:
                found.append(case.number)
    return found


def waiting_for(user: User, n: int) -> list[Turn]:
    """The first `n` things that wait for a person who acts for firms, with their cases, in the order
    of their days; asked in one query, however many there are.
    """
    mine = Case.objects.visible_to(user).filter(closed_at=None)
    can_be_done = Q(opens_at=None) | Q(opens_at__lte=clock.now())
    turns = Turn.objects.filter(can_be_done, side="applicant", case__in=mine)
    by_day = F("due_on").asc(nulls_last=True)
    return list(turns.select_related("case__organisation").order_by(by_day, "case_id", "pk")[:n])


def open_cases(user: User, firms: Collection[Organisation]) -> list[tuple[Case, Turn | None]]:
    """The firms' cases that the person may see and that are not over, each with the applicant's
    turn: those with one first, in the order of their days.
    """
    cases = (
        Case.objects.visible_to(user)
        .filter(organisation__in=firms, closed_at=None)
        .select_related("organisation")
        .prefetch_related("turns")
    )
    found = [
        (case, next((t for t in case.turns.all() if t.side == "applicant"), None)) for case in cases
    ]
    return sorted(found, key=_by_day)


def _by_day(row: tuple[Case, Turn | None]) -> tuple[bool, date, int]:
    case, turn = row
    return turn is None, (turn and turn.due_on) or date.max, case.pk
