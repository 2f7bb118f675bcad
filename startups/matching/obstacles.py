"""What a live match stops, and a proposal that no municipality has before it yet."""

from django.utils.translation import gettext as _

from grants.applications.models import Application
from startups.challenges.models import Challenge
from startups.matching.turns import matches_of
from startups.proposals.hanging import answering, challenges_of


def live_matches(row: Challenge | Application) -> list[str]:
    """Why a challenge or a proposal cannot end now: a municipality is still deciding."""
    if row.call.stated.kind != "proposal":
        return []
    matches = matches_of.all(row.case) if isinstance(row, Application) else row.matches.live()
    n = sum(match.is_live for match in matches)
    return (
        [
            _(
                "市町村が検討しているマッチングが%(n)s件あります。先に、それぞれを決めるか辞退します。"
            )
            % {"n": n}
        ]
        if n
        else []
    )


def unmatched(challenge: Challenge) -> list[str]:
    """Why a challenge is not decided yet: proposals that answer it wait for their matching."""
    waiting = Application.objects.filter(case__in=answering(challenge)).exclude(
        matches__challenge=challenge
    )
    n = sum(challenge in challenges_of(application) for application in waiting)
    return [_("マッチングを待っている提案が%(n)s件あります。") % {"n": n}] if n else []
