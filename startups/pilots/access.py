"""Who opens a pilot and a booking, and whom a pilot is brought before."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from portal.accounts.models import StaffRole, User
from portal.cases.models import Case
from portal.types import SignedIn
from startups.pilots import entries, ledger
from startups.pilots.models import Booking, Pilot
from startups.pilots.states import PilotState
from startups.pilots.turns import KIND


def carried(role: StaffRole) -> Q:
    """Pilots, with the applications for their support money."""
    money = entries.Partner.objects.exclude(application=None)
    if role.municipality_id:
        money = money.filter(municipality=role.municipality_id)
    return Q(kind=KIND) | Q(pk__in=money.values("application__case"))


def before_the_board(role: StaffRole) -> Q:
    """What the advisory board evaluates, and what a member of it has evaluated."""
    theirs = entries.Evaluation.objects.filter(side="board", by=role.person_id).values("pilot")
    rows = Pilot.objects.filter(Q(state=PilotState.REPORTED) | Q(pk__in=theirs))
    return Q(kind=KIND) & Q(pk__in=rows.values("case"))


def pilot_for(user: User, pk: int) -> Pilot:
    rows = Pilot.objects.select_related("case__organisation", "challenge", "application__call")
    return get_object_or_404(rows, pk=pk, case__in=Case.objects.visible_to(user))


def booking_for(user: User, pk: int) -> Booking:
    """A booking of a pilot the person may see; staff of another municipality get 404."""
    row = get_object_or_404(
        Booking.objects.select_related("case__organisation", "municipality"),
        pk=pk,
        case__in=Case.objects.visible_to(user),
    )
    if user.is_office and not any(role.covers(*row.own_scope) for role in user.roles()):
        raise Http404
    return row


def pilot_at(request: SignedIn, number: str) -> Pilot:
    """The pilot of a case the person may see, or 404; who may not write in its ledger gets 404 too."""
    rows = Pilot.objects.select_related("case__organisation", "challenge", "application__call")
    pilot = get_object_or_404(
        rows, case__number=number, case__in=Case.objects.visible_to(request.user)
    )
    if ledger.refusals(pilot, request.user):
        raise Http404
    return pilot
