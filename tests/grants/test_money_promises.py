"""A state machine over whole cases with money: reports, claims, orders, batches, results, recoveries, in any order by anybody."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from grants.awards.models import Award
from grants.budget.models import BudgetEntry, BudgetLine
from grants.completion.models import CompletionReport
from grants.payments import checking, paying, results, settling
from grants.payments.models import Claim, Payment, PaymentBatch
from grants.recovery import collecting
from grants.recovery.models import MoneyIn, Recovery
from portal import clock, fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.turns import is_live
from portal.audit.models import Event
from portal.audit.verifying import first_fault
from portal.cases.turns import differing, rewrite
from portal.types import Given
from portal.workflow import duties
from portal.workflow.door import begin, perform
from portal.workflow.errors import Refused
from portal.workflow.models import Duty
from reports.statistics.pipeline import frames
from reports.statistics.pipeline.reconciling import reconcile
from reports.statistics.pipeline.tables import Parameters
from reports.statistics.releasing.building import whole
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded, reported
from tools.demonstration import simulation

N = st.integers(0, 9)
OF_RECOVERY = ("waive", "cancel_order", "defer_return")


def mostly(*right: str) -> st.SearchStrategy[str]:
    """The people whose work it is, and now and then anybody."""
    return st.sampled_from(
        [
            *right * 4,
            "officer",
            "approver",
            "inspector",
            "accountant",
            "treasurer",
            "accounting_officer",
            "auditor",
        ]
    )


OFFICER, DECIDER, FINANCE, ACCOUNTING = (
    mostly("officer"),
    mostly("director", "approver"),
    mostly("accountant", "treasurer"),
    mostly("accounting_officer"),
)


class Money(RuleBasedStateMachine):
    """Two awards of 280,000 yen, one of which may be paid in advance."""

    world: World
    found: list[tuple[Award, User]]
    reached: set[str] = set()  # how far any run came, so that a machine that never pays is noticed

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.awards = [award.pk for award, _person in self.found]
        self.people = {award.pk: person for award, person in self.found}
        self.accounts = 0
        self.start = clock.now()
        self.written: list[int | None] = []
        self.year = fiscal.fiscal_year(clock.today())

    def teardown(self) -> None:
        """At the end of a run the published tables agree too; the money does after each step."""
        _made, checked = whole(frames.read(), Parameters(self.year))
        transaction.savepoint_rollback(self.savepoint)
        assert checked.faults == []

    def award(self, n: int) -> tuple[Award, User]:
        pk = self.awards[n % len(self.awards)]
        return Award.objects.get(pk=pk), self.people[pk]

    def attempt(self, call: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                call()
        except Refused:
            pass

    def decide(
        self, act: str, subject: Any, given: dict[str, object], drafter: str, decider: str
    ) -> None:
        staff = self.world.staff

        def run() -> None:
            steps = [("decide", staff[decider])]
            approval = begin(
                Approval,
                by=staff[drafter],
                act=act,
                title="t",
                rows=[(subject, given)],
                steps=steps,
            )
            perform(perform(approval, "circulate", by=staff[drafter]), "approve", by=staff[decider])

        self.attempt(run)

    @initialize(amount=st.integers(150_000, 500_000), far=st.integers(0, 14))
    def one_is_on_its_way(self, amount: int, far: int) -> None:
        """Rules drawn alone come seldom as far as money."""
        self.report(n=0, amount=amount, far=far)

    @rule(n=N, amount=st.integers(150_000, 500_000), far=st.integers(0, 14))
    def report(self, n: int, amount: int, far: int) -> None:
        """A report, and of what usually follows it the first `far` steps."""
        award, person = self.award(n)
        self.attempt(lambda: reported(self.world, award, person, amount))
        usual: list[Callable[[], None]] = [
            lambda: self.inspect(n=n, who="inspector"),
            lambda: self.fix(n=n, drafter="officer", decider="director"),
            lambda: self.new_account(n=n),
            lambda: self.claim(n=n, kind="settlement", amount=1, all_of_it=True),
            lambda: self.check_and_order(n=n, who="accountant", then="treasurer"),
            lambda: self.send(maker="treasurer", sender="accounting_officer"),
            lambda: self.answer(code="0", times=2),
            lambda: self.call_back(
                n=n, act="revoke_part", amount=50_000, drafter="officer", decider="director"
            ),
            lambda: self.pay_back(n=n, amount=50_000, days=30),
        ]
        for step in usual[:far]:
            step()

    @rule(n=N, who=mostly("inspector"))
    def inspect(self, n: int, who: str) -> None:
        report = CompletionReport.objects.filter(award=self.award(n)[0]).first()
        if report is not None:
            given: Given = {
                "inspected_on": clock.today(),
                "inspection_kind": "paper",
                "inspection_note": "x",
            }
            self.attempt(lambda: perform(report, "inspect", by=self.world.staff[who], **given))

    @rule(n=N, drafter=OFFICER, decider=DECIDER)
    def fix(self, n: int, drafter: str, decider: str) -> None:
        report = CompletionReport.objects.filter(award=self.award(n)[0], state="inspected").first()
        if report is not None:
            self.decide("fix", report, {}, drafter, decider)

    @rule(n=N)
    def new_account(self, n: int) -> None:
        self.accounts += 1
        self.attempt(
            lambda: payments.account(self.world, self.award(n)[1], number=f"{self.accounts:07}")
        )

    @rule(
        n=N,
        kind=st.sampled_from(["settlement", "advance"]),
        amount=st.integers(1, 400_000),
        all_of_it=st.booleans(),
    )
    def claim(self, n: int, kind: str, amount: int, all_of_it: bool) -> None:
        award, person = self.award(n)
        yen = award.payable if all_of_it else amount
        self.attempt(lambda: begin(Claim, by=person, award=award, kind=kind, amount=yen))

    @rule(n=N, who=FINANCE, then=FINANCE)
    def check_and_order(self, n: int, who: str, then: str) -> None:
        for claim in Claim.objects.filter(award=self.award(n)[0]):
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
            with clock.at(simulation.at(batch.pay_on, 15)):
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
        for payment in Payment.objects.filter(award=self.award(n)[0], state="paid"):
            assert payment.paid_on is not None
            with clock.at(simulation.at(payment.paid_on, 17)):
                given: Given = {"came_back_on": payment.paid_on, "document": ("x.pdf", b"%PDF-")}
                by, finance = self.world.staff[who], self.world.staff[then]
                said = partial(perform, payment, "say_came_back", by=by, reason="口座解約")
                self.attempt(partial(said, **given))
                self.attempt(partial(perform, payment, "come_back", by=finance, reason="確認"))

    @rule(n=N, who=FINANCE)
    def confirm_bounce(self, n: int, who: str) -> None:
        """Finance looks at the bank's word of what did not arrive."""
        by = self.world.staff[who]
        for payment in Payment.objects.filter(award=self.award(n)[0], state="bounced"):
            self.attempt(partial(perform, payment, "confirm_bounce", by=by, reason="書面"))

    @rule(n=N, who=ACCOUNTING, then=FINANCE, is_denied=st.booleans())
    def correct(self, n: int, who: str, then: str, is_denied: bool) -> None:
        """What was recorded as bounced had arrived, or is said to have."""
        name = "deny_arrival" if is_denied else "confirm_arrival"
        given: Given = {"document": ("x.pdf", b"%PDF-"), "reason": "x"}
        for payment in Payment.objects.filter(award=self.award(n)[0], state="bounced"):
            self.attempt(
                partial(perform, payment, "doubt_bounce", by=self.world.staff[who], **given)
            )
        for payment in Payment.objects.filter(award=self.award(n)[0], state="bounce_doubted"):
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

    @rule(
        n=N,
        act=st.sampled_from(
            [
                "revoke",
                "revoke_part",
                "surplus",
                "waive",
                "abandon",
                "cancel",
                "cancel_order",
                "defer_return",
            ]
        ),
        amount=st.integers(1, 400_000),
        drafter=OFFICER,
        decider=DECIDER,
    )
    def call_back(self, n: int, act: str, amount: int, drafter: str, decider: str) -> None:
        award = self.award(n)[0]
        subject = Recovery.objects.filter(award=award).first() if act in OF_RECOVERY else award
        if subject is not None:
            self.decide(
                act,
                subject,
                {
                    "reason": "x",
                    "heard": "x",
                    "with_surcharge": act != "surplus",
                    "amount": amount,
                    "kept": amount // 2,
                    "ground": {"waive": "council", "defer_return": "means"}.get(act, "error"),
                    "proof": "x",
                    "plan": f"{clock.today() + timedelta(days=60)} {amount}",
                },
                drafter,
                decider,
            )

    @rule(n=N, amount=st.integers(1, 300_000), days=st.integers(0, 400))
    def pay_back(self, n: int, amount: int, days: int) -> None:
        for recovery in Recovery.objects.filter(award=self.award(n)[0]):
            with clock.at(self.start + timedelta(days=days)):
                self.attempt(
                    partial(
                        collecting.receive,
                        recovery,
                        amount=amount,
                        paid_on=clock.today(),
                        by=self.world.staff["accountant"],
                    )
                )
        # the machine's clock goes back to its day: on that one other turns stand than on this
        rewrite([self.award(n)[0].case])

    # -- the promises ------------------------------------------------------------------------------------------------
    @invariant()
    def no_yen_is_paid_twice_or_above_the_award(self) -> None:
        for award in Award.objects.filter(pk__in=self.awards):
            live = Payment.objects.filter(award=award, state__in=Payment.LIVE)
            assert sum(p.amount for p in live) <= award.awarded_amount
            assert len({p.claim_id for p in live}) == live.count()

    @invariant()
    def what_is_kept_is_what_may_be_kept_or_is_asked_back(self) -> None:
        for award in Award.objects.filter(pk__in=self.awards):
            assert award.payable <= (award.fixed_amount or award.awarded_amount)
            kept = settling.settled_sum(award)
            asked = collecting.open_principal(award)
            if award.state == "closed":
                assert kept - asked <= award.payable
                if not asked:
                    assert kept == award.payable
            if kept - asked > award.payable:
                what = "返還の命令を起案する"
                assert award.case.turns.filter(what=what).exists() or is_live(award.case)

    @rule(n=N)
    def withdraw(self, n: int) -> None:
        award, person = self.award(n)
        self.attempt(lambda: perform(award, "withdraw", by=person, reason="x"))

    @invariant()
    def the_book_balances_to_the_yen(self) -> None:
        for line in BudgetLine.objects.filter(unit="yen"):
            booked = {
                k: BudgetEntry.objects.filter(line=line, kind=k).aggregate(n=Sum("amount"))["n"]
                or 0
                for k, _label in BudgetEntry.KINDS
            }
            assert line.committed == booked["commitment"] - booked["decommitment"]
            assert line.disbursed == booked["disbursement"] - booked["return"] - booked["reversal"]
            assert 0 <= line.disbursed <= line.committed <= line.appropriated
        cases = Award.objects.filter(pk__in=self.awards).values("case")
        paid = (
            Payment.objects.filter(case__in=cases, state="paid").aggregate(n=Sum("amount"))["n"]
            or 0
        )
        of_cases = BudgetEntry.objects.filter(case__in=cases)
        spent, back = (
            of_cases.filter(kind=kind).aggregate(n=Sum("amount"))["n"] or 0
            for kind in ("disbursement", "reversal")
        )
        assert paid == spent - back

    @invariant()
    def ledger_awards_payments_and_returns_agree_to_the_yen(self) -> None:
        """Asked wherever the last step wrote anything: most are refused."""
        written = [
            table.objects.aggregate(last=Max("pk"))["last"] for table in (Event, BudgetEntry)
        ]
        if written != self.written:
            assert reconcile(frames.read_money()).faults == []
            self.written = written

    @invariant()
    def what_came_back_never_exceeds_what_was_asked(self) -> None:
        for recovery in Recovery.objects.all():
            came = sum(row.counted for row in MoneyIn.objects.filter(recovery=recovery))
            owed = recovery.owed(clock.today() + timedelta(days=500))
            assert came <= owed["total"]

    @invariant()
    def nobody_does_both_of_a_pair(self) -> None:
        for one, other in duties.PAIRS:
            both = set(Duty.objects.filter(duty=one).values_list("subject", "person"))
            assert (
                both & set(Duty.objects.filter(duty=other).values_list("subject", "person"))
                == set()
            )

    @invariant()
    def turns_and_audit_are_whole(self) -> None:
        self.reached.update(
            f"payment {state}" for state in Payment.objects.values_list("state", flat=True)
        )
        self.reached.update(
            f"recovery {state}" for state in Recovery.objects.values_list("state", flat=True)
        )
        self.reached.update(
            f"award {state}" for state in Award.objects.values_list("state", flat=True)
        )
        assert differing() == []
        assert first_fault() == ""


def test_the_promises_hold_over_whole_cases_with_money(world: World) -> None:
    Money.world, Money.found = world, [awarded(world) for _ in range(2)]
    first = Money.found[0][0]
    first.parameters["payment"] = ["settlement", "advance"]
    first.save()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    Money.TestCase.settings = settings(
        max_examples=12,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    Money.TestCase("runTest").runTest()
    assert {"payment paid", "award closed", "recovery ordered"} <= Money.reached, Money.reached
