"""Who opens a match, and whom it brings its case before."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from portal.accounts.models import StaffRole, User
from portal.accounts.permissions import office
from portal.cases.models import Case
from startups.matching.models import Match


def matched(role: StaffRole) -> Q:
    """The proposals that are or were before the department's municipality;
    before any, where the role names none.
    """
    rows = (
        Match.objects.filter(municipality=role.municipality_id)
        if role.municipality_id
        else Match.objects.all()
    )
    return Q(pk__in=rows.values("case"))


def match_for(user: User, pk: int) -> Match:
    """A match of a case the person may see; staff of another municipality's case get 404."""
    found = get_object_or_404(
        Match.objects.select_related(
            "case__organisation", "application__call", "challenge", "municipality"
        ),
        pk=pk,
        case__in=Case.objects.visible_to(user),
    )
    if user.is_office and not any(role.covers(*found.own_scope) for role in user.roles()):
        raise Http404
    return found


# who of a municipality reads what its own people wrote down about a proposal
INSIDERS = office("challenge_owner", "approver", "concierge", "programme_officer", "auditor")


def reads_record(user: User, match: Match) -> bool:
    """May the person read the minutes of the interview, and what the department thinks of the
    proposal? The office of the match's own municipality alone.
    """
    return user.is_office and not INSIDERS.reasons(user, match)
