"""The states of a recovery, with their words and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.workflow.graph import State, States


class RecoveryState(States):
    ORDERED = State(
        "ordered",
        _lazy("返還命令"),
        _lazy("返還命令"),
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


class LaterState(States):
    ASKED = State(
        "asked",
        _lazy("履行延期の申し出"),
        _lazy("市の返事待ち"),
        "city",
        "office",
        "programme_officer",
        gettext_noop("履行延期の申し出に答える"),
        5,
    )
    AGREED = State("agreed", _lazy("履行延期を認める"), _lazy("履行延期を認める"), "good")
    DENIED = State("denied", _lazy("履行延期を認めない"), _lazy("履行延期を認めない"), "care")
    WITHDRAWN = State("withdrawn", _lazy("申し出の取下げ"), _lazy("申し出の取下げ"), "rest")
    OVERTAKEN = State("overtaken", _lazy("申し出の終了"), _lazy("申し出の終了"), "rest")


OWED = (RecoveryState.ORDERED, RecoveryState.DEFERRED)
# what did not come back is no longer asked for
LET_GO = (RecoveryState.WAIVED, RecoveryState.CANCELLED)
