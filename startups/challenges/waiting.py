"""What waits beside the cases of the inbox: a challenge has none."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.permissions import covers_each_town
from portal.cases.ports import Beside
from portal.together import Ask
from portal.workflow import duties
from startups.challenges.models import PUBLISHERS, Challenge
from startups.challenges.states import ChallengeState


def beside(user: User, ask: Ask) -> Callable[[], Beside | None]:
    """Challenges that the person may publish or send back, and did not write."""
    if not user.has_role(*PUBLISHERS):
        return lambda: None
    rows = ask(Challenge.objects.filter(state=ChallengeState.COORDINATING).select_related("call"))
    written = ask(duties.against_done(user, "publish_challenge"))
    return lambda: _said(
        sum(
            covers_each_town(user, row, *PUBLISHERS)
            and not set(row.duty_subjects()).intersection(written)
            for row in rows
        )
    )


def _said(n: int) -> Beside | None:
    if not n:
        return None
    return Beside(
        text=_("調整中の行政課題が%(n)s件、公表の判断を待っています。") % {"n": n},
        link=_("行政課題を開く"),
        url=reverse("challenge_desk"),
    )
