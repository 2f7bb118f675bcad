"""What waits beside the cases of the inbox: a challenge has none."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.permissions import covers_each_town
from portal.cases.ports import Beside
from portal.together import Ask
from portal.workflow import duties
from startups.challenges.models import CALL_OFF, PUBLISHERS, Challenge
from startups.challenges.states import ChallengeState


def beside(user: User, ask: Ask) -> Callable[[], Beside | None]:
    """Challenges that the person may publish or send back, and did not write."""
    if not user.has_role(*PUBLISHERS):
        return lambda: None
    rows = ask(Challenge.objects.filter(state=ChallengeState.COORDINATING).select_related("call"))
    written = ask(duties.against_done(user, "publish_challenge"))
    return lambda: _said(
        _("調整中の行政課題が%(n)s件、公表の判断を待っています。"),
        sum(
            covers_each_town(user, row, *PUBLISHERS)
            and not set(row.duty_subjects()).intersection(written)
            for row in rows
        ),
    )


def to_call_off(user: User, ask: Ask) -> Callable[[], Beside | None]:
    """Published challenges that another proposes to call off, and that the person may."""
    if not user.has_role(*CALL_OFF):
        return lambda: None
    published = Challenge.objects.filter(state=ChallengeState.PUBLISHED)
    rows = ask(published.exclude(calling_off="").select_related("call"))
    asked = ask(duties.against_done(user, "call_off_challenge"))
    return lambda: _said(
        _("中止を提案された行政課題が%(n)s件、確認を待っています。"),
        sum(
            covers_each_town(user, row, *CALL_OFF)
            and not set(row.duty_subjects()).intersection(asked)
            for row in rows
        ),
    )


def _said(text: str, n: int) -> Beside | None:
    if not n:
        return None
    return Beside(
        text=text % {"n": n},
        link=_("行政課題を開く"),
        url=reverse("challenge_desk"),
    )
