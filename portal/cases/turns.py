"""Turns and the two clocks: rewritten by the outermost perform from what every room says about the case."""

from datetime import timedelta

from portal import clock, ports
from portal.cases.models import Case, Holding, Turn
from portal.fiscal import business_days_between


def wanted(case: Case) -> list[ports.TurnWanted]:
    return [turn for source in ports.turn_sources.values() for turn in source(case)]


def _key(turn: ports.TurnWanted) -> tuple[object, ...]:
    subject = turn.obj.subject_key if turn.obj is not None else ""
    return (subject, turn.side, turn.role, getattr(turn.person, "pk", None), str(turn.what), turn.due_on)


def rewrite(case: Case) -> None:
    """Bring the stored turns of `case` to what the rooms want, keeping the age of those that stay."""
    case = Case.objects.select_related("organisation", "assigned_to").get(pk=case.pk)
    case.memo = {}
    have = {(t.subject, t.side, t.role, t.person_id, t.what, t.due_on): t for t in case.turns.all()}
    want = {_key(turn): turn for turn in wanted(case)}
    gone = [turn.pk for key, turn in have.items() if key not in want]
    if gone:
        Turn.objects.filter(pk__in=gone).delete()
    since = clock.now()
    Turn.objects.bulk_create(
        Turn(
            case=case, subject=str(key[0]), side=turn.side, role=turn.role, person=turn.person, what=str(turn.what),
            due_on=turn.due_on, since=since,
        )
        for key, turn in want.items()
        if key not in have
    )  # fmt: skip
    _hold(case, holder(want.values()))


def holder(turns: object) -> str:
    """The office, if any turn is the office's; else the applicant, if any is; else nobody."""
    sides = {turn.side for turn in turns}  # type: ignore[attr-defined]
    return "office" if "office" in sides else "applicant" if sides else ""


def _hold(case: Case, side: str) -> None:
    now = clock.now()
    open_span = case.holdings.filter(to_at=None).first()
    if open_span and open_span.side == side:
        return
    if open_span:
        open_span.to_at = now
        open_span.save()
    if side and not case.is_draft:
        Holding.objects.create(case=case, side=side, from_at=now)


def days_held(case: Case) -> dict[str, int]:
    """Business days each side has held the case since it was submitted: {"office": n, "applicant": n}."""
    totals = {"office": 0, "applicant": 0}
    for span in case.holdings.all():
        end = (span.to_at or clock.now()).astimezone(clock.JST).date()
        totals[span.side] += business_days_between(span.from_at.astimezone(clock.JST).date(), end)
    return totals


def differing() -> list[str]:
    """Numbers of cases whose stored turns are not those the graphs give now (`verify_turns`)."""
    found = []
    for case in Case.objects.prefetch_related("turns").iterator(chunk_size=500):
        have = {(t.subject, t.side, t.role, t.person_id, t.what, t.due_on) for t in case.turns.all()}
        if have != {_key(turn) for turn in wanted(case)}:
            found.append(case.number)
    return found


def is_soon(turn: Turn) -> bool:
    return turn.due_on is not None and turn.due_on <= clock.today() + timedelta(days=1)


def open_cases(user: object, organisation: object) -> list[tuple[Case, Turn | None]]:
    """The organisation's cases the person may see that are not over, each with the applicant's turn."""
    cases = Case.objects.visible_to(user).filter(organisation=organisation, closed_at=None).prefetch_related("turns")
    return [(case, next((t for t in case.turns.all() if t.side == "applicant"), None)) for case in cases]
