"""交付を決めた額: the one answer to how much was awarded, and what each page leaves out of it.

An award belongs to the fiscal year of its call. One that its firm withdrew counts as none; one that
was revoked, ended or fixed at less counts with what was decided.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from grants.awards.models import Award
from grants.awards.states import UNCOUNTED
from grants.budget.models import BudgetLine
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
    lines = ask(
        BudgetLine.objects.filter(call__in=calls, unit="yen")
        .order_by()
        .values_list("call", "frame")
    )
    awards = Award.objects.filter(of_call__in=calls).exclude(state__in=UNCOUNTED)
    alike = awards.order_by().values("of_call", "frame", "of_person")
    sums = ask(
        alike.annotate(yen=Sum("awarded_amount"), back=Sum("given_back")).values_list(
            "of_call", "frame", "of_person", "yen", "back"
        )
    )

    def told() -> Decided:
        in_yen = set(lines)
        return Decided(
            corporations=sum(yen for _call, _frame, person, yen, _back in sums if not person),
            persons=sum(yen for _call, _frame, person, yen, _back in sums if person),
            without_line=sum(
                yen for call, frame, _person, yen, _back in sums if (call, frame) not in in_yen
            ),
            given_back=sum(row[-1] for row in sums),
        )

    return told


def fixed_sums(calls: Collection[int]) -> Iterable[tuple[int, str, date, int]]:
    """(call, frame, day, yen) of what was fixed in some calls."""
    fixed = Award.objects.filter(of_call__in=calls, fixed_on__isnull=False).order_by()
    rows = fixed.values_list("of_call", "frame", "fixed_on")
    return rows.annotate(yen=Sum("fixed_amount"))
