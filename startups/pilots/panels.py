"""What the pages of other cases show of pilots: the proposal's, and that of support money."""

from grants.applications.turns import application_of
from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case
from portal.types import Context
from startups.challenges.models import Challenge
from startups.matching.models import Match
from startups.matching.states import MatchState
from startups.matching.turns import matches_of
from startups.pilots import entries, support
from startups.pilots.models import BEGINNERS, Pilot


def of_case(case: Case, user: User) -> Context | None:
    """On the proposal's case: its pilots, and the agreed matches from which one can begin.

    On that of support: its pilot.
    """
    application = application_of.first(case)
    if application is not None and application.stated.kind == support.KIND:
        return _paid_for(case, user)
    if application is None or application.stated.kind != "proposal":
        return None
    agreed = [match for match in matches_of.all(case) if match.state == MatchState.AGREED]
    if not agreed:
        return None
    taken = {
        partner.match_id: partner.pilot
        for partner in entries.Partner.objects.filter(match__in=agreed).select_related(
            "pilot__case"
        )
    }
    free: dict[Challenge, list[Match]] = {}
    for match in agreed:
        if match.pk not in taken:
            free.setdefault(match.challenge, []).append(match)
    may = visibility.sees_as(user, case, *BEGINNERS)
    return {
        "case": case,
        "pilots": list(dict.fromkeys(taken.values())),
        "free": list(free.items()) if may else [],
    }


def _paid_for(case: Case, user: User) -> Context | None:
    """The pilot that a case of support money pays for, where the reader may see it."""
    seen = Case.objects.visible_to(user)
    pilots = list(
        Pilot.objects.filter(partners__application__case=case, case__in=seen).select_related("case")
    )
    return {"case": case, "pilots": pilots, "free": []} if pilots else None
