"""請求・支払・振込データ: claims, payments and batches, each life cycle on this page. Accounts stand in `accounts.py`."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from grants.awards.models import Award
from grants.budget.models import (
    book_reversal,
    disburse,
    keep_only,
    lines_of,
    payable_on,
    returned_to_line,
    spent,
)
from grants.payments import zengin
from grants.payments.accounts import (
    FINANCE,
    BankAccount,
    confirmed_account,
    firm_closed,
    no_account,
    replaced,
    sender,
)
from grants.payments.imports import ResultImport
from grants.payments.states import BATCH_STATES, CLAIM_STATES, PAYMENT_STATES
from portal import clock, fiscal
from portal.accounts.permissions import Applicant
from portal.cases.models import Case, NumberSeries
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)

__all__ = ["Claim", "Payment", "PaymentBatch", "ResultImport"]


def paid_out(award: Award) -> int:
    """Yen of the award's live payments: ordered, held or paid."""
    return sum(payment.amount for payment in award.payments.filter(state__in=Payment.LIVE))


def claimable(award: Award) -> int:
    """Yen that may still be claimed, as the tables have it now."""
    return left_to_claim(award, Claim.objects.filter(award=award).prefetch_related("payments"))


def left_to_claim(award: Award, claims: Iterable["Claim"]) -> int:
    """What may be paid less live payments and live claims that wait for theirs; `claims`: all of the award, payments prefetched."""
    left = award.payable
    for claim in claims:
        live = [payment.amount for payment in claim.payments.all() if payment.state in Payment.LIVE]
        left -= sum(live) or (claim.amount if claim.state in Claim.LIVE else 0)
    return left


