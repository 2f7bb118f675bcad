"""Changes of a budget line: proposed by one finance officer, in the book once another confirmed."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.budget import allotting, carrying, owing, years
from grants.budget.carrying import carry_over, carry_refusals
from grants.budget.models import CHANGERS, BudgetChange, BudgetEntry, BudgetLine
from grants.budget.planning import (
    appropriate,
    cut,
    cut_refusals,
    supplement,
    transfer,
    transfer_refusals,
    vote,
    vote_refusals,
)
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand, holders, interests
from portal.audit.record import record
from portal.cases.models import Case
from portal.workflow import duties
from portal.workflow.errors import NotReady


@dataclass(frozen=True)
class Way:
    """How a kind of change is asked of the line when it is proposed, and what confirming it writes.
    The write asks again, of the line as it is then.
    """

    refusals: Callable[[BudgetChange], list[str]]
    write: Callable[[BudgetChange, User], BudgetEntry]


def _more_refusals(change: BudgetChange) -> list[str]:
    if any(line.call.is_called_off for line in change.gaining):
        return [_("中止した公募回の予算は増やせません。")]
    return []


def _transfer_refusals(change: BudgetChange) -> list[str]:
    if change.to is None:
        return [_("流用先の予算を選んでください。")]
    refused = transfer_refusals(change.line, change.to, change.amount, change.permit)
    return refused or _more_refusals(change)


def _transfer(change: BudgetChange, by: User) -> BudgetEntry:
    if change.to is None:
        raise NotReady(_("流用先の予算を選んでください。"))
    return transfer(
        change.line, change.to, change.amount, by=by, note=change.note, permit=change.permit
    )


def _carry_refusals(change: BudgetChange) -> list[str]:
    return carry_refusals(change.line, change.amount, change.case, change.kind)


def _carry(change: BudgetChange, by: User) -> BudgetEntry:
    return carry_over(
        change.line, change.amount, by=by, note=change.note, case=change.case, kind=change.kind
    )


WAYS: dict[str, Way] = {
    "appropriation": Way(
        _more_refusals,
        lambda change, by: appropriate(change.line, change.amount, by=by, note=change.note),
    ),
    "supplement": Way(
        _more_refusals,
        lambda change, by: supplement(change.line, change.amount, by=by, note=change.note),
    ),
    "supplement_cut": Way(
        lambda change: cut_refusals(change.line, change.amount),
        lambda change, by: cut(change.line, change.amount, by=by, note=change.note),
    ),
    "transfer": Way(_transfer_refusals, _transfer),
    "voted": Way(
        lambda change: vote_refusals(change.line, change.amount),
        lambda change, by: vote(change.line, change.amount, by=by, note=change.note),
    ),
    "allotment": Way(
        lambda change: allotting.refusals(change.line, change.amount),
        lambda change, by: allotting.allot(change.line, change.amount, by=by, note=change.note),
    ),
    "allotment_cut": Way(
        lambda change: allotting.cut_refusals(change.line, change.amount),
        lambda change, by: allotting.cut(change.line, change.amount, by=by, note=change.note),
    ),
    **dict.fromkeys(carrying.WAYS, Way(_carry_refusals, _carry)),
}
# a sum beyond this is typed a second time: yen, or how many
CEILINGS = {"yen": 10_000_000_000, "slots": 10_000, "seats": 10_000}
TIMES = 100  # and so is one beyond so many times what the line has


def is_absurd(line: BudgetLine, amount: int) -> bool:
    """True for a sum that is more likely mistyped than meant."""
    most = CEILINGS[line.unit]
    return amount > (min(most, TIMES * line.appropriated) if line.appropriated else most)


def _untimely(line: BudgetLine, kind: str) -> list[str]:
    if kind in carrying.WAYS:
        return years.carry_refusals(carrying.year_left(line, kind), clock.today())
    return years.more_refusals(line.fiscal_year, clock.today())


@transaction.atomic
def propose(
    line: BudgetLine,
    kind: str,
    amount: int,
    *,
    by: User,
    note: str,
    case: Case | None = None,
    to: BudgetLine | None = None,
    permit: str = "",
) -> BudgetChange:
    """Propose a change, of a carry-over that of one case, of a transfer that to another line; the book
    stays as it is.

    Raises Forbidden outside the scope or with an interest, NotReady for what its kind refuses.
    """
    change = BudgetChange(
        line=line,
        kind=kind,
        amount=amount,
        note=note,
        case=case,
        to=to,
        permit=permit,
        proposed_by=by,
        proposed_at=clock.now(),
    )
    for one in change.lines:
        demand(by, one, *CHANGERS)
    if kind == "allotment":
        allotting.demand_bound(line, by)
    if reasons := _untimely(line, kind) or WAYS[kind].refusals(change):
        raise NotReady(*reasons)
    change.save()
    duties.take(by, _subject(change), "draft_budget_change")
    _note(change, "propose", gettext_noop("予算の増減を提案しました"), by)
    return change


@transaction.atomic
def confirm(change: BudgetChange, *, by: User) -> BudgetEntry:
    """Enter what another person proposed into the book.

    Raises Forbidden for whoever proposed it, outside the scope or with an interest; NotReady where
    it is no longer open.
    """
    fresh = change.held("line__call", "to__call", "case")
    fresh.demand_another(by)
    duties.take(by, _subject(fresh), "confirm_budget_change")
    fresh.entry = WAYS[fresh.kind].write(fresh, by)
    for debt in {line.debt for line in fresh.lines if line.debt is not None}:
        owing.demand_within(debt)
    fresh.close(by, "entry")
    return fresh.entry


@transaction.atomic
def take_back(change: BudgetChange, *, by: User) -> None:
    """Close a proposal; the book stays as it is.

    Raises Forbidden outside the scope, NotReady where it is no longer open.
    """
    fresh = change.held("line__call")
    demand(by, fresh.line, *CHANGERS)
    fresh.close(by, "entry")
    _note(fresh, "take_back", gettext_noop("予算の増減の提案を取り下げました"), by)


def waiting() -> Counter[User]:
    """How many open proposals each person may confirm."""
    rows = BudgetChange.objects.filter(closed_at=None).select_related("line__call", "to__call")
    return Counter(
        person
        for change in rows
        for person in set.intersection(*map(changers, change.lines))
        if change.is_anothers(person) and _may_bind(change, person)
    )


def changers(line: BudgetLine) -> set[User]:
    """Who may change a line, and has no interest in it."""
    people = {person for role in CHANGERS for person in holders(role, line)}
    return {person for person in people if not interests(person, line)}


def _may_bind(change: BudgetChange, person: User) -> bool:
    return change.kind != "allotment" or allotting.binds_as(change.line, person)


def _subject(change: BudgetChange) -> str:
    return f"budgetchange:{change.pk}"


def _note(change: BudgetChange, what: str, label: str, by: User) -> None:
    record(
        chain=f"call:{change.line.call_id}",
        action=f"budgetchange.{what}",
        label=label,
        subject=f"budgetline:{change.line_id}",
        by=by,
        capacity="office",
        reason=change.note,
        amount=change.amount,
        unit=change.line.unit,
        kind=change.kind,
        to=f"budgetline:{change.to_id}" if change.to_id else "",
        permit=change.permit,
    )
