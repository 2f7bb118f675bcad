"""What a live match stops."""

from django.utils.translation import gettext as _

from grants.applications.models import Application
from startups.challenges.models import Challenge


def live_matches(row: Challenge | Application) -> list[str]:
    """Why a challenge or a proposal cannot end now: a municipality is still deciding."""
    if row.call.stated.kind != "proposal":
        return []
    n = row.matches.live().count()
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
