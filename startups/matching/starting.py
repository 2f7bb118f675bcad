"""How matching begins."""

from django.utils.translation import gettext as _

from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User
from portal.closures import calendars
from portal.registry.models import Municipality
from portal.workflow.door import begin, door
from portal.workflow.errors import NotReady
from startups.matching.models import Match
from startups.proposals.hanging import challenges_of

RESPOND_DAYS = 20  # business days in which a municipality answers

STARTERS = ("programme_officer", "concierge")


def start_matching(application: Application, *, by: User) -> list[Match]:
    """One match for each challenge that the proposal answers and each municipality that asks it.

    Raises NotReady where they were begun before, or every challenge was called off.
    """
    today = clock.today()
    known = {row.code: row for row in Municipality.objects.all()}
    locked = [application.call, *challenges_of(application), application.case, application]
    with door(by, locked):
        if Match.objects.filter(application=application).exists():
            raise NotReady(_("この提案のマッチングは、すでに始まっています。"))
        asked = [row for row in challenges_of(application) if not row.is_cancelled]
        if not asked:
            raise NotReady(_("提案先の課題は、すべて中止になりました。"))
        return [
            begin(
                Match,
                by=by,
                application=application,
                challenge=challenge,
                municipality=known[code],
                respond_by=calendars.office(code).add(today, RESPOND_DAYS),
            )
            for challenge in asked
            for code in challenge.municipality_codes
        ]
