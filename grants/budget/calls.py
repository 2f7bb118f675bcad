"""A call and its budget lines: opened, put right and called off together."""

from django.db import transaction

from grants.budget import allotting, classifying, owing
from grants.budget.models import BudgetLine, book, reduce
from grants.programmes.briefing_forms import briefing_of
from grants.programmes.forms import CallForm
from grants.programmes.models import EDITORS, Call, Programme
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.types import Given
from portal.workflow.door import begin, perform


@transaction.atomic
def open_call(programme: Programme, form: CallForm, *, by: User) -> Call:
    call = begin(Call, by=by, programme=programme, **form.said())
    make_lines(call, form.budgets(), by=by)
    return call


@transaction.atomic
def revise_call(call: Call, form: CallForm, *, by: User) -> Call:
    """Put right a call that was not announced yet, with what its lines hold.

    Raises Stale where somebody else was first.
    """
    call = perform(
        call,
        "revise",
        by=by,
        seen=form.cleaned_data["seen"],
        programme=form.programme,
        **form.said(),
    )
    _set_lines(call, form.budgets(), by=by)
    return call


def as_it_is(call: Call) -> Given:
    """What the form of a call begins with where it is put right."""
    periods = list(call.periods.all())
    days = ["opens_on", "closes_on", "second_opens_on", "second_closes_on"]
    ends = [clock.day_of(end) for p in periods[:2] for end in (p.opens_at, p.closes_at)]
    times = [
        f"{end.astimezone(clock.JST):%H:%M}"
        for period in periods[:1]
        for end in (period.opens_at, period.closes_at)
    ]
    return {
        "seen": call.version,
        **{
            name: getattr(call, name)
            for name in ("fiscal_year", "round_no", "decision_on", "project_ends_on")
        },
        **dict(zip(days, ends, strict=False)),
        **dict(zip(("opens_at", "closes_at"), times, strict=False)),
        **briefing_of(call),
        "funder": call.municipality_codes[0],
        **{f"{line.unit}_{line.frame}": line.appropriated for line in call.budget_lines.all()},
    }


@transaction.atomic
def make_lines(call: Call, budgets: list[tuple[str, str, int]], *, by: User) -> None:
    """A line with its first appropriation for each (frame, unit, amount); its 予算科目 is proposed as it
    was in the last call.

    Raises NotReady beyond the limit of what may be promised of a later year.
    """
    demand(by, call, *EDITORS)
    debt = owing.of_call(call)
    for frame, unit, amount in budgets:
        line = BudgetLine(call=call, frame=frame, unit=unit)
        owing.place(line, debt)
        line.by_allotment = allotting.is_bound(line)
        line.save()
        note = "債務負担行為" if line.debt_id else "当初予算"
        book(line, "appropriation", amount, by=by, note=note)
        classifying.copy_last(line, by=by)
    if debt is not None:
        owing.demand_within(debt)


def _set_lines(call: Call, budgets: list[tuple[str, str, int]], *, by: User) -> None:
    """Each line holds what `budgets` says, one that it no longer names nothing."""
    wanted = {(frame, unit): amount for frame, unit, amount in budgets}
    debt = owing.of_call(call)
    there = {(line.frame, line.unit): line for line in call.budget_lines.all()}
    for key, line in there.items():
        owing.place(line, debt)
        line.save(update_fields=["fiscal_year", "debt"])
        more = wanted.get(key, 0) - line.appropriated
        if more > 0:
            book(line, "appropriation", more, by=by, note="当初予算の変更")
        elif more < 0:
            reduce(line, -more, by=by, note="当初予算の変更")
    missing = [(*key, amount) for key, amount in wanted.items() if key not in there]
    make_lines(call, missing, by=by)
    if debt is not None:
        owing.demand_within(debt)


def give_back(call: Call, by: User) -> None:
    """What a call that is called off has not promised leaves its lines; nothing more is added."""
    for line in call.budget_lines.all():
        for proposals in (line.changes, line.classifications):
            proposals.filter(closed_at=None).update(closed_by=by, closed_at=clock.now())
        if line.unpromised:
            reduce(line, line.unpromised, by=by, note="公募の中止")


def set_free(call: Call) -> int:
    """What it has not promised, in yen."""
    return sum(line.unpromised for line in call.budget_lines.all() if line.unit == "yen")
