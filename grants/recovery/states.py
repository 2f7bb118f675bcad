"""The states of a recovery, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class RecoveryState(States):
    ORDERED = State(
        "ordered",
        _lazy("返還命令"),
        _lazy("返還のお願い"),
        "care",
        say=_lazy("期限までに補助金を返す必要があります。"),
    )
    DEFERRED = State(
        "deferred",
        _lazy("履行延期"),
        _lazy("期限を延ばした返還"),
        "care",
        say=_lazy("決まった日までに、分けてお納めください。"),
    )
    CLOSED = State(
        "closed", _lazy("納付済み"), _lazy("納付済み"), "good", say=_lazy("返還が済みました。")
    )
    WAIVED = State(
        "waived", _lazy("免除"), _lazy("免除"), "rest", say=_lazy("返還は免除されました。")
    )
    CANCELLED = State("cancelled", _lazy("取消し"), _lazy("取消し"), "rest")


OWED = (RecoveryState.ORDERED, RecoveryState.DEFERRED)
# what did not come back is no longer asked for
LET_GO = (RecoveryState.WAIVED, RecoveryState.CANCELLED)
