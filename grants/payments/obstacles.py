"""What stops an act on a batch or on one of its payments."""

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.obstacles import halted
from grants.payments.accounts import replaced
from grants.payments.claims import live_yen
from grants.payments.states import TRANSFERS, UNANSWERED, UNCERTAIN, BatchState, PaymentState
from portal import clock
from portal.closures import calendars
from portal.days import dated, day_said
from portal.workdays import DAY
from portal.workflow.graph import Requirement

if TYPE_CHECKING:
    from grants.payments.batches import PaymentBatch
    from grants.payments.transfers import Payment

NO_LONGER_FREE = _lazy(
    "ほかの振込データに入ったか、保留になった支払いがあります。一覧を読み込み直してください。"
)


def none_chosen(payments: "list[Payment]") -> list[str]:
    return [] if payments else [_("支払いを選んでください。")]


def pay_day_refusals(day: date) -> list[str]:
    """Why no transfer can be made on a day, and on which near one it can: from tomorrow on, while the
    banks are open.
    """
    banks, tomorrow = calendars.banks(), clock.today() + DAY
    if day < tomorrow:
        text = _("振込日は、明日からあとにしてください。いちばん早い日は%(day)sです。")
        return [text % {"day": dated(banks.next_open(tomorrow))}]
    if banks.is_open(day):
        return []
    before, after = banks.last_open(day), banks.next_open(day)
    if before < tomorrow:
        text = _("%(day)sは、銀行が休みです。いちばん近い振込日は%(after)sです。")
    else:
        text = _("%(day)sは、銀行が休みです。近い振込日は%(before)sと%(after)sです。")
    return [text % {"day": dated(day), "before": dated(before), "after": dated(after)}]


def stopped(batch: "PaymentBatch") -> list[str]:
    """Why it cannot go to the bank: something was found about one of its cases since it was made."""
    rows = batch.payments.select_related("award__application__case").order_by("line")
    rows = rows.prefetch_related("award__application__checks")
    return [reason for payment in rows for reason in halted_case(payment)]


def halted_case(payment: "Payment") -> list[str]:
    return halted(payment.award.application)


def empty(batch: "PaymentBatch") -> list[str]:
    return [] if batch.payments.exists() else [_("支払いが1件も入っていません。")]


def faults(batch: "PaymentBatch") -> list[str]:
    return batch.faults()


def twins(batch: "PaymentBatch") -> list[str]:
    if not batch.twins():
        return []
    return [_("同じ口座へ同じ額の振込があります。二重の支払いでないか確かめてください。")]


def no_twins(batch: "PaymentBatch") -> list[str]:
    return [] if batch.twins() else [_("同じ口座へ同じ額の振込はありません。")]


def unchecked(batch: "PaymentBatch") -> list[str]:
    n = batch.to_check().count()
    return [_("審査の済んでいない支出命令が%(n)s件あります。") % {"n": n}] if n else []


def unanswered(batch: "PaymentBatch") -> list[str]:
    n = batch.payments.filter(state__in=UNCERTAIN).count()
    return [_("結果の分からない振込が%(n)s件あります。") % {"n": n}] if n else []


def answered(batch: "PaymentBatch") -> list[str]:
    n = batch.payments.exclude(state__in=UNANSWERED).count()
    return [_("すでに結果の出た振込が%(n)s件あります。") % {"n": n}] if n else []


def beyond_reach(payment: "Payment") -> list[str]:
    """Out of a batch that is still open it is taken; a closed one is accounting's."""
    is_open = payment.batch is not None and payment.batch.state == BatchState.OPEN
    return [] if is_open else in_batch(payment)


def in_batch(payment: "Payment") -> list[str]:
    return (
        [_("振込データに入っています。先に振込データを取り消してください。")]
        if payment.batch_id
        else []
    )


def not_sent(payment: "Payment") -> list[str]:
    if payment.batch is not None and payment.batch.state == BatchState.EXPORTED:
        return []
    return [_("銀行へ送った振込だけに、結果を付けられます。")]


def before_its_day(payment: "Payment") -> list[str]:
    """Nothing is paid, nor has it failed, before the day on which the bank transfers it."""
    day = payment.batch.pay_on if payment.batch is not None else None
    if day is None or day <= clock.today():
        return []
    return [
        _("振込日（%(day)s）より前の結果は取り込めません。振込日になってから取り込んでください。")
        % {"day": day_said(day)}
    ]


def not_handed_over(payment: "Payment") -> list[str]:
    if payment.batch is not None and payment.batch.state == BatchState.LOCKED:
        return []
    return [_("締め切って会計へ回した振込データの支出命令だけを、審査できます。")]


def cleared(payment: "Payment") -> list[str]:
    return [_("この支出命令の審査は済んでいます。")] if payment.clearance_id else []


def moved(payment: "Payment") -> list[str]:
    return replaced(payment.account, payment.case)


def bounce_confirmed(payment: "Payment") -> list[str]:
    return [_("振込不能は、経理が確認しています。")] if payment.is_bounce_confirmed else []


def ordered_anew(payment: "Payment") -> list[str]:
    """Why it cannot be said to have arrived: its claim is paid, or about to be, by a later order."""
    others = [row for row in payment.claim.payments.all() if row.pk != payment.pk]
    later = next((row for row in others if row.state in TRANSFERS), None)
    if later is None:
        return []
    if later.state == PaymentState.PAID:
        return [_("この請求は、出し直した支出命令で支払われています。")]
    return [_("この請求には、出し直した支出命令があります。先にその支払いを取り消してください。")]


def said_to_be_back(payment: "Payment") -> list[str]:
    return [_("経理の確認を待っています。")] if payment.is_said_to_be_back else []


def not_said_to_be_back(payment: "Payment") -> list[str]:
    """One person alone never says that money came back."""
    if payment.is_said_to_be_back:
        return []
    return [_("会計管理者が、銀行の書面を付けて申し出たあとに確認します。")]


def claimed_anew(payment: "Payment") -> list[str]:
    """The claim that it paid would stand beside a later one of its kind."""
    claim = payment.claim
    same = claim.award.claims.live().filter(kind=claim.kind).exclude(pk=claim.pk)
    if claim.is_live or not same.exists():
        return []
    return [_("同じ種類の請求が、あとから出ています。先にその請求を却下してください。")]


def beyond_award(payment: "Payment") -> list[str]:
    """What arrived may be more than the recipient may have now, and never more than it was awarded."""
    others = live_yen(payment.award.payments.all())
    if others + payment.amount <= payment.award.awarded_amount:
        return []
    return [
        _(
            "ほかの請求への支払いと合わせると、交付決定の額を超えます。先にその支払いを取り消してください。"
        )
    ]


# before a batch goes on to accounting, and again before there is a file
SOUND: tuple[Requirement["PaymentBatch"], ...] = (
    Requirement("fit", faults),
    Requirement("going_on", stopped),
)
