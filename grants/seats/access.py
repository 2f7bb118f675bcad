"""Who opens a seat and a course."""

from collections.abc import Sequence

from django.http import Http404
from django.shortcuts import get_object_or_404

from grants.programmes.models import Call
from grants.seats.models import Enrolment
from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.visibility import unseen


def enrolment_for(user: User, pk: int) -> Enrolment:
    rows = Enrolment.objects.select_related("case__organisation", "application__call")
    return get_object_or_404(rows, pk=pk, case__in=Case.objects.worked_on_by(user))


READERS = ("programme_officer", "approver", "auditor")


def shown(user: User, rows: Sequence[Enrolment]) -> list[Enrolment]:
    """Those of a course whose cases the person sees: of others of it they may have an interest in."""
    closed = unseen(user, Case.objects.filter(pk__in=[row.case_id for row in rows]))
    return [row for row in rows if row.case_id not in closed]


def course_for(user: User, pk: int) -> Call:
    """A call that gives seats, in the person's scope."""
    call = get_object_or_404(Call.objects.within(user, *READERS).select_related("programme"), pk=pk)
    if call.stated.unit != "seats":
        raise Http404
    return call
