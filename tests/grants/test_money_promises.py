"""A state machine over whole cases with money: reports, claims, orders, batches, results, decisions, returns and
years, in any order by anybody.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F, Max, Q, Sum
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant

from grants.applications.models import Application
from grants.awards.models import Award
from grants.budget import adding_up
from grants.budget.models import BudgetEntry, BudgetLine
from grants.payments import settling
from grants.payments.models import Claim, Payment
from grants.recovery import collecting, offsetting
from grants.recovery.models import MoneyIn, Recovery
from grants.recovery.revenue import by_year
from portal import clock, fiscal
from portal.accounts.models import User
from portal.approvals.turns import is_live
from portal.audit.models import Event
from portal.audit.verifying import first_fault
from portal.cases.turns import differing
from portal.workflow import duties
from portal.workflow.door import begin
from portal.workflow.models import Duty
from reports.statistics.pipeline import frames
from reports.statistics.pipeline.reconciling import reconcile
from reports.statistics.pipeline.tables import Parameters
from reports.statistics.releasing.building import whole
from tests.beginning import begins
from tests.conftest import World
from tests.grants.money.paying import Paying
from tests.grants.money.returning import Returning
from tests.grants.test_completion import awarded, granted
from tests.grants.test_late_use import LAW
from tools.demonstration import simulation

Steps = list[Callable[[], None]]
# `test_wrong_postings` breaks what the portal books, and says which of them sees it
PROMISES = (
    "ledger_awards_payments_returns_and_revenue_agree_to_the_yen",
    "no_yen_is_paid_twice_or_above_the_award",
    "what_is_kept_is_what_may_be_kept_or_is_asked_back",
    "the_book_balances_to_the_yen",
    "what_came_back_never_exceeds_what_was_asked",
    "what_came_early_waits_only_while_nothing_is_asked",
    "nobody_does_both_of_a_pair",
    "turns_and_audit_are_whole",
)


class Money(Paying, Returning):
    seen: object = None  # what was written when the promises were asked last

    # -- where a run begins --------------------------------------------------------------------------
    def paid_and_asked_back(self) -> Steps:
        by = {"drafter": "officer", "decider": "director"}
        return [
            *self.paid_steps(0, 420_000),
            lambda: self.call_back(n=0, act="revoke_part", amount=50_000, **by),
            lambda: self.pay_back(n=0, amount=50_000, all_of_it=True, ago=0, who="accountant"),
        ]

    def late_with_another(self) -> Steps:
        """The firm owes of one award by yesterday, and is to be paid of the other."""
        by = {"drafter": "officer", "decider": "director"}
        return [
            *self.paid_and_asked_back()[:-1],
            lambda: self.days_pass(30),
            *self.paid_steps(1, 420_000)[:6],
            lambda: self.withhold(n=1, **by),
            lambda: self.set_off(n=1, share=60, **by),
            lambda: self.undo_set_off(n=1, **by),
            lambda: self.defer(n=0, first=40, days=20, **by),
            lambda: self.hold(n=1, name="release", who="treasurer"),
        ]

    def asked_back_later(self) -> Steps:
        by = {"drafter": "officer", "decider": "director"}
        return [
            *self.paid_steps(0, 420_000),
            lambda: self.days_pass(40),
            lambda: self.fine(n=0, days=10, **by),
            lambda: self.report_tax(n=0, ratio=80, **by),
            lambda: self.dispose(n=0, proceeds=100_000, is_allowed=True, **by),
            lambda: self.pay_back(n=0, amount=1, all_of_it=True, ago=0, who="accountant"),
        ]

    def carried_over(self) -> Steps:
        """Paid in the June after: the one award by permission, the other after an accident."""
        end = fiscal.fiscal_year_end(fiscal.fiscal_year(clock.today()))
        two = {"who": "accountant", "then": "treasurer"}
        return [
            *self.paid_steps(0, 420_000)[:5],
            *self.paid_steps(1, 420_000)[:5],
            lambda: self.carry(n=0, kind="carry_over", share=100, **two),
            lambda: self.carry(n=1, kind="accident", share=50, **two),
            lambda: self.days_pass((end - clock.today()).days + 70),
            lambda: self.check_and_order(n=0, **two),
            lambda: self.send(maker="treasurer", sender="accounting_officer"),
            lambda: self.answer(code="0", times=1),
        ]

    @initialize(
        start=st.sampled_from(
            [paid_and_asked_back, late_with_another, asked_back_later, carried_over]
        ),
        far=st.integers(0, 30),
    )
    def one_is_on_its_way(self, start: Callable[["Money"], Steps], far: int) -> None:
        """Rules drawn alone come seldom as far as money: of what usually happens the first `far` steps."""
        for step in start(self)[:far]:
            step()

    def teardown(self) -> None:
        """At the end of a run the published tables agree too; the money does after each step."""
        try:
            _made, checked = whole(frames.read(), Parameters(fiscal.fiscal_year(clock.today())))
        finally:
            super().teardown()
        assert checked.faults == []

    # -- the promises --------------------------------------------------------------------------------
    @invariant()
    def what_is_promised_holds(self) -> None:
        """Asked wherever the last step wrote anything or let time pass: most are refused."""
        tables = (Event, BudgetEntry)
        seen = (clock.now(), [table.objects.aggregate(last=Max("pk"))["last"] for table in tables])
        if seen != self.seen:
            self.seen = seen
            for promise in PROMISES:
                getattr(self, promise)()

    def no_yen_is_paid_twice_or_above_the_award(self) -> None:
        for award in Award.objects.filter(pk__in=self.awards):
            live = Payment.objects.filter(award=award, state__in=Payment.LIVE)
            assert sum(p.amount for p in live) <= award.awarded_amount
            for claim in Claim.objects.filter(payments__in=live.exclude(state="set_off")):
                yen = sum(p.amount for p in live if p.claim_id == claim.pk)
                # a set-off that was undone is paid beside the rest, and perhaps not ordered yet
                later = [p.amount for p in claim.payments.all() if p.was_set_off]
                assert yen in {claim.amount, *(claim.amount - amount for amount in later)}

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

    def the_book_balances_to_the_yen(self) -> None:
        for line in BudgetLine.objects.filter(unit="yen"):
            booked = {
                k: BudgetEntry.objects.filter(line=line, kind=k).aggregate(n=Sum("amount"))["n"]
                or 0
                for k, _label in BudgetEntry.KINDS
            }
            undone = booked["return_undone"]
            assert line.committed == booked["commitment"] - booked["decommitment"] + undone
            spent = booked["disbursement"] - booked["reversal"]
            assert line.disbursed == spent - booked["return"] + undone
            assert 0 <= line.disbursed <= line.committed <= line.appropriated
        of_its_award = Q(case__awards__frame=F("line__frame")) & Q(
            case__awards__application__call=F("line__call")
        )
        assert not BudgetEntry.objects.exclude(Q(case=None) | of_its_award).exists()

    def ledger_awards_payments_returns_and_revenue_agree_to_the_yen(self) -> None:
        assert reconcile(frames.read_money()).faults == []
        assert adding_up.first_fault() == ""
        assert offsetting.first_fault() == ""
        late = sum(row.principal + row.charges for row in by_year(Recovery.objects.all()))
        booked = {
            kind: sum(row.amount for row in BudgetEntry.objects.filter(kind=kind))
            for kind in ("return", "return_undone")
        }
        paying = MoneyIn.objects.standing().exclude(recovery=None)
        came = sum(row.counted for row in paying.exclude(recovery__state="cancelled"))
        assert late == came - (booked["return"] - booked["return_undone"])

    def what_came_back_never_exceeds_what_was_asked(self) -> None:
        for recovery in Recovery.objects.all():
            came = sum(row.counted for row in MoneyIn.objects.standing().filter(recovery=recovery))
            owed = recovery.owed(clock.today() + timedelta(days=500))
            assert came <= owed["total"]
            if recovery.lowered:  # by the decision that asked for it, of what had been paid
                assert recovery.principal <= recovery.lowered
            rows = recovery.standing
            if any(row.over for row in rows):
                assert came == recovery.owed(rows[-1].paid_on)["total"]
        early = MoneyIn.objects.standing().early().filter(over_seen_at=None)
        assert not early.filter(over__gt=0).exists()

    def what_came_early_waits_only_while_nothing_is_asked(self) -> None:
        for award in Award.objects.filter(pk__in=self.awards):
            waiting = MoneyIn.objects.standing().early().filter(unordered=award, over_seen_at=None)
            assert not (waiting.exists() and award.recoveries.owed().exists())

    def nobody_does_both_of_a_pair(self) -> None:
        for one, other in duties.PAIRS:
            both = set(Duty.objects.filter(duty=one).values_list("subject", "person"))
            assert (
                both & set(Duty.objects.filter(duty=other).values_list("subject", "person"))
                == set()
            )

    def turns_and_audit_are_whole(self) -> None:
        for table in (Payment, Recovery, Award):
            name = table._meta.model_name
            self.reached.update(
                f"{name} {state}" for state in table.objects.values_list("state", flat=True)
            )
        assert differing() == []
        assert first_fault() == ""


def of_one_firm(world: World) -> tuple[Award, Award, User]:
    """Two awards under a programme that asks for all there is to ask; one may be paid in advance."""
    first, person = awarded(world)
    application = begin(
        Application,
        by=person,
        call=world.call("telework", round_no=2),
        organisation=first.case.organisation,
    )
    simulation.fill(world.sim, application, person, complete=True)
    found = [first, granted(world, application, person)]
    for award in found:
        award.parameters |= {"asset_limit": 100_000, "tax_return": True, "interest": LAW}
    first.parameters["payment"] = ["settlement", "advance"]
    Award.objects.bulk_update(found, ["parameters"])
    return found[0], found[1], person


def machine(world: World) -> type[Money]:
    first, second, Money.person = world.begun(of_one_firm)
    Money.world, Money.found, Money.reached = world, [first, second], set()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return Money


@pytest.mark.parametrize(
    ("way", "reached"),
    [
        (Money.paid_and_asked_back, {"payment paid", "award closed", "revoke_part", "received"}),
        (
            Money.late_with_another,
            {"withhold", "set_off", "undo_set_off", "defer_return", "payment set_off"},
        ),
        (Money.asked_back_later, {"late_use", "refund_tax", "allow_disposal", "received"}),
        (Money.carried_over, {"carry_over", "accident", "payment paid"}),
    ],
)
@begins(of_one_firm)
def test_the_promises_hold_on_each_usual_way(
    world: World, way: Callable[[Money], Steps], reached: set[str]
) -> None:
    """After each of its steps; the machine below leaves it anywhere."""
    run = machine(world)()
    try:
        for step in way(run):
            step()
            run.what_is_promised_holds()
    finally:
        run.teardown()
    assert run.reached >= reached, reached - run.reached


@begins(of_one_firm)
def test_the_promises_hold_over_whole_cases_with_money(world: World) -> None:
    found = machine(world)
    found.TestCase.settings = settings(
        max_examples=4,
        stateful_step_count=20,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],  # to shrink takes longer than to read the steps
        suppress_health_check=list(HealthCheck),
    )
    found.TestCase("runTest").runTest()
    assert {"payment paid", "award closed"} <= Money.reached, Money.reached
