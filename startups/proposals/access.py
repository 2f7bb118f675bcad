"""Whom a proposal is brought before."""

from django.db.models import Q

from grants.applications.models import Application
from grants.programmes.models import Call
from portal.accounts.models import StaffRole


def proposed(_role: StaffRole) -> Q:
    """The cases that are proposals."""
    calls = Call.objects.filter(parameters__kind="proposal")
    return Q(pk__in=Application.objects.filter(call__in=calls).values("case"))
