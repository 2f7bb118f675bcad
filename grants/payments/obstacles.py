"""What stops an act on a batch or on one of its payments."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from grants.payments.accounts import replaced
from grants.payments.states import ANSWERED, UNANSWERED, BatchState
from portal import clock
from portal.days import day_said

if TYPE_CHECKING:
    from grants.payments.batches import PaymentBatch
    from grants.payments.transfers import Payment


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
    n = batch.payments.filter(state__in=UNANSWERED).count()
    return [_("結果のわからない振込が%(n)s件あります。") % {"n": n}] if n else []


def answered(batch: "PaymentBatch") -> list[str]:
    n = batch.payments.filter(state__in=ANSWERED).count()
    return [_("すでに結果の出た振込が%(n)s件あります。") % {"n": n}] if n else []


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
