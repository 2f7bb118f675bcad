"""The states of an approval (起案), with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class ApprovalState(States):
    DRAFTED = State("drafted", _lazy("起案中"), "", "you")
    CIRCULATED = State("circulated", _lazy("回議中"), "", "city")
    RETURNED = State("returned", _lazy("差戻し"), "", "care")
    APPROVED = State("approved", _lazy("決裁済み"), "", "good")
    REFUSED = State("refused", _lazy("否決"), "", "stop")
    WITHDRAWN = State("withdrawn", _lazy("取下げ"), "", "rest")


# the drafter has it
WITH_DRAFTER = (ApprovalState.DRAFTED, ApprovalState.RETURNED)
# neither decided nor taken back: its cases wait for it
LIVE = (ApprovalState.DRAFTED, ApprovalState.CIRCULATED, ApprovalState.RETURNED)
