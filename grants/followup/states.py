"""The states of what is filed after an award, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class FilingState(States):
    DRAFT = State("draft", _lazy("下書き"), _lazy("下書き"), "you")
    SUBMITTED = State("submitted", _lazy("提出済み"), _lazy("確認中"), "city")
    RETURNED = State("returned", _lazy("補正"), _lazy("補正のお願い"), "you")
    ACCEPTED = State("accepted", _lazy("受理"), _lazy("受理"), "good")
    DENIED = State("denied", _lazy("不承認"), _lazy("不承認"), "stop")
    WITHDRAWN = State("withdrawn", _lazy("取下げ"), _lazy("取下げ"), "rest")


EDITABLE = (FilingState.DRAFT, FilingState.RETURNED)
LIVE = (FilingState.DRAFT, FilingState.SUBMITTED, FilingState.RETURNED)
