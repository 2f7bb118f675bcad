"""配当: how much of its budget a line may promise, where the municipality works so (decision 0091).

What one person proposed and another confirms (`grants.budget.changes`).
"""

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.budget.models import CHANGERS, BudgetEntry, BudgetLine
from grants.budget.planning import changed, held
from portal.accounts.models import User
from portal.accounts.permissions import covers_whole, demand
from portal.workflow.errors import Forbidden, NotReady


def is_bound(line: BudgetLine) -> bool:
    """Does a new line go by allotment? It does where a line of its municipality does, of its year or
    the year before.
    """
    years = (line.fiscal_year - 1, line.fiscal_year)
    bound = BudgetLine.objects.filter(
        call__municipality_codes__0=line.funder, fiscal_year__in=years, by_allotment=True
    )
    return _can_be(line) and bound.exists()


def _can_be(line: BudgetLine) -> bool:
    """Yen of one year: slots and seats are none, and of a later year only its 債務負担行為 says how much
    may be promised.
    """
    return line.unit == "yen" and line.debt_id is None


@transaction.atomic
def allot(line: BudgetLine, amount: int, *, by: User, note: str) -> BudgetEntry:
    """配当: `amount` more yen may be promised. The first one binds the line, and with it all lines of
    its municipality and year that have promised nothing yet.

    Raises Forbidden outside the scope or with an interest, NotReady for what `refusals` says.
    """
    beside = _beside(line)
    fresh, *_others = held(line, *beside)
    demand(by, fresh, *CHANGERS)
    demand_bound(fresh, by)
    if reasons := refusals(fresh, amount):
        raise NotReady(*reasons)
    entry = changed(fresh, "allotment", amount, by=by, note=note)
    beside.filter(committed=0).update(by_allotment=True)
    return entry


def _beside(line: BudgetLine) -> QuerySet[BudgetLine]:
    return BudgetLine.objects.filter(
        call__municipality_codes__0=line.funder, fiscal_year=line.fiscal_year, unit="yen", debt=None
    ).select_related("call__programme")


def binds_as(line: BudgetLine, user: User) -> bool:
    """May the person bind all the lines that an allotment of this one would bind?"""
    bound = _beside(line).filter(committed=0, by_allotment=False)
    return all(covers_whole(user, other, *CHANGERS) for other in bound)


def demand_bound(line: BudgetLine, by: User) -> None:
    """Raise Forbidden where the allotment would bind lines beyond the person's roles."""
    if not binds_as(line, by):
        raise Forbidden(
            _(
                "はじめての配当は、この市町村のその年度の予算すべてに及びます。すべての制度を受け持つ経理担当が行ってください。"
            )
        )


@transaction.atomic
def cut(line: BudgetLine, amount: int, *, by: User, note: str) -> BudgetEntry:
    """配当の減. Raises as `allot`."""
    [fresh] = held(line)
    demand(by, fresh, *CHANGERS)
    if reasons := cut_refusals(fresh, amount):
        raise NotReady(*reasons)
    return changed(fresh, "allotment_cut", amount, by=by, note=note)


def refusals(line: BudgetLine, amount: int) -> list[str]:
    """Why no such sum is allotted: beyond the budget, or less than is promised already."""
    if not _can_be(line):
        return [_("配当は、円の予算に行います。債務負担行為による予算には行いません。")]
    most = line.appropriated - line.allotted
    if amount > most:
        text = _("配当できるのは、まだ配当していない%(most)s円までです。")
        return [text % {"most": f"{most:,}"}]
    if line.allotted + amount < line.committed:
        text = _(
            "すでに%(yen)s円の支出負担行為をしています。はじめての配当は、その額以上にしてください。"
        )
        return [text % {"yen": f"{line.committed:,}"}]
    return []


def cut_refusals(line: BudgetLine, amount: int) -> list[str]:
    most = max(line.allotted - line.committed, 0)
    if amount <= most:
        return []
    text = _("配当を減らせるのは、支出負担行為をしていない%(most)s円までです。")
    return [text % {"most": f"{most:,}"}]
