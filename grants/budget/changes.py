"""Changes of a budget line: proposed by one finance officer, in the book once another confirmed."""

from collections import Counter
from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.budget import years
from grants.budget.carrying import carry_over, carry_refusals
from grants.budget.models import (
    CHANGERS,
    BudgetChange,
    BudgetEntry,
    BudgetLine,
    appropriate,
)
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand, holders, interests
from portal.audit.record import record
from portal.cases.models import Case
from portal.workflow.errors import NotReady

WRITES: dict[str, Callable[..., BudgetEntry]] = {
    "appropriation": appropriate,
    "carry_over": carry_over,
}
# a sum beyond this is typed a second time: yen, or how many
CEILINGS = {"yen": 10_000_000_000, "slots": 10_000, "seats": 10_000}
TIMES = 100  # and so is one beyond so many times what the line has


def is_absurd(line: BudgetLine, amount: int) -> bool:
    """True for a sum that is more likely mistyped than meant."""
    most = CEILINGS[line.unit]
    return amount > (min(most, TIMES * line.appropriated) if line.appropriated else most)


@transaction.atomic
def propose(
    line: BudgetLine, kind: str, amount: int, *, by: User, note: str, case: Case | None = None
) -> BudgetChange:
    """Propose a change, of a carry-over that of one case; the book stays as it is.

    Raises Forbidden outside the scope or with an interest, NotReady for more than may be carried.
    """
    demand(by, line, *CHANGERS)
    if kind == "appropriation" and line.call.is_called_off:
        raise NotReady(_("中止した公募回の予算は増やせません。"))
    reasons = years.late_refusals(line.fiscal_year, clock.today())
    if kind == "carry_over":
        reasons = reasons or carry_refusals(line, amount, case)
    if reasons:
        raise NotReady(*reasons)
    change = BudgetChange.objects.create(
        line=line,
        kind=kind,
        amount=amount,
        note=note,
        case=case,
        proposed_by=by,
        proposed_at=clock.now(),
    )
    _note(change, "propose", gettext_noop("予算の異動を提案しました"), by)
    return change


@transaction.atomic
def confirm(change: BudgetChange, *, by: User) -> BudgetEntry:
    """Enter what another person proposed into the book.

    Raises Forbidden for whoever proposed it, outside the scope or with an interest; NotReady where
    it is no longer open.
    """
    fresh = change.held("line__call", "case")
    fresh.demand_another(by)
    fresh.entry = WRITES[fresh.kind](
        fresh.line, fresh.amount, by=by, note=fresh.note, case=fresh.case
    )
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
    _note(fresh, "take_back", gettext_noop("予算の異動の提案を取り下げました"), by)


def waiting() -> Counter[User]:
    """How many open proposals each person may confirm."""
    rows = BudgetChange.objects.filter(closed_at=None).select_related("line__call")
    return Counter(
        person
        for change in rows
        for role in CHANGERS
        for person in holders(role, change.line)
        if person.pk != change.proposed_by_id and not interests(person, change.line)
    )


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
    )
