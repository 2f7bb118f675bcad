"""The states of a match, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.workflow.graph import State, States


class MatchState(States):
    PROPOSED = State(
        "proposed",
        _lazy("検討中"),
        _lazy("市町村が検討しています"),
        "city",
        "office",
        "challenge_owner",
        gettext_noop("面談するか決める"),
        10,
    )
    INTERVIEWING = State("interviewing", _lazy("面談"), _lazy("面談"), "city")
    AGREED = State("agreed", _lazy("実証へ"), _lazy("実証へ進みます"), "good")
    DECLINED = State("declined", _lazy("見送り"), _lazy("見送り"), "rest")
    WITHDRAWN = State("withdrawn", _lazy("辞退"), _lazy("辞退"), "rest")


LIVE = (MatchState.PROPOSED, MatchState.INTERVIEWING)
# the municipality has said
DECIDED = (MatchState.AGREED, MatchState.DECLINED)
