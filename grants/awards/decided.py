"""交付を決めた額: the one answer to how much was awarded, and what each page leaves out of it.

An award belongs to the fiscal year of its call. One that its firm withdrew counts as none; one that
was revoked, ended or fixed at less counts with what was decided.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum

from grants.awards.models import Award
from grants.awards.states import UNCOUNTED
from grants.budget.models import BudgetEntry, BudgetLine
from grants.programmes.models import Call
from portal.together import Ask, together


@dataclass(frozen=True)
class Decided:
    """Yen awarded in the calls asked for, and the way from there to the book.

    `corporations`: what the public page tells, since their awards are public one by one; `persons`:
    sole proprietors, whom it leaves out; `without_line`: of both, in calls whose budget counts awards
    and not yen; `given_back`: released to its line after the decision.
    """

    corporations: int
    persons: int
    without_line: int
    given_back: int

    @property
    def total(self) -> int:
        return self.corporations + self.persons

    @property
    def committed(self) -> int:
        """支出負担行為, as the book of the budget holds it."""
        return self.total - self.without_line - self.given_back


def decided(calls: QuerySet[Call]) -> Decided:
    """How much was awarded in these calls."""
    with together() as ask:
        found = asked(ask, calls)
    return found()


def asked(ask: Ask, calls: QuerySet[Call]) -> Callable[[], Decided]:
    """The same, said at the end of what is asked together."""
    in_yen = BudgetLine.objects.filter(
        call=OuterRef("application__call"), frame=OuterRef("frame"), unit="yen"
    )
    awards = Award.objects.filter(application__call__in=calls).exclude(state__in=UNCOUNTED)
    person = Q(case__organisation__kind="sole_proprietor")
    sums = ask.totals(
        awards,
        corporations=Sum("awarded_amount", filter=~person, default=0),
        persons=Sum("awarded_amount", filter=person, default=0),
        without_line=Sum("awarded_amount", filter=~Exists(in_yen), default=0),
    )
    entries = BudgetEntry.objects.filter(
        line__call__in=calls, line__unit="yen", kind="decommitment", case__in=awards.values("case")
    )
    back = ask.totals(entries, given_back=Sum("amount", default=0))
    return lambda: Decided(**sums(), **back())


def fixed_sums(calls: Collection[int]) -> Iterable[tuple[int, str, date, int]]:
    """(call, frame, day, yen) of what was fixed in some calls."""
    fixed = Award.objects.filter(application__call__in=calls, fixed_on__isnull=False).order_by()
    rows = fixed.values_list("application__call", "frame", "fixed_on")
    return rows.annotate(yen=Sum("fixed_amount"))
