"""A sample of cases for whoever audits: drawn by a seed, so that anybody draws the same again."""

from django.db.models import CharField, Q, Value
from django.db.models.functions import MD5, Cast, Concat

from portal.cases import listing
from portal.cases.models import Case, CaseQuerySet
from portal.types import Given


def among(data: Given) -> Q:
    """From which cases the form says that it is drawn: handed in, of a programme, of a year."""
    found = Q(submitted_at__isnull=False)
    if data["programme"]:
        found &= Q(programme_code=data["programme"])
    return found & (listing.within(data["year"]) if data["year"] else Q())


def draw(cases: CaseQuerySet, seed: str, n: int) -> list[Case]:
    """The first `n` of the cases in the order of the digest (MD5) of the seed and the case's key: no case is
    likelier than another, and who knows the seed can reckon it.
    """
    key = MD5(Concat(Value(f"{seed}:"), Cast("pk", CharField())))
    return list(cases.select_related("organisation").order_by(key, "pk")[:n])
