"""The states of programmes and calls, with the words for staff and for the public."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.graph import State

PROGRAMME_STATES = {
    "draft": State(_lazy("作成中"), "", "you"),
    "approved": State(_lazy("承認済み"), "", "good"),
    "retired": State(_lazy("終了"), "", "rest"),
}

CALL_STATES = {
    "draft": State(_lazy("作成中"), "", "you"),
    "approved": State(_lazy("承認済み"), "", "good"),
    "announced": State(_lazy("公表中"), _lazy("受付の予定"), "good"),
    "suspended": State(_lazy("受付を一時停止"), _lazy("受付を一時停止"), "care"),
    "selecting": State(_lazy("選考中"), _lazy("選考中"), "city"),
    "decided": State(_lazy("結果を公表"), _lazy("結果を公表"), "rest"),
    "archived": State(_lazy("保管"), _lazy("終了"), "rest"),
    "cancelled": State(_lazy("中止"), _lazy("中止"), "stop"),
}
CALL_PUBLIC = ("announced", "suspended", "selecting", "decided")
