"""What an award carries of its application, its firm and the book, so that the office's figures read
one index instead of joining every award: kept by the database (migration 0008), checked here.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from grants.awards.models import Award
from grants.budget.carrying import left
from grants.budget.kinds import BACK, OUT
from grants.budget.models import BudgetEntry, BudgetLine
from grants.budget.years import CARRIES
from portal.accounts.models import Organisation
from portal.cases.models import Case


def differing() -> QuerySet[Award]:
    """The awards that carry something else than their sources say."""
    entries = BudgetEntry.objects.filter(case=OuterRef("case"), line__unit="yen").order_by()
    back = Sum("amount", filter=Q(kind__in=BACK), default=0)
    paid = entries.values("case").annotate(
        n=Sum("amount", filter=Q(kind__in=OUT), default=0) - back
    )
    given = entries.filter(kind="decommitment").values("case").annotate(n=Sum("amount"))
    people = Organisation.objects.filter(pk=OuterRef("case__organisation"), kind="sole_proprietor")
    rows = Award.objects.annotate(
        booked=Coalesce(Subquery(paid.values("n")), 0),
        released=Coalesce(Subquery(given.values("n")), 0),
        person=Exists(people),
    )
    same = Q(of_call=F("application__call"), of_person=F("person"))
    same &= Q(paid=F("booked"), given_back=F("released"))
    same &= Q(case__awarded_amount__isnull=False)  # by which the office sees it
    return rows.filter(~same | Q(pk__in=list(_left_wrongly()))).order_by("pk")


def _left_wrongly() -> Iterator[int]:
    """The awards that carry another rest of what was carried over than the book leaves, or than none."""
    entries = BudgetEntry.objects.filter(kind__in=CARRIES, line__unit="yen")
    cases = set(entries.values_list("case", flat=True))
    years = {
        (line.call_id, line.frame): line.fiscal_year
        for line in BudgetLine.objects.filter(unit="yen")
    }
    awards = Award.objects.filter(Q(case__in=cases) | Q(left_over__isnull=False))
    by_year: dict[int, dict[Case, Award]] = defaultdict(dict)
    for award in awards.select_related("case"):
        by_year[years.get((award.of_call_id, award.frame), 0)][award.case] = award
    for year, found in by_year.items():
        late = dict.fromkeys(found, year)
        over, again = (left(late, date(max(year, 1) + n, 6, 1)) for n in (1, 2))
        for case, award in found.items():
            rest = max(over.get(case.pk, 0), 0), max(again.get(case.pk, 0), 0)
            if (award.left_over, award.left_again) != (rest if case.pk in cases else (None, None)):
                yield award.pk


def copy_anew() -> None:
    """Whatever writes an award copies all of it."""
    Award.objects.filter(pk__in=differing().values("pk")).update(frame=F("frame"))
