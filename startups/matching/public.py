"""What the public reads of matches."""

from django.utils.translation import gettext as _

from portal.types import Text
from startups.challenges.models import Challenge
from startups.matching.states import MatchState


def counts(challenge: Challenge) -> list[tuple[Text, int]]:
    """How far the proposals to a challenge came: interviews held, pilots agreed.

    Numbers alone, so nobody learns of a refusal.
    """
    rows = list(challenge.matches.all())
    return [
        (_("面談した提案"), sum(row.slot is not None for row in rows)),
        (_("実証に進む提案"), sum(row.state == MatchState.AGREED for row in rows)),
    ]
