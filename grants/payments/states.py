"""The states of claims, batches and payments: their names for both sides, and whose turn each makes."""

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.workflow.graph import State

CLAIM_STATES = {
    "claimed": State(
        _lazy("請求"),
        _lazy("請求の確認"),
        tone="city",
        side="office",
        role="finance_officer",
        todo=gettext_noop("請求を確かめる"),
        days=5,
        say=_lazy("いま、市が請求を確かめています。"),
    ),
    "returned": State(
        _lazy("請求の差戻し"),
        _lazy("請求の直し"),
        tone="you",
        side="applicant",
        todo=gettext_noop("請求を直して出し直す"),
    ),
    "checked": State(
        _lazy("確認済み"),
        _lazy("支払いの手続き"),
        tone="city",
        side="office",
        role="finance_officer",
        todo=gettext_noop("支出命令を出す"),
        days=3,
        say=_lazy("支払いの手続きをしています。"),
    ),
    "denied": State(_lazy("却下"), _lazy("却下"), "rest"),
}

BATCH_STATES = {
    "open": State(_lazy("作成中"), "", "you"),
    "locked": State(_lazy("締切"), "", "city"),
    "exported": State(_lazy("銀行へ送信"), "", "city"),
    "reconciled": State(_lazy("結果を取込済み"), "", "good"),
    "voided": State(_lazy("取消し"), "", "rest"),
}

PAYMENT_STATES = {
    "ordered": State(
        _lazy("支出命令"),
        _lazy("支払いの手続き"),
        "city",
        say=_lazy("支払いの手続きをしています。"),
    ),
    "held": State(
        _lazy("保留"),
        _lazy("支払いの保留"),
        tone="care",
        side="office",
        role="finance_officer",
        todo=gettext_noop("保留を解くか取り消す"),
        days=5,
    ),
    "paid": State(
        _lazy("支払済み"), _lazy("振込済み"), "good", say=_lazy("補助金を振り込みました。")
    ),
    "bounced": State(_lazy("振込不能"), _lazy("振込ができませんでした"), "stop"),
    "cancelled": State(_lazy("取消し"), _lazy("取消し"), "rest"),
}

# a claim of the kind is out, or waits for its payment
LIVE_CLAIMS = ("claimed", "returned", "checked")
# the bank has not said yet what became of the transfer
UNANSWERED = ("ordered", "held")
# the yen are on their way, or have arrived
LIVE_PAYMENTS = (*UNANSWERED, "paid")
