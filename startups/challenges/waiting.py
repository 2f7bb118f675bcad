"""What waits beside the cases of the inbox: a challenge has none."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.permissions import covers
from portal.cases.ports import Beside
from portal.workflow import duties
from startups.challenges.models import PUBLISHERS, Challenge
from startups.challenges.states import ChallengeState


def beside(user: User) -> Beside | None:
    """Challenges that the person may publish or send back, and did not write."""
    if not user.has_role(*PUBLISHERS):
        return None
    rows = Challenge.objects.filter(state=ChallengeState.COORDINATING).select_related("call")
    found = [row for row in rows if covers(user, row, *PUBLISHERS)]
    done = duties.done(user, [subject for row in found for subject in row.duty_subjects()])
    barred = duties.against("publish_challenge")
    n = sum(not any(done[s] & barred for s in row.duty_subjects()) for row in found)
    if not n:
        return None
    return Beside(
        text=_("調整中の行政課題が%(n)s件、公表の判断を待っています。") % {"n": n},
        link=_("行政課題を開く"),
        url=reverse("challenge_desk"),
    )
