"""Writes of 債務負担行為, and what of it is drawn."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.budget.debts import DebtAct
from grants.budget.models import CHANGERS, BudgetLine, lines_of
from grants.budget.years import call_refusals
from grants.programmes.models import Call, Programme
from portal import clock, fiscal
from portal.accounts.models import User
from portal.accounts.permissions import any_of, demand, holders, rows_scope
from portal.audit.record import record
from portal.workflow.errors import NotReady


@transaction.atomic
def propose(
    programme: Programme,
    *,
    fiscal_year: int,
    spent_in: int,
    limit_amount: int,
    ground: str,
    by: User,
    municipality_codes: Sequence[str] = (),
) -> DebtAct:
    """Enter what the council resolved; nothing is promised of it before another confirms it.

    Raises Forbidden outside the scope, NotReady for a year that is not later.
    """
    if spent_in <= fiscal_year:
        raise NotReady(_("支払う年度は、決定する年度より後の年度にしてください。"))
    debt = DebtAct(
        programme_code=programme.code,
        municipality_codes=list(municipality_codes) or list(programme.municipality_codes),
        fiscal_year=fiscal_year,
        spent_in=spent_in,
        limit_amount=limit_amount,
        ground=ground,
        proposed_by=by,
        proposed_at=clock.now(),
    )
    demand(by, debt, *CHANGERS)
    debt.save()
    _note(debt, "propose", gettext_noop("債務負担行為の登録を提案しました"), by)
    return debt


@transaction.atomic
def confirm(debt: DebtAct, *, by: User) -> None:
    """Let calls draw from it. Raises Forbidden for whoever proposed it, NotReady where it is closed."""
    fresh = debt.held()
    demand(by, fresh, *CHANGERS)
    fresh.demand_another(by)
    fresh.confirmed_at = clock.now()
    fresh.close(by, "confirmed_at")
    _note(fresh, "confirm", gettext_noop("債務負担行為の登録を確認しました"), by)


@transaction.atomic
def take_back(debt: DebtAct, *, by: User) -> None:
    """Close a proposal. Raises NotReady where it is confirmed or closed already."""
    fresh = debt.held()
    demand(by, fresh, *CHANGERS)
    fresh.close(by)
    _note(fresh, "take_back", gettext_noop("債務負担行為の登録の提案を取り下げました"), by)


def found(programme: Programme, towns: Sequence[str], year: int, ends_on: date) -> DebtAct | None:
    """The one that a call of a fiscal year draws from, whose projects end on a day of a later one:
    the subsidy falls to the year in which they end (地方自治法施行令 143条1項4号).
    """
    rows = DebtAct.objects.filter(
        programme_code=programme.code,
        municipality_codes__contains=list(towns),
        fiscal_year=year,
        spent_in=fiscal.fiscal_year(ends_on),
        confirmed_at__isnull=False,
    )
    return rows.last()


def of_call(call: Call) -> DebtAct | None:
    return found(call.programme, call.municipality_codes, call.fiscal_year, call.project_ends_on)


def of_frame(call: Call, frame: str) -> DebtAct | None:
    """The one that the money of a frame was drawn from. Asks nothing where the lines are known."""
    return next((line.debt for line in lines_of(call, frame) if line.debt is not None), None)


def past_its_year(
    programme: Programme, towns: Sequence[str], year: int, ends_on: date
) -> list[str]:
    """Why the projects of a call cannot run until a day."""
    reasons = call_refusals(year, ends_on)
    return [] if reasons and found(programme, towns, year, ends_on) is not None else reasons


def place(line: BudgetLine, debt: DebtAct | None) -> None:
    """Say of which year the money of a line is, before it is saved: slots are of the call's own."""
    line.debt = debt if line.unit == "yen" else None
    line.fiscal_year = line.debt.spent_in if line.debt else line.call.fiscal_year


def drawn(debt: DebtAct) -> int:
    """Yen that the lines of calls hold of it."""
    lines = BudgetLine.objects.filter(debt=debt)
    return int(lines.aggregate(n=Sum("appropriated", default=0))["n"])


def demand_within(debt: DebtAct) -> None:
    """To be called after its lines were changed, in the same transaction: of two at once the second
    waits here. Raises NotReady beyond the limit.
    """
    fresh = DebtAct.objects.select_for_update(no_key=True).get(pk=debt.pk)
    if (over := drawn(fresh) - fresh.limit_amount) > 0:
        text = _("債務負担行為の限度額（%(limit)s円）を、%(over)s円超えます。")
        raise NotReady(text % {"limit": f"{fresh.limit_amount:,}", "over": f"{over:,}"})


def seen_by(user: User, *roles: str) -> QuerySet[DebtAct]:
    """Those in the scope of one of the person's `roles`."""
    held = [role for role in user.roles() if role.role in roles]
    return DebtAct.objects.filter(any_of([rows_scope(role) for role in held]))


def waiting() -> Counter[User]:
    """How many open proposals each person may confirm."""
    return Counter(
        person
        for debt in DebtAct.objects.filter(closed_at=None)
        for role in CHANGERS
        for person in holders(role, debt)
        if person.pk != debt.proposed_by_id
    )


def _note(debt: DebtAct, what: str, label: str, by: User) -> None:
    record(
        chain=f"debtact:{debt.pk}",
        action=f"debtact.{what}",
        label=label,
        subject=f"debtact:{debt.pk}",
        by=by,
        capacity="office",
        reason=debt.ground,
        amount=debt.limit_amount,
        fiscal_year=debt.fiscal_year,
        spent_in=debt.spent_in,
    )
