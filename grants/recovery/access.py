"""Who opens a recovery."""

from typing import TypeVar

from django.db.models import Q
from django.shortcuts import get_object_or_404

from grants.awards.models import Award
from grants.recovery.models import LaterRequest, MoneyIn, Recovery
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.cases.models import Case
from portal.cases.visibility import MONEY

Booked = TypeVar("Booked", Award, MoneyIn, Recovery)


def to_book(user: User, row: Booked) -> Booked:
    """The row for whoever keeps its money; refused before anything of it is shown."""
    demand(user, row.case, "finance_officer")
    return row


def recovery_for(user: User, pk: int) -> Recovery:
    cases = Case.objects.visible_to(user, by=MONEY)
    return get_object_or_404(
        Recovery.objects.select_related("award__application__call", "case__organisation"),
        pk=pk,
        case__in=cases,
    )


def request_for(user: User, pk: int) -> LaterRequest:
    return get_object_or_404(
        LaterRequest.objects.select_related("recovery", "case__organisation", "asked_by"),
        pk=pk,
        case__in=Case.objects.visible_to(user, by=MONEY),
    )


def receipt_for(user: User, pk: int) -> MoneyIn:
    cases = Case.objects.visible_to(user, by=MONEY)
    return get_object_or_404(
        MoneyIn.objects.with_subject().select_related("doubted_by"),
        Q(recovery__case__in=cases) | Q(unordered__case__in=cases),
        pk=pk,
    )


def award_for(user: User, pk: int) -> Award:
    return get_object_or_404(
        Award.objects.select_related("application__call", "case__organisation"),
        pk=pk,
        case__in=Case.objects.visible_to(user, by=MONEY),
    )
