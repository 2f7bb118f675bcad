"""The states of claims, batches, payments and accounts: their names for both sides, and whose turn each makes."""

from django.db.models import Case as If
from django.db.models import F, When
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from portal.workflow.graph import State, States


class ClaimState(States):
    CLAIMED = State(
        "claimed",
        _lazy("請求"),
        _lazy("請求の確認"),
        tone="city",
        side="office",
        role="finance_officer",
        todo=gettext_noop("請求を確かめる"),
        days=5,
        say=_lazy("いま、市が請求を確かめています。"),
    )
    RETURNED = State(
        "returned",
        _lazy("請求の差戻し"),
        _lazy("請求の直し"),
        tone="you",
        side="applicant",
        todo=gettext_noop("請求を直して出し直す"),
    )
    CHECKED = State(
        "checked",
        _lazy("確認済み"),
        _lazy("支払いの手続き"),
        tone="city",
        side="office",
        role="finance_officer",
        todo=gettext_noop("支出命令を出す"),
        days=3,
        say=_lazy("支払いの手続きをしています。"),
    )
    DENIED = State("denied", _lazy("却下"), _lazy("却下"), "rest")


class BatchState(States):
    OPEN = State("open", _lazy("作成中"), "", "you")
    LOCKED = State("locked", _lazy("会計で審査中"), "", "city")
    EXPORTED = State("exported", _lazy("ファイル作成済み"), "", "city")
    VOID_ASKED = State("void_asked", _lazy("取消しの確認待ち"), "", "care")
    RECONCILED = State("reconciled", _lazy("結果を取込済み"), "", "good")
    VOIDED = State("voided", _lazy("取消し"), "", "rest")


class PaymentState(States):
    ORDERED = State(
        "ordered",
        _lazy("支出命令"),
        _lazy("支払いの手続き"),
        "city",
        say=_lazy("支払いの手続きをしています。"),
    )
    HELD = State(
        "held",
        _lazy("保留"),
        _lazy("支払いの保留"),
        tone="care",
        side="office",
        role="finance_officer",
        todo=gettext_noop("保留を解くか取り消す"),
        days=5,
    )
    RETURNED = State(
        "returned",
        _lazy("会計の差戻し"),
        _lazy("支払いの手続き"),
        tone="care",
        side="office",
        role="finance_officer",
        todo=gettext_noop("会計の差戻しに応える"),
        days=3,
        say=_lazy("支払いの手続きをしています。"),
    )
    PAID = State(
        "paid", _lazy("支払済み"), _lazy("振込済み"), "good", say=_lazy("補助金を振り込みました。")
    )
    SET_OFF = State(
        "set_off",
        _lazy("相殺"),
        _lazy("返還金と相殺"),
        "good",
        say=_lazy("補助金を、納めていただく返還金と相殺しました。"),
    )
    BOUNCED = State("bounced", _lazy("振込不能"), _lazy("振込ができませんでした"), "stop")
    BOUNCE_DOUBTED = State(
        "bounce_doubted",
        _lazy("訂正の確認待ち"),
        _lazy("振込結果の確認"),
        tone="care",
        side="office",
        role="finance_officer",
        todo=gettext_noop("振込結果の訂正を確かめる"),
        days=3,
        say=_lazy("振込の結果を、銀行に確かめています。"),
    )
    CANCELLED = State("cancelled", _lazy("取消し"), _lazy("取消し"), "rest")


# a claim of the kind is out, or waits for its payment
LIVE_CLAIMS = (ClaimState.CLAIMED, ClaimState.RETURNED, ClaimState.CHECKED)
# the bank has no file of it yet
UNSENT_BATCHES = (BatchState.OPEN, BatchState.LOCKED)
# nobody waits for anything of them any more
FINISHED_BATCHES = (BatchState.RECONCILED, BatchState.VOIDED)
# those that wait for somebody by the day of their transfer, then the finished ones, newest first
BATCHES_LISTED = (
    If(When(state__in=FINISHED_BATCHES, then=None), default=F("pay_on")).asc(nulls_last=True),
    F("pay_on").desc(),
    F("id").desc(),
)
SENT_BATCHES = (BatchState.EXPORTED, BatchState.VOID_ASKED, BatchState.RECONCILED)
# the bank has said what became of the transfer
ANSWERED = (PaymentState.PAID, PaymentState.BOUNCED)
# the bank has not said yet what became of the transfer
UNANSWERED = (PaymentState.ORDERED, PaymentState.HELD, PaymentState.RETURNED)
# in the record of a voided batch: what was in it
EMPTIED = "paymentbatch.emptied"
# the bank sent it back, or one doubts that it did
BOUNCES = (PaymentState.BOUNCED, PaymentState.BOUNCE_DOUBTED)
# nor is it sure where one doubts what was recorded of it
UNCERTAIN = (*UNANSWERED, PaymentState.BOUNCE_DOUBTED)
# the recipient has the yen, or owes as much less
MADE = (PaymentState.PAID, PaymentState.SET_OFF)
# the transfer is on its way, or has arrived, or may have
TRANSFERS = (*UNCERTAIN, PaymentState.PAID)
# the same, and what needed no transfer
LIVE_PAYMENTS = (*TRANSFERS, PaymentState.SET_OFF)
# nothing reached the recipient
FAILED_PAYMENTS = (PaymentState.BOUNCED, PaymentState.CANCELLED)


class AccountState(States):
    DECLARED = State(
        "declared",
        _lazy("確認待ち"),
        _lazy("市の確認待ち"),
        tone="city",
        side="office",
        role="finance_officer",
        todo=gettext_noop("口座を確かめる"),
        days=5,
    )
    CONFIRMED = State("confirmed", _lazy("確認済み"), _lazy("確認済み"), "good")
    REFUSED = State(
        "refused",
        _lazy("差戻し"),
        _lazy("直していただく口座"),
        tone="you",
        side="applicant",
        todo=gettext_noop("振込先の口座を届け直す"),
    )
    REPLACED = State("replaced", _lazy("使用しない"), _lazy("使用しない"), "rest")


# to be confirmed, or to be declared anew
UNCONFIRMED_ACCOUNTS = (AccountState.DECLARED, AccountState.REFUSED)
