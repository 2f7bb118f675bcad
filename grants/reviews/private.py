"""Who reviewed a case: not for everybody."""

from collections.abc import Iterable

from grants.reviews.models import Review
from portal.cases.models import Case
from portal.cases.ports import Private


def of_reviewers(case: Case) -> Iterable[Private]:
    names = Review.objects.filter(application__case=case).values_list("reviewer__name", flat=True)
    return [Private(text=name, kind="reviewer") for name in names]
