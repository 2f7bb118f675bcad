"""歳入: of what came back, the yen that went to no line of the budget, by the fiscal year in which they came."""

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, ExtractYear, Greatest, Least, TruncDate

from grants.budget.ports import Revenue
from grants.recovery import listing
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.accounts.models import User


def of_person(user: User) -> list[Revenue]:
    """Of the returns that the person reads; nothing for who reads none."""
    return by_year(listing.seen(user)) if user.has_role(*listing.READERS) else []


def by_year(recoveries: QuerySet[Recovery]) -> list[Revenue]:
    """The newest year first. Receipts pay the principal first, in the order of their booking; what is
    paid beyond it (surcharge, arrears, fees) is revenue always, the principal where its line was
    settled or has no part in it. Added up by the database.
    """
    counted = F("amount") - F("over")
    receipts = MoneyIn.objects.standing().order_by()
    earlier = receipts.filter(recovery=OuterRef("recovery"), pk__lt=OuterRef("pk"))
    before = Subquery(earlier.values("recovery").annotate(yen=Sum(counted)).values("yen"))
    left = Greatest(F("recovery__principal") - Coalesce(before, 0), 0)
    rows = receipts.filter(recovery__in=recoveries.order_by().values("pk")).alias(
        # what came before an order is in the accounts from then on
        day=Coalesce(TruncDate("taken_up_at", tzinfo=clock.JST), "paid_on"),
        part=Least(counted, left),
    )
    in_spring = Case(When(day__month__lt=4, then=1), default=Value(0))
    sums = rows.annotate(year=ExtractYear("day") - in_spring).values("year")
    told = sums.annotate(
        principal=Sum("part", filter=Q(to_line=False), default=0),
        charges=Sum(counted - F("part"), default=0),
    )
    return [Revenue(**row) for row in told.order_by("-year") if row["principal"] or row["charges"]]
