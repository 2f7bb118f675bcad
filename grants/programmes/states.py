"""The states of programmes and calls, with the words for staff and for the public."""

from django.utils.translation import gettext_lazy as _

from portal.workflow.graph import State

PROGRAMME_STATES = {
    "draft": State(_("作成中"), "", "you"),
    "approved": State(_("承認済み"), "", "good"),
    "retired": State(_("終了"), "", "rest"),
}

CALL_STATES = {
    "draft": State(_("作成中"), "", "you"),
    "approved": State(_("承認済み"), "", "good"),
    "announced": State(_("公表中"), _("受付の予定"), "good"),
    "suspended": State(_("受付を一時停止"), _("受付を一時停止"), "care"),
    "selecting": State(_("選考中"), _("選考中"), "city"),
    "decided": State(_("結果を公表"), _("結果を公表"), "rest"),
    "archived": State(_("保管"), _("終了"), "rest"),
    "cancelled": State(_("中止"), _("中止"), "stop"),
}
CALL_PUBLIC = ("announced", "suspended", "selecting", "decided")
