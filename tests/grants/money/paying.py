"""Rules of the money machine: reports, claims, orders, batches and what the bank says of them, by anybody."""

from collections.abc import Callable
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule

from grants.completion.models import CompletionReport
from grants.payments import checking, paying, results
from grants.payments.models import Claim, Payment, PaymentBatch
from portal import clock
from portal.types import Given
from portal.workflow.door import begin, perform
from tests.grants import test_payments as payments
from tests.grants.money.cases import ACCOUNTING, DECIDER, FINANCE, OFFICER, YEN, Cases, N, mostly
from tests.grants.test_completion import reported
from tools.demonstration import simulation

WHOLE = st.integers(150_000, 500_000)


class Paying(Cases):
    def paid_steps(self, n: int, amount: int) -> list[Callable[[], None]]:
        """What usually leads to money, step by step."""
        return [
            lambda: self.report(n=n, amount=amount),
            lambda: self.inspect(n=n, who="inspector"),
            lambda: self.fix(n=n, drafter="officer", decider="director"),
            lambda: self.new_account(),
            lambda: self.claim(n=n, kind="settlement", amount=1, all_of_it=True),
            lambda: self.check_and_order(n=n, who="accountant", then="treasurer"),
            lambda: self.send(maker="treasurer", sender="accounting_officer"),
            lambda: self.answer(code="0", times=2),
        ]

    @rule(n=N, amount=WHOLE)
    def report(self, n: int, amount: int) -> None:
        self.attempt(lambda: reported(self.world, self.award(n), self.person, amount))

    @rule(n=N, amount=WHOLE)
    def go_on(self, n: int, amount: int) -> None:
        """A case goes its usual way: rules drawn alone come seldom as far as money."""
        for step in self.paid_steps(n, amount):
            step()

    @rule(n=N, who=mostly("inspector"))
    def inspect(self, n: int, who: str) -> None:
        report = CompletionReport.objects.filter(award=self.award(n)).first()
        if report is not None:
            given: Given = {
                "inspected_on": clock.today(),
                "inspection_kind": "paper",
                "inspection_note": "x",
            }
            self.attempt(lambda: perform(report, "inspect", by=self.world.staff[who], **given))

    @rule(n=N, drafter=OFFICER, decider=DECIDER)
    def fix(self, n: int, drafter: str, decider: str) -> None:
        report = CompletionReport.objects.filter(award=self.award(n), state="inspected").first()
        self.decide("fix", report, {}, drafter, decider)

    @rule()
    def new_account(self) -> None:
        self.accounts += 1
        number = f"{self.accounts:07}"
        self.attempt(lambda: payments.account(self.world, self.person, number=number))

    @rule(
        n=N,
        kind=st.sampled_from(["settlement", "advance"]),
        amount=YEN,
        all_of_it=st.booleans(),
    )
    def claim(self, n: int, kind: str, amount: int, all_of_it: bool) -> None:
        award = self.award(n)
        yen = award.payable if all_of_it else amount
        asked = partial(begin, Claim, by=self.person, award=award, kind=kind, amount=yen)
        if self.attempt(asked):
            assert Claim.objects.latest("pk").amount == yen

    @rule(n=N, who=FINANCE, then=FINANCE)
    def check_and_order(self, n: int, who: str, then: str) -> None:
        for claim in Claim.objects.filter(award=self.award(n)):
            self.attempt(partial(perform, claim, "examine", by=self.world.staff[who]))
            fresh = Claim.objects.get(pk=claim.pk)
            self.attempt(partial(paying.order, fresh, by=self.world.staff[then]))

    @rule(maker=FINANCE, sender=ACCOUNTING)
    def send(self, maker: str, sender: str) -> None:
        waiting = list(Payment.objects.filter(award__in=self.awards, state="ordered", batch=None))

        def run() -> None:
            batch = paying.make_batch(
                self.world.staff[maker], pay_on=paying.next_pay_day(), payments=waiting
            )
            batch = perform(batch, "lock", by=self.world.staff[maker])
            by = self.world.staff[sender]
            checking.clear(batch, list(batch.payments.all()), by=by)
            perform(PaymentBatch.objects.get(pk=batch.pk), "export", by=by)

        self.attempt(run)

    @rule(code=st.sampled_from(["0", "0", "8"]), times=st.integers(1, 2))
    def answer(self, code: str, times: int) -> None:
        for batch in PaymentBatch.objects.filter(state="exported"):
            rows, _faults = results.read(
                payments.answer(batch, code, "口座なし" if code == "8" else "")
            )
            self.be_at(simulation.at(batch.pay_on, 15))
            for _ in range(times):
                results.apply(rows, batch=batch, by=self.world.staff["accounting_officer"])

    @rule(maker=FINANCE, who=ACCOUNTING, again=FINANCE)
    def doubt(self, maker: str, who: str, again: str) -> None:
        """Accounting sends an order back; finance puts it right, or cancels it."""
        waiting = list(Payment.objects.filter(award__in=self.awards, state="ordered", batch=None))

        def run() -> None:
            batch = paying.make_batch(
                self.world.staff[maker], pay_on=paying.next_pay_day(), payments=waiting
            )
            perform(batch, "lock", by=self.world.staff[maker])
            given: Given = {"doubts": ["complete"], "reason": "x"}
            perform(waiting[0], "send_back", by=self.world.staff[who], **given)

        self.attempt(run)
        for payment in Payment.objects.filter(award__in=self.awards, state="returned"):
            name = "order_again" if payment.pk % 2 else "cancel"
            self.attempt(partial(perform, payment, name, by=self.world.staff[again], reason="x"))

    @rule(n=N, who=ACCOUNTING, then=FINANCE)
    def come_back(self, n: int, who: str, then: str) -> None:
        """What the bank had reported paid is returned later."""
        given: Given = {"came_back_on": clock.today(), "document": ("x.pdf", b"%PDF-")}
        by, finance = self.world.staff[who], self.world.staff[then]
        for payment in Payment.objects.filter(award=self.award(n), state="paid"):
            said = partial(perform, payment, "say_came_back", by=by, reason="口座解約")
            self.attempt(partial(said, **given))
            self.attempt(partial(perform, payment, "come_back", by=finance, reason="確認"))

    @rule(n=N, who=FINANCE)
    def confirm_bounce(self, n: int, who: str) -> None:
        """Finance looks at the bank's word of what did not arrive."""
        by = self.world.staff[who]
        for payment in Payment.objects.filter(award=self.award(n), state="bounced"):
            self.attempt(partial(perform, payment, "confirm_bounce", by=by, reason="書面"))

    @rule(n=N, who=ACCOUNTING, then=FINANCE, is_denied=st.booleans())
    def correct(self, n: int, who: str, then: str, is_denied: bool) -> None:
        """What was recorded as bounced had arrived, or is said to have."""
        name = "deny_arrival" if is_denied else "confirm_arrival"
        given: Given = {"document": ("x.pdf", b"%PDF-"), "reason": "x"}
        for payment in Payment.objects.filter(award=self.award(n), state="bounced"):
            self.attempt(
                partial(perform, payment, "doubt_bounce", by=self.world.staff[who], **given)
            )
        for payment in Payment.objects.filter(award=self.award(n), state="bounce_doubted"):
            self.attempt(partial(perform, payment, name, by=self.world.staff[then], reason="x"))

    @rule(who=mostly("treasurer", "accounting_officer"), really=st.integers(0, 3))
    def void(self, who: str, really: int) -> None:
        """Before the file is made by one person, afterwards by two."""
        acts: dict[str, tuple[str, Given]] = {
            "open": ("void", {}),
            "locked": ("void", {}),
            "exported": ("ask_void", {"document": ("回答.pdf", b"%PDF-")}),
            "void_asked": ("confirm_void", {}),
        }
        for batch in [] if really else PaymentBatch.objects.filter(state__in=acts):
            name, given = acts[batch.state]
            by = self.world.staff[who]
            self.attempt(partial(perform, batch, name, by=by, reason="x", **given))

    @rule(n=N)
    def withdraw(self, n: int) -> None:
        award = self.award(n)
        self.attempt(lambda: perform(award, "withdraw", by=self.person, reason="x"))
