"""Who opens a release."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from portal.accounts.models import User
from reports.statistics.models import Release


def release_for(user: User, pk: int) -> Release:
    """A release for the pages of its transitions; 404 for whoever is not of the office."""
    rows = (
        Release.objects.all()
        if user.is_office and user.has_role(*Release.READERS)
        else Release.objects.none()
    )
    return get_object_or_404(rows, pk=pk)


def kept_by(user: User) -> QuerySet[Release]:
    """Those whose paper the person answers for."""
    rows = Release.objects.all()
    return rows if user.has_role("programme_officer") else rows.none()
