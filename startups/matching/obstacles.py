"""What a live match stops."""

from django.utils.translation import gettext as _

from grants.applications.models import Application
from startups.challenges.models import Challenge
from startups.matching.turns import matches_of


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
