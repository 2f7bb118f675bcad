"""What follows an award, over HTTP: the report, the amount, the account, the claim, the order, the batch
and what the bank says.
"""

from __future__ import annotations

import csv
import io

from grants.awards.models import Award
from grants.completion import reporting
from grants.completion.models import CompletionReport
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment, PaymentBatch
from portal import clock
from tools.demonstration.rooms.payments import typed as typed_report
from tools.demonstration.simulation import parts
from tools.faults.browsing import Page, found
from tools.faults.ledger import sha256
from tools.faults.stories import Story
from tools.faults.town import lasting

COLUMNS = (
    "データ番号",
    "行",
    "金融機関コード",
    "支店コード",
    "口座番号",
    "金額",
    "結果コード",
    "理由",
)
WHY = "原本を見た"


class Paid(Story):
    def run(self) -> None:
        super().run()
        self.report()
        self.inspect()
        self.decide("fix")
        self.declare()
        self.claim()
        self.order()
        self.pay()

    @property
    def home(self) -> str:
        return f"/cases/{self.number}/"

    @property
    def award(self) -> Award:
        return Award.objects.select_related("application__call", "case").get(case=self.case)

    # -- the report -------------------------------------------------------------------------------
    def report(self) -> None:
        mine = CompletionReport.objects.filter(case=self.case)

        def start() -> Page:
            return self.firm.send(self.firm.open(self.home).form("/report/start/"))

        self.do("report", start, mine.exists)
        typed = lasting(lambda: typed_report(self.award))

        def keep() -> Page:
            page = self.firm.open(f"{self.home}report/")
            return self.firm.send(page.form("/report/"), typed | {"go_on": "on"})

        self.do("report items", keep, lambda: bool(reporting.items_of(mine.get())))
        for item in lasting(lambda: reporting.items_of(mine.get())):
            self.file(f"{self.home}report/documents/", reporting.file_key(item))

        def hand_in() -> Page:
            page = self.firm.open(f"{self.home}report/review/")
            return self.firm.send(page.form("/report/review/"))

        key = lasting(lambda: mine.get().subject_key)
        handed_in = mine.exclude(state__in=CompletionReport.EDITABLE)
        self.do(
            "report in",
            hand_in,
            handed_in.exists,
            lambda: self.told(key, "completionreport.submit"),
        )

    def inspect(self) -> None:
        inspector, where = self.office("inspector"), f"{self.home}report/inspection/"
        given = {
            "go_on": "on",
            "inspection_kind": "paper",
            "inspection_note": "現物と帳簿を確かめた。",
            **lasting(lambda: parts("inspected_on", clock.today())),
        }
        inspected = CompletionReport.objects.filter(case=self.case, state="inspected")

        def press() -> Page:
            return inspector.send(inspector.open(where).form("/inspection/"), given)

        self.do("inspect", press, inspected.exists)

    # -- account, claim, order --------------------------------------------------------------------
    def declare(self) -> None:
        firm = self.organisation
        mine = BankAccount.objects.filter(organisation=firm)
        given = {
            "bank_code": "0116",
            "branch_code": "101",
            "kind": "1",
            "number": f"{self.case % 10_000_000:07}",
            "holder": firm.name,
            "holder_kana": firm.kana or "フィクティシャス",
        }
        where = f"/organisations/{firm.pk}/account/"

        def press() -> Page:
            return self.firm.send(self.firm.open(where).form("/account/"), given)

        self.do("account", press, mine.exists)
        pk = lasting(lambda: mine.latest("pk").pk)
        where_to = f"/do/bankaccount/{pk}/confirm/"
        finance = self.office("accountant")

        def confirm() -> Page:
            form = finance.open(where_to).form(where_to)
            return finance.send(form, {n: WHY for n in form.names if n.startswith("why_")})

        self.do("confirm", confirm, mine.filter(state="confirmed").exists)

    def claim(self) -> None:
        mine = Claim.objects.filter(case=self.case)

        def press() -> Page:
            return self.firm.send(self.firm.open(f"{self.home}claims/new/").form("/claims/new/"))

        self.do("claim", press, mine.exists)
        pk = lasting(lambda: mine.latest("pk").pk)
        self.transit(self.office("accountant"), "claim", pk, "examine")

    def order(self) -> None:
        claim = lasting(lambda: Claim.objects.get(case=self.case))
        treasurer = self.office("treasurer")
        where = f"/claims/{claim.pk}/order/"
        mine = Payment.objects.filter(claim=claim)

        def press() -> Page:
            return treasurer.send(treasurer.open(where).form(where))

        self.do("order", press, mine.exists, lambda: self.ledger.note("order", str(self.case)))

    # -- the batch --------------------------------------------------------------------------------
    def pay(self) -> None:
        treasurer, accounting = self.office("treasurer"), self.office("accounting_officer")
        payment = lasting(lambda: Payment.objects.get(case=self.case))
        in_batch = Payment.objects.filter(pk=payment.pk).exclude(batch=None)

        def gather() -> Page:
            form = found(treasurer.open("/payments/"), lambda form: "pay_on_y" in form.names)
            return treasurer.send(form, more=[("pick", str(payment.pk))])

        self.do("batch", gather, in_batch.exists)
        batch = lasting(lambda: PaymentBatch.objects.get(payments=payment))
        self.transit(treasurer, "paymentbatch", batch.pk, "lock")
        where = f"/payments/batches/{batch.pk}/"
        confirmed = dict.fromkeys(("lawful", "debt_fixed", "complete"), "on")

        def check() -> Page:
            form = accounting.open(f"{where}check/").form("/check/")
            return accounting.send(form, confirmed, more=[("orders", str(payment.pk))])

        cleared = Payment.objects.filter(pk=payment.pk).exclude(clearance=None)
        self.do("check", check, cleared.exists)
        self.transit(accounting, "paymentbatch", batch.pk, "export")
        self.download(batch)
        self.take_in(batch)
        self.transit(accounting, "paymentbatch", batch.pk, "reconcile")

    def download(self, batch: PaymentBatch) -> None:
        """What the bank is handed is what was frozen, and is handed over once."""
        accounting, got = self.office("accounting_officer"), list[bytes]()

        def press() -> Page:
            got.append(accounting.read(f"/payments/batches/{batch.pk}/file"))
            return Page(f"/payments/batches/{batch.pk}/file", 302 if got[-1] else 404, "")

        self.do(
            "export",
            press,
            lambda: False,
            lambda: self.ledger.note("file to the bank", str(batch.pk), sha256(got[-1])),
        )

    def take_in(self, batch: PaymentBatch) -> None:
        """The day of transfer has come, and the bank answers."""
        accounting = self.office("accounting_officer")
        lasting(lambda: PaymentBatch.objects.filter(pk=batch.pk).update(pay_on=clock.today()))
        text = lasting(lambda: answer_of_the_bank(batch)).encode("cp932")
        where = f"/payments/batches/{batch.pk}/"
        paid = Payment.objects.filter(batch=batch, state="paid")

        def press() -> Page:
            form = found(accounting.open(where), lambda form: "file" in form.names)
            return accounting.send(form, files={"file": ("result.csv", text)})

        self.do("result", press, paid.exists)
        self.wait(paid.exists, "taken in")


def answer_of_the_bank(batch: PaymentBatch) -> str:
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for p in batch.payments.select_related("account").order_by("line"):
        account = (p.account.bank_code, p.account.branch_code, p.account.number)
        rows.writerow([batch.number, p.line, *account, p.amount, "0", ""])
    return out.getvalue()
