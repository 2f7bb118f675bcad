"""Who took the seats of a course: not for everybody."""

from collections.abc import Iterable

from grants.seats.models import Enrolment
from portal.cases.models import Case
from portal.cases.ports import Private


def of_seats(case: Case) -> Iterable[Private]:
    names = Enrolment.objects.filter(case=case).values_list("name", flat=True)
    return [Private(text=name, kind="person") for name in names]
