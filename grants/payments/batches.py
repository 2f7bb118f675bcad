"""振込データ: payments of one day in one file for the bank."""

import hashlib
from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.obstacles import halted
from grants.budget.carrying import payment_refusals
from grants.payments import obstacles, outgoing, places, zengin
from grants.payments.accounts import ACCOUNTING, FINANCE, BankAccount, replaced
from grants.payments.orders import Order
from grants.payments.states import (
    ANSWERED,
    BATCHES_LISTED,
    EMPTIED,
    SENT_BATCHES,
    UNSENT_BATCHES,
    BatchState,
    PaymentState,
)
from grants.payments.transfers import Payment
from portal import clock, fiscal
from portal.accounts.models import User
from portal.accounts.permissions import Either, holders, interests
from portal.audit.record import record_about
from portal.cases.models import Case, NumberSeries
from portal.days import dated
from portal.documents import names
from portal.registry.codes import SAPPORO
from portal.types import Given
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


def _accounts(batch: "PaymentBatch", _given: Given) -> list[BankAccount]:
    """Held while the file is made, so that none is replaced meanwhile."""
    return [payment.account for payment in batch.payments.select_related("account")]


def _counted(sums: Iterable[int]) -> str:
    found = list(sums)
    return _("%(n)s件　%(yen)s円") % {"n": len(found), "yen": f"{sum(found):,}"}