class Claim(LifeCycle):
    """交付請求: settlement (精算払) after fixing, or advance (概算払) where the call allows it; yen."""

    lock_rank = 64
    STATES = CLAIM_STATES
    LIVE = ("claimed", "returned", "checked")
    KINDS = [("settlement", _("精算払")), ("advance", _("概算払"))]

    case = models.ForeignKey(Case, models.PROTECT, related_name="claims")
    award = models.ForeignKey(Award, models.PROTECT, related_name="claims")
    kind = models.CharField(max_length=10, choices=KINDS)
    amount = models.BigIntegerField()
    reason = models.CharField(max_length=300, blank=True)
    claimed_at = models.DateTimeField(default=clock.now)
    state = state_field()

    class Meta:
        ordering = ["pk"]
        constraints = [
            state_check(CLAIM_STATES, "payments_claim_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_claim_positive"),
            models.UniqueConstraint(
                fields=["award", "kind"],
                condition=Q(state__in=["claimed", "returned", "checked"]),
                name="payments_claim_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()} {self.amount:,}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#payments"

    @property
    def payment(self) -> "Payment | None":
        """The latest payment made on the claim, whatever became of it."""
        return max(self.payments.all(), key=lambda payment: payment.pk, default=None)

    @transition(
        source=UNBORN,
        target="claimed",
        label=_("補助金を請求する"),
        done=_("補助金を請求しました"),
        internal=True,
        permission=Applicant(submitting=True),
        duty="file_claim",
        tell="office",
        heard=_("補助金の請求が届きました"),
        locks=lambda _obj, given: [given["award"].case, given["award"]],
    )
    def begin(
        self, *, award: Award, kind: str, amount: int, by: Any, reason: str = "", **_given: Any
    ) -> None:
        if Claim.objects.filter(award=award, kind=kind, state__in=self.LIVE).exists():
            raise NotReady(_now("同じ種類の請求が、すでに出ています。"))
        if kind == "settlement" and award.state != "amount_fixed":
            raise NotReady(_now("補助金の額が確定してから請求できます。"))
        if kind == "advance" and ("advance" not in award.stated.payment or award.state != "active"):
            raise NotReady(_now("この補助金では、概算払の請求はできません。"))
        if not 0 < amount <= claimable(award):
            raise NotReady(
                _now("請求できるのは%(left)s円までです。")
                % {"left": f"{max(claimable(award), 0):,}"}
            )
        if not BankAccount.objects.filter(
            organisation=award.case.organisation, state__in=["declared", "confirmed"]
        ).exists():
            raise NotReady(_now("先に、振込先の口座を届け出てください。"))
        self.award, self.case, self.kind, self.amount, self.reason = (
            award,
            award.case,
            kind,
            amount,
            reason,
        )
        self.claimed_at = clock.now()

    @transition(
        source="claimed",
        target="checked",
        label=_("請求を確認済みにする"),
        done=_("請求を確かめました"),
        tone="solid",
        permission=FINANCE,
        duty="check_claim",
        requirements=(Requirement("account", no_account), Requirement("open", firm_closed)),
    )
    def examine(self, **_given: Any) -> None:
        pass

    @transition(
        source=("claimed", "checked"),
        target="returned",
        label=_("請求を差し戻す"),
        done=_("請求を差し戻しました"),
        permission=FINANCE,
        reason="required",
        tell="applicant",
        requirements=(Requirement("unpaid", lambda claim: _unpaid(claim)),),
    )
    def send_back(self, *, reason: str, **_given: Any) -> None:
        self.reason = reason

    @transition(
        source="returned",
        target="claimed",
        label=_("請求を出し直す"),
        done=_("請求を出し直しました"),
        tone="solid",
        permission=Applicant(submitting=True),
        tell="office",
        heard=_("請求が出し直されました"),
    )
    def claim_again(self, **_given: Any) -> None:
        self.reason = ""

    @transition(
        source=("claimed", "returned"),
        target="denied",
        label=_("請求を却下する"),
        done=_("請求を却下しました"),
        permission=FINANCE,
        reason="required",
        tell="applicant",
        tone="danger",
    )
    def deny(self, *, reason: str, **_given: Any) -> None:
        self.reason = reason


def _unpaid(claim: Claim) -> list[str]:
    live = claim.payments.filter(state__in=Payment.LIVE).exists()
    return [_now("支出命令が出ています。先に支払いを取り消してください。")] if live else []


def _empty(batch: "PaymentBatch") -> list[str]:
    return [] if batch.payments.exists() else [_now("支払いが1件も入っていません。")]


def _refused(batch: "PaymentBatch") -> list[str]:
    return batch.faults()


def _accounts(batch: "PaymentBatch") -> list[BankAccount]:
    """Held while the file is made, so that none is replaced meanwhile."""
    return [payment.account for payment in batch.payments.select_related("account")]


def _waiting(batch: "PaymentBatch") -> list[str]:
    n = batch.payments.filter(state__in=["ordered", "held"]).count()
    return [_now("結果のわからない振込が%(n)s件あります。") % {"n": n}] if n else []


def _settled(batch: "PaymentBatch") -> list[str]:
    n = batch.payments.filter(state__in=["paid", "bounced"]).count()
    return [_now("すでに結果の出た振込が%(n)s件あります。") % {"n": n}] if n else []


class PaymentBatch(LifeCycle):
    """振込データ: payments of one day in one file. Its bytes are frozen when it is exported; a second export is the same file."""

    lock_rank = 66
    STATES = BATCH_STATES
    programme_code = ""
    municipality_codes: tuple[str, ...] = ("011002",)
    READERS = ("finance_officer", "auditor")

    number = models.CharField(max_length=20, unique=True)
    pay_on = models.DateField()
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    state = state_field()
    proposed: list[Case] = []  # before it is stored: the cases whose payments go into it

    class Meta:
        ordering = ["-pk"]
        constraints = [
            state_check(BATCH_STATES, "payments_batch_state"),
            models.CheckConstraint(
                condition=~Q(state__in=["exported", "reconciled"]) | ~Q(sha256=""),
                name="payments_exported_has_file",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("batch", args=[self.pk])

    def touched_cases(self) -> list[Case]:
        return (
            list(Case.objects.filter(payments__batch=self).distinct().order_by("pk"))
            if self.pk
            else self.proposed
        )

    def duty_subjects(self) -> list[str]:
        return [
            f"paymentbatch:{self.pk}",
            *[f"case:{pk}" for pk in self.payments.values_list("case_id", flat=True)],
        ]

    def transfers(self) -> list[tuple["Payment", zengin.Transfer]]:
        """Each payment with its transfer, in the order of the file."""
        rows = self.payments.select_related("account__organisation", "case").order_by("line")
        return [(p, p.transfer()) for p in rows]

    def faults(self) -> list[str]:
        """Why the bank would refuse the file, as sentences with the case."""
        found, pairs = [], []
        for payment in self.payments.select_related("account__organisation", "case").order_by(
            "line"
        ):
            found += [
                f"{payment.case}: {reason}" for reason in replaced(payment.account, payment.case)
            ]
            try:
                pairs.append((payment, payment.transfer()))
            except NotReady as refused:
                found += [f"{payment.case}: {reason}" for reason in refused.reasons]
        words = {
            "bank": _now("金融機関か支店の番号が正しくありません。"),
            "account": _now("口座番号が正しくありません。"),
            "holder": _now("受取人名に銀行が受け付けない文字があります。"),
            "amount": _now("金額が範囲の外です。"),
            "total": _now("合計額が大きすぎます。"),
            "rows": _now("件数が多すぎます。"),
        }
        for fault in zengin.faults([transfer for _payment, transfer in pairs]):
            who = f"{pairs[fault.row][0].case}: " if fault.row >= 0 else ""
            found.append(
                f"{who}{words.get(fault.what) or _now('同じ口座へ同じ額の振込が、ほかの行にもあります。')}"
            )
        return found

    @transition(
        source=UNBORN,
        target="open",
        label=_("振込データを作る"),
        done=_("振込データを作りました"),
        internal=True,
        permission=FINANCE,
        locks=lambda _obj, given: [
            row for p in given["payments"] for row in (p.account, p.case, p)
        ],
    )
    def begin(self, *, pay_on: date, payments: list["Payment"], **_given: Any) -> None:
        if not fiscal.is_business_day(pay_on) or pay_on <= clock.today():
            raise NotReady(_now("振込日は、明日より後の、銀行の営業日にしてください。"))
        fresh = Payment.objects.filter(pk__in=[p.pk for p in payments], state="ordered", batch=None)
        if not payments or fresh.count() != len(payments):
            raise NotReady(
                _now(
                    "ほかの振込データに入ったか、保留になった支払いがあります。一覧を読み込み直してください。"
                )
            )
        rows = fresh.select_related("account", "case")
        if stale := [f"{p.case}: {reason}" for p in rows for reason in replaced(p.account, p.case)]:
            raise NotReady(*stale)
        frames = fresh.order_by().values_list("award__application__call", "award__frame").distinct()
        late = {reason for call, frame in frames for reason in payable_on(call, frame, pay_on)}
        if late:
            raise NotReady(*sorted(late))
        self.proposed = [payment.case for payment in fresh.select_related("case")]
        year = fiscal.fiscal_year(clock.today())
        self.number = f"FB{year}-{NumberSeries.one(f'batch-{year}'):04}"
        self.pay_on, self.made_at = pay_on, clock.now()

    def born(self, by: Any, given: dict[str, Any]) -> None:
        rows = Payment.objects.filter(pk__in=[p.pk for p in given["payments"]]).order_by("pk")
        for n, payment in enumerate(rows, 1):
            Payment.objects.filter(pk=payment.pk).update(batch=self, line=n)

    @transition(
        source="open",
        target="locked",
        label=_("締め切る"),
        done=_("振込データを締め切りました"),
        tone="solid",
        permission=FINANCE,
        requirements=(Requirement("some", _empty), Requirement("fit", _refused)),
        locks=lambda batch, _given: _accounts(batch),
    )
    def lock(self, **_given: Any) -> None:
        """From here on nothing goes in or out; the dry run has shown every row."""

    @transition(
        source="locked",
        target="exported",
        label=_("銀行へ送るファイルを作る"),
        done=_("銀行へ送るファイルを作りました"),
        tone="solid",
        permission=FINANCE,
        duty="export_batch",
        sensitive=True,
        requirements=(Requirement("fit", _refused),),
        locks=lambda batch, _given: _accounts(batch),
    )
    def export(self, **_given: Any) -> None:
        data = zengin.write(sender(), self.pay_on, [transfer for _p, transfer in self.transfers()])
        self.content, self.sha256 = data, hashlib.sha256(data).hexdigest()

    @transition(
        source="exported",
        target="reconciled",
        label=_("照合を終える"),
        done=_("銀行の結果と照合しました"),
        tone="solid",
        permission=FINANCE,
        requirements=(Requirement("all", _waiting),),
    )
    def reconcile(self, **_given: Any) -> None:
        pass

    @transition(
        source=("open", "locked", "exported"),
        target="voided",
        label=_("振込データを取り消す"),
        done=_("振込データを取り消しました"),
        permission=FINANCE,
        reason="required",
        tone="danger",
        sensitive=True,
        requirements=(Requirement("none", _settled),),
        locks=lambda batch, _given: list(batch.payments.all()),
    )
    def void(self, **_given: Any) -> None:
        """The bank refused the file as a whole, or it was made by mistake: its payments wait for another batch."""
        self.payments.update(batch=None, line=None)


def _in_batch(payment: "Payment") -> list[str]:
    return (
        [_now("振込データに入っています。先に振込データを取り消してください。")]
        if payment.batch_id
        else []
    )


def _not_sent(payment: "Payment") -> list[str]:
    if payment.batch is not None and payment.batch.state == "exported":
        return []
    return [_now("銀行へ送った振込だけに、結果を付けられます。")]


def _before_its_day(payment: "Payment") -> list[str]:
    """Nothing is paid, nor has it failed, before the day on which the bank transfers it."""
    day = payment.batch.pay_on if payment.batch is not None else None
    if day is None or day <= clock.today():
        return []
    return [
        _now(
            "振込日（%(day)s）より前の結果は取り込めません。振込日になってから取り込んでください。"
        )
        % {"day": day.isoformat()}
    ]


class Payment(LifeCycle):
    """支払: one transfer of yen. A reissue after a bounce is a new row; batched and sent are read from its batch."""

    lock_rank = 68
    STATES = PAYMENT_STATES
    LIVE = ("ordered", "held", "paid")

    case = models.ForeignKey(Case, models.PROTECT, related_name="payments")
    award = models.ForeignKey(Award, models.PROTECT, related_name="payments")
    claim = models.ForeignKey(Claim, models.PROTECT, related_name="payments")
    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    batch = models.ForeignKey(PaymentBatch, models.PROTECT, null=True, related_name="payments")
    line = models.PositiveIntegerField(null=True)
    reissue_of = models.OneToOneField("self", models.PROTECT, null=True, related_name="reissue")
    ordered_at = models.DateTimeField(default=clock.now)
    paid_on = models.DateField(null=True)
    bounce = models.CharField(max_length=120, blank=True)
    came_back_on = models.DateField(
        null=True
    )  # reported paid first, and returned by the bank later
    state = state_field()

    class Meta:
        ordering = ["pk"]
        constraints = [
            state_check(PAYMENT_STATES, "payments_payment_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payments_payment_positive"),
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(state__in=["ordered", "held", "paid"]),
                name="payments_one_live",
            ),
            models.UniqueConstraint(fields=["batch", "line"], name="payments_line_once"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False, batch__isnull=False),
                name="payments_paid_has_day",
            ),
            models.CheckConstraint(
                condition=Q(came_back_on=None)
                | Q(state="bounced", paid_on__lte=models.F("came_back_on")),
                name="payments_came_back_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.amount:,}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#payments"

    def transfer(self) -> zengin.Transfer:
        try:
            name = zengin.holder(self.account.holder_kana)
        except zengin.Unfit as unfit:
            raise NotReady(
                _now("受取人名に銀行が受け付けない文字があります：%(signs)s")
                % {"signs": unfit.signs}
            ) from unfit
        return zengin.Transfer(self.account.place(), name, self.amount, f"{self.pk}")

    @transition(
        source=UNBORN,
        target="ordered",
        label=_("支出命令を出す"),
        done=_("支出命令を出しました"),
        internal=True,
        permission=FINANCE,
        duty="order_payment",
        requirements=(Requirement("account", no_account), Requirement("open", firm_closed)),
        locks=lambda _obj, given: [
            *lines_of(given["claim"].award.application.call, given["claim"].award.frame),
            given["claim"].case,
            given["claim"].award,
            given["claim"],
        ],
    )
    def begin(self, *, claim: Claim, **_given: Any) -> None:
        """支出命令 on a checked claim, or anew after a bounce. Never a second live one; never beyond what may be paid."""
        claim = Claim.objects.select_related("award", "case__organisation").get(pk=claim.pk)
        if claim.state != "checked":
            raise NotReady(_now("請求の確認が済んでから、支出命令を出せます。"))
        if claim.award.state not in ("active", "amount_fixed"):
            raise NotReady(
                _now("「%(state)s」の補助事業には支払えません。")
                % {"state": claim.award.info.label}
            )
        last = claim.payment
        if last is not None and last.state in self.LIVE:
            raise NotReady(_now("この請求には、すでに支払いがあります。"))
        account = confirmed_account(claim.case.organisation)
        if (
            last is not None
            and last.state == "bounced"
            and account is not None
            and account.pk == last.account_id
        ):
            raise NotReady(_now("振込不能になった口座のままです。新しい口座の届出と確認が先です。"))
        if claim.amount > claim.award.payable - paid_out(claim.award):
            raise NotReady(_now("支払える額を超えています。"))
        self.claim, self.award, self.case, self.amount = (
            claim,
            claim.award,
            claim.case,
            claim.amount,
        )
        if account is not None:
            self.account = account
        self.reissue_of = last if last is not None and last.state == "bounced" else None
        self.ordered_at = clock.now()

    @transition(
        source="ordered",
        target="held",
        label=_("支払いを保留する"),
        done=_("支払いを保留しました"),
        permission=FINANCE,
        reason="required",
        tell="applicant",
        requirements=(Requirement("free", _in_batch),),
    )
    def hold(self, **_given: Any) -> None:
        """差押え, a closed firm, or a doubt: nothing is sent until a person releases it."""

    @transition(
        source="held",
        target="ordered",
        label=_("保留を解く"),
        done=_("保留を解きました"),
        permission=FINANCE,
        reason="required",
        requirements=(Requirement("open", firm_closed),),
    )
    def release(self, **_given: Any) -> None:
        pass

    @transition(
        source=("ordered", "held"),
        target="cancelled",
        label=_("支払いを取り消す"),
        done=_("支払いを取り消しました"),
        permission=FINANCE,
        reason="required",
        tone="danger",
        requirements=(Requirement("free", _in_batch),),
    )
    def cancel(self, **_given: Any) -> None:
        pass

    @transition(
        source="ordered",
        target="paid",
        label=_("支払済みにする"),
        done=_("補助金を振り込みました"),
        internal=True,
        permission=FINANCE,
        notice="payment",
        requirements=(Requirement("sent", _not_sent), Requirement("day", _before_its_day)),
        locks=lambda payment, _given: [
            *lines_of(payment.award.application.call, payment.award.frame),
            payment.award,
            payment.batch,
        ],
    )
    def settle(self, *, by: Any, paid_on: date, **_given: Any) -> None:
        """Performed by the import of the bank's result. The budget is spent in the same transaction."""
        self.paid_on = paid_on
        disburse(self.award.application.call, self.award.frame, self.amount, by=by, case=self.case)

    @transition(
        source="ordered",
        target="bounced",
        label=_("振込不能にする"),
        done=_("振込ができませんでした"),
        internal=True,
        permission=FINANCE,
        tell="applicant",
        requirements=(Requirement("sent", _not_sent), Requirement("day", _before_its_day)),
        locks=lambda payment, _given: [payment.award, payment.batch],
    )
    def fail(self, *, code: str, why: str, **_given: Any) -> None:
        self.bounce = f"{code} {why}".strip()[:120]

    @transition(
        source="paid",
        target="bounced",
        label=_("振込が戻ったことを記録する"),
        done=_("振込が戻りました"),
        permission=FINANCE,
        reason="required",
        tone="danger",
        sensitive=True,
        tell="applicant",
        form="came_back",
        locks=lambda payment, _given: [
            *lines_of(payment.award.application.call, payment.award.frame),
            payment.award,
            payment.claim,
            payment.batch,
        ],
    )
    def come_back(self, *, by: Any, came_back_on: date, reason: str, **_given: Any) -> None:
        """組戻し・後日の振込不能: the bank had reported it paid. The money is in the book again, and the award can be paid anew."""
        if self.paid_on is None or not self.paid_on <= came_back_on <= clock.today():
            raise NotReady(_now("戻った日は、振込日から今日までの日にしてください。"))
        self.came_back_on, self.bounce = came_back_on, reason[:120]
        award, call = self.award, self.award.application.call
        book_reversal(call, award.frame, self.amount, by=by, case=self.case)
        if award.state == "closed":
            award = perform(award, "reopen", by=by, reason=reason)
        needed = max(award.payable, spent(self.case)) if award.is_live else spent(self.case)
        keep_only(call, award.frame, needed - returned_to_line(self.case), by=by, case=self.case)
