"""How matching begins."""

from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User
from portal.closures import calendars
from portal.registry.models import Municipality
from portal.workflow.door import begin, door
from startups.matching.models import Match
from startups.proposals.hanging import challenges_of

RESPOND_DAYS = 20  # business days in which a municipality answers

STARTERS = ("programme_officer", "concierge")


def start_matching(application: Application, *, by: User) -> list[Match]:
    """One match for each challenge that the proposal answers and each municipality that asks it."""
    today = clock.today()
    known = {row.code: row for row in Municipality.objects.all()}
    with door(by, [application.call, application.case, application]):
        return [
            begin(
                Match,
                by=by,
                application=application,
                challenge=challenge,
                municipality=known[code],
                respond_by=calendars.office(code).add(today, RESPOND_DAYS),
            )
            for challenge in challenges_of(application)
            for code in challenge.municipality_codes
        ]
