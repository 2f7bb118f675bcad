"""The states of programmes, of sketches of them, and of calls, with the words for staff and for the public."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State, States


class ProgrammeState(States):
    DRAFT = State("draft", _lazy("作成中"), "", "you")
    APPROVED = State("approved", _lazy("承認済み"), "", "good")
    RETIRED = State("retired", _lazy("終了"), "", "rest")


class SketchState(States):
    KEPT = State("kept", _lazy("書きかけ"), "", "you")
    PROPOSED = State("proposed", _lazy("提案済み"), "", "good")
    DISCARDED = State("discarded", _lazy("破棄"), "", "rest")


class CallState(States):
    DRAFT = State("draft", _lazy("作成中"), "", "you")
    APPROVED = State("approved", _lazy("承認済み"), "", "good")
    ANNOUNCED = State("announced", _lazy("公表中"), _lazy("受付の予定"), "good")
    SUSPENDED = State("suspended", _lazy("受付を一時停止"), _lazy("受付を一時停止"), "care")
    SELECTING = State("selecting", _lazy("選考中"), _lazy("選考中"), "city")
    DECIDED = State("decided", _lazy("結果を公表"), _lazy("結果を公表"), "rest")
    ARCHIVED = State("archived", _lazy("保管"), _lazy("終了"), "rest")
    CANCELLED = State("cancelled", _lazy("中止"), _lazy("中止"), "stop")


class CallChangeState(States):
    PROPOSED = State("proposed", _lazy("承認を待つ"), "", "you")
    APPROVED = State("approved", _lazy("承認済み"), "", "good")
    DENIED = State("denied", _lazy("認めない"), "", "stop")
    WITHDRAWN = State("withdrawn", _lazy("取下げ"), "", "rest")


# not announced yet
CALL_UNANNOUNCED = (CallState.DRAFT, CallState.APPROVED)
# announced, and what it says may still be changed
CALL_RUNNING = (CallState.ANNOUNCED, CallState.SUSPENDED)
# announced, and its results are not out yet
CALL_PENDING = (*CALL_RUNNING, CallState.SELECTING)
# its challenges may still be written
CALL_IN_MAKING = (*CALL_UNANNOUNCED, CallState.ANNOUNCED)
# its results are out
CALL_DECIDED = (CallState.DECIDED, CallState.ARCHIVED)
# nothing that came too late is honoured any more
CALL_SETTLED = (*CALL_DECIDED, CallState.CANCELLED)
# the public sees it
CALL_PUBLIC = (*CALL_PENDING, CallState.DECIDED)