class PaymentBatch(LifeCycle):
    """振込データ: payments of one day in one file.

    Its bytes are frozen when it is exported; a second export is the same file.
    """

    lock_rank = 66
    STATES = BatchState
    programme_code = ""
    municipality_codes: tuple[str, ...] = (SAPPORO,)
    READERS = ("finance_officer", "accounting_officer", "auditor")
    OUTGOING = outgoing.BATCH

    number = models.CharField(max_length=20, unique=True)
    pay_on = models.DateField()
    content = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    # the bank's word that the file was not executed, and what its file is called
    not_executed = models.BinaryField(null=True)
    not_executed_name = models.CharField(max_length=names.MAX_BYTES, blank=True)
    made_at = models.DateTimeField(default=clock.now)
    state = state_field()
    proposed: list[Payment] = []  # before it is stored: the payments that go into it

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(*BATCHES_LISTED, name="payments_batch_desk")]
        constraints = [
            state_check(BatchState, "payments_batch_state"),
            models.CheckConstraint(
                condition=~Q(state__in=SENT_BATCHES) | ~Q(sha256=""),
                name="payments_exported_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=BatchState.VOID_ASKED) | Q(not_executed__isnull=False),
                name="payments_void_has_the_banks_word",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("batch", args=[self.pk])

    @property
    def act_facts(self) -> list[tuple[str, str]]:
        rows = list(self.payments.values_list("state", "amount"))
        found = [
            (_("振込日"), dated(self.pay_on)),
            (_("合計"), _counted(yen for _state, yen in rows)),
        ]
        if self.state in SENT_BATCHES:
            for state in ANSWERED:
                found.append((str(state.label), _counted(yen for at, yen in rows if at == state)))
        return found

    def touched_cases(self) -> list[Case]:
        return (
            list(Case.objects.filter(payments__batch=self).distinct().order_by("pk"))
            if self.pk
            else [payment.case for payment in self.proposed]
        )

    def duty_subjects(self) -> list[str]:
        return [
            f"paymentbatch:{self.pk}",
            *[f"case:{pk}" for pk in self.payments.values_list("case_id", flat=True)],
        ]

    def transfers(self) -> list[tuple["Payment", zengin.Transfer]]:
        """Each payment with its transfer, in the order of the file."""
        return [(payment, payment.transfer()) for payment in self._in_file()]

    def _in_file(self) -> list["Payment"]:
        rows = self.payments.select_related("account__organisation", "case").order_by("line")
        BankAccount.name_all([payment.account for payment in rows])
        return list(rows)

    def faults(self) -> list[str]:
        """Why the bank would refuse the file, as sentences with the case."""
        found, pairs = [], []
        for payment in self._in_file():
            found += [
                f"{payment.case}: {reason}" for reason in replaced(payment.account, payment.case)
            ]
            try:
                pairs.append((payment, payment.transfer()))
            except NotReady as refused:
                found += [f"{payment.case}: {reason}" for reason in refused.reasons]
        words = {
            "bank": _("金融機関か支店の番号が正しくありません。"),
            "account": _("口座番号が正しくありません。"),
            "holder": _("受取人名に銀行が受け付けない文字があります。"),
            "amount": _("金額が範囲の外です。"),
            "total": _("合計額が大きすぎます。"),
            "rows": _("件数が多すぎます。"),
        }
        for fault in zengin.faults([transfer for _payment, transfer in pairs]):
            who = f"{pairs[fault.row][0].case}: " if fault.row >= 0 else ""
            found.append(f"{who}{words[fault.what]}")
        return found

    def twins(self) -> list[list[Payment]]:
        """Payments of the same yen to the same account, each with its like; none while one cannot
        be written.
        """
        try:
            pairs = self.transfers()
        except NotReady:
            return []
        alike = zengin.twins([transfer for _payment, transfer in pairs])
        return [[pairs[row][0] for row in rows] for rows in alike]

    def hearers(self, side: str) -> list[User]:
        """Whom finance hands it over to."""
        people = holders("accounting_officer", self) if side == "office" else []
        return [person for person in people if not interests(person, self)]

    def to_check(self) -> models.QuerySet[Payment]:
        """Its orders at which accounting has not looked yet."""
        return self.payments.filter(clearance=None)

    def drop(self, payment: Order, *, by: User) -> None:
        """Take a payment out before there is a file: those after it move up, and with the last one
        it is over.
        """
        line = payment.line
        payment.batch = payment.line = payment.clearance = None
        payment.save(update_fields=["batch", "line", "clearance"])
        for later in self.payments.filter(line__gt=line).order_by("line"):
            self.payments.filter(pk=later.pk).update(line=models.F("line") - 1)
        if not self.payments.exists():
            perform(self, "dissolve", by=by)

    def _let_go(self, by: User) -> None:
        rows = self.payments.order_by("line").values_list("pk", "amount")
        record_about(self, EMPTIED, by=by, capacity="office", rows=[list(row) for row in rows])
        self.payments.update(batch=None, line=None, clearance=None)

    @property
    def is_with_accounting(self) -> bool:
        return self.state == BatchState.LOCKED

    @property
    def has_file(self) -> bool:
        """May its file be taken to the bank? Not once it was said not to be executed: the payments go
        into another, and a second file would pay them twice.
        """
        return self.state in (BatchState.EXPORTED, BatchState.RECONCILED)

    @property
    def is_exported(self) -> bool:
        return self.state == BatchState.EXPORTED

    @property
    def is_due(self) -> bool:
        """Does the bank say by now what became of its transfers?"""
        return self.is_exported and self.pay_on <= clock.today()

    @transition(
        source=UNBORN,
        target=BatchState.OPEN,
        label=_lazy("振込データを作る"),
        done=_lazy("振込データを作りました"),
        internal=True,
        permission=FINANCE,
        locks=lambda _obj, given: [
            row for p in given["payments"] for row in (p.account, p.case, p)
        ],
    )
    def begin(self, *, pay_on: date, payments: list["Payment"], **_given: object) -> None:
        if refusals := obstacles.pay_day_refusals(pay_on) or obstacles.none_chosen(payments):
            raise NotReady(*refusals)
        fresh = Payment.objects.filter(
            pk__in=[p.pk for p in payments], state=PaymentState.ORDERED, batch=None
        )
        if fresh.count() != len(payments):
            raise NotReady(str(obstacles.NO_LONGER_FREE))
        rows = fresh.select_related("account", "case", "award__application__case")
        rows = rows.prefetch_related("award__application__checks")
        if stale := [f"{p.case}: {reason}" for p in rows for reason in replaced(p.account, p.case)]:
            raise NotReady(*stale)
        if late := payment_refusals(
            {p.case: (p.award.application.call_id, p.award.frame) for p in rows},
            {p.case: p.amount for p in rows},
            pay_on,
        ):
            raise NotReady(*late)
        if stopped := [reason for p in rows for reason in halted(p.award.application)]:
            raise NotReady(*stopped)
        self.proposed = list(fresh.select_related("case"))
        year = fiscal.fiscal_year(clock.today())
        self.number = f"FB{year}-{NumberSeries.one(f'batch-{year}'):04}"
        self.pay_on, self.made_at = pay_on, clock.now()

    def born(self, by: User, given: dict[str, object]) -> None:
        rows = Payment.objects.filter(pk__in=[p.pk for p in self.proposed]).order_by("pk")
        for n, payment in enumerate(rows, 1):
            Payment.objects.filter(pk=payment.pk).update(batch=self, line=n)

    @transition(
        source=BatchState.OPEN,
        target=BatchState.LOCKED,
        label=_lazy("締め切って会計へ回す"),
        done=_lazy("振込データを締め切り、会計へ回しました"),
        tone="solid",
        permission=FINANCE,
        requirements=(
            Requirement("some", obstacles.empty),
            *obstacles.SOUND,
            Requirement("twins", obstacles.twins),
        ),
        locks=_accounts,
    )
    def lock(self, **_given: object) -> None:
        """From here on nothing goes in or out; the dry run has shown every row."""

    @transition(
        source=BatchState.OPEN,
        target=BatchState.LOCKED,
        label=_lazy("同じ額の振込を確かめて締め切り、会計へ回す"),
        done=_lazy("同じ額の振込を確かめ、振込データを会計へ回しました"),
        tone="solid",
        permission=FINANCE,
        reason="required",
        requirements=(
            *obstacles.SOUND,
            Requirement("none", obstacles.no_twins),
        ),
        locks=_accounts,
    )
    def lock_twins(self, **_given: object) -> None:
        """The same yen go to the same account twice, and a person says why that is right."""

    def offers(self, name: str) -> bool:
        """Of the two ways to close a batch, the page shows the one that fits."""
        ways = {"lock": False, "lock_twins": True}
        return name not in ways or ways[name] == bool(self.twins())

    @transition(
        source=BatchState.LOCKED,
        target=BatchState.EXPORTED,
        label=_lazy("銀行へ送るファイルを作る"),
        done=_lazy("銀行へ送るファイルを作りました"),
        tone="solid",
        permission=ACCOUNTING,
        duty="export_batch",
        sensitive=True,
        requirements=(
            Requirement("some", obstacles.empty),
            Requirement("checked", obstacles.unchecked),
            *obstacles.SOUND,
        ),
        locks=_accounts,
    )
    def export(self, **_given: object) -> None:
        data = zengin.write(places.sender(), self.pay_on, [row for _p, row in self.transfers()])
        self.content, self.sha256 = data, hashlib.sha256(data).hexdigest()

    @transition(
        source=BatchState.EXPORTED,
        target=BatchState.RECONCILED,
        label=_lazy("照合を終える"),
        done=_lazy("銀行の結果と照合しました"),
        tone="solid",
        permission=ACCOUNTING,
        requirements=(Requirement("all", obstacles.unanswered),),
    )
    def reconcile(self, **_given: object) -> None:
        pass

    @transition(
        source=UNSENT_BATCHES,
        target=BatchState.VOIDED,
        label=_lazy("振込データを取り消す"),
        done=_lazy("振込データを取り消しました"),
        permission=FINANCE,
        reason="required",
        tone="danger",
        sensitive=True,
        requirements=(Requirement("none", obstacles.answered),),
        locks=lambda batch, _given: list(batch.payments.all()),
    )
    def void(self, *, by: User, **_given: object) -> None:
        """Made by mistake, and no bank has a file of it: its payments wait for another."""
        self._let_go(by)

    @transition(
        source=UNSENT_BATCHES,
        target=BatchState.VOIDED,
        label=_lazy("中身のなくなった振込データを閉じる"),
        done=_lazy("支出命令がなくなったので、振込データを閉じました"),
        internal=True,
        permission=Either((FINANCE, ACCOUNTING)),
    )
    def dissolve(self, **_given: object) -> None:
        """The last of its orders was held by finance, or sent back to it."""

    @transition(
        source=BatchState.EXPORTED,
        target=BatchState.VOID_ASKED,
        label=_lazy("銀行で実行されなかったと申し出る"),
        done=_lazy("取消しの確認を、経理に求めました"),
        permission=ACCOUNTING,
        form="not_executed",
        unsaid=("document",),
        reason="required",
        duty="ask_void",
        requirements=(Requirement("none", obstacles.answered),),
    )
    def ask_void(self, *, document: tuple[str, bytes], **_given: object) -> None:
        """Its payments stay in it, so that none is sent twice, until finance confirms."""
        self.not_executed_name, self.not_executed = document

    @transition(
        source=BatchState.VOID_ASKED,
        target=BatchState.VOIDED,
        label=_lazy("実行されなかったと確認し、取り消す"),
        done=_lazy("振込データを取り消しました"),
        permission=FINANCE,
        reason="required",
        tone="danger",
        sensitive=True,
        duty="confirm_void",
        requirements=(Requirement("none", obstacles.answered),),
        locks=lambda batch, _given: list(batch.payments.all()),
    )
    def confirm_void(self, *, by: User, **_given: object) -> None:
        """Finance has the bank's word before it: the payments wait for another batch."""
        self._let_go(by)

    @transition(
        source=BatchState.VOID_ASKED,
        target=BatchState.EXPORTED,
        label=_lazy("取り消さない"),
        done=_lazy("取消しの申し出を退けました"),
        permission=FINANCE,
        reason="required",
    )
    def deny_void(self, **_given: object) -> None:
        """The bank has, or may have, executed it: its results are awaited."""
