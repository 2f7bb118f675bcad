"""The states of claims, batches and payments: their names for both sides, and whose turn each makes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from portal.workflow.graph import State

CLAIM_STATES = {
    "claimed": State(
        _("請求"),
        _("請求の確認"),
        tone="city",
        side="office",
        role="finance_officer",
        todo=gettext_noop("請求を確かめる"),
        days=5,
        say=_("いま、市が請求を確かめています。"),
    ),
    "returned": State(
        _("請求の差戻し"),
        _("請求の直し"),
        tone="you",
        side="applicant",
        todo=gettext_noop("請求を直して出し直す"),
    ),
    "checked": State(
        _("確認済み"),
        _("支払いの手続き"),
        tone="city",
        side="office",
        role="finance_officer",
        todo=gettext_noop("支出命令を出す"),
        days=3,
        say=_("支払いの手続きをしています。"),
    ),
    "denied": State(_("却下"), _("却下"), "rest"),
}

BATCH_STATES = {
    "open": State(_("作成中"), "", "you"),
    "locked": State(_("締切"), "", "city"),
    "exported": State(_("銀行へ送信"), "", "city"),
    "reconciled": State(_("結果を取込済み"), "", "good"),
    "voided": State(_("取消し"), "", "rest"),
}

PAYMENT_STATES = {
    "ordered": State(
        _("支出命令"), _("支払いの手続き"), "city", say=_("支払いの手続きをしています。")
    ),
    "held": State(
        _("保留"),
        _("支払いの保留"),
        tone="care",
        side="office",
        role="finance_officer",
        todo=gettext_noop("保留を解くか取り消す"),
        days=5,
    ),
    "paid": State(_("支払済み"), _("振込済み"), "good", say=_("補助金を振り込みました。")),
    "bounced": State(_("振込不能"), _("振込ができませんでした"), "stop"),
    "cancelled": State(_("取消し"), _("取消し"), "rest"),
}

# a claim of the kind is out, or waits for its payment
LIVE_CLAIMS = ("claimed", "returned", "checked")
# the bank has not said yet what became of the transfer
UNANSWERED = ("ordered", "held")
# the yen are on their way, or have arrived
LIVE_PAYMENTS = (*UNANSWERED, "paid")
