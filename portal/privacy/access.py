"""Who opens which request about one's own data."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from portal.accounts.models import User
from portal.accounts.permissions import covers
from portal.privacy.models import DataRequest

OFFICE = ("programme_officer", "approver")
READERS = (*OFFICE, "auditor")


def reads(user: User) -> bool:
    """Does the person answer for the whole office, not for one programme alone?"""
    return covers(user, DataRequest(), *READERS)


def own(user: User, number: str) -> DataRequest:
    return get_object_or_404(DataRequest, number=number, person=user)


def in_office(user: User) -> QuerySet[DataRequest]:
    """All but one's own, for who answers for the whole office."""
    rows = DataRequest.objects.exclude(person=user) if reads(user) else DataRequest.objects.none()
    return rows.select_related("person", "entered_by", "drafted_by", "decided_by")
