"""What the public reads of proposals."""

from django.utils.translation import gettext as _

from portal.types import Text
from startups.challenges.models import Challenge
from startups.proposals.hanging import naming


def counts(challenge: Challenge) -> list[tuple[Text, int]]:
    """How many proposals answered it: those submitted, whatever became of them."""
    return [(_("寄せられた提案"), naming(challenge).values("application").distinct().count())]
