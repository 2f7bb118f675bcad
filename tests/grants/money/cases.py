"""What every rule of the money machine works with: its cases, its people and its clock."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.payments.models import Payment
from grants.payments.states import MADE
from grants.recovery.models import Recovery
from grants.recovery.states import RecoveryState
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.cases.turns import pass_time
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.errors import Refused
from portal.workflow.graph import LifeCycle
from tests.conftest import World
from tools.demonstration import simulation

N = st.integers(0, 9)
YEN = st.integers(1, 400_000)


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


class Cases(RuleBasedStateMachine):
    """Two awards of 280,000 yen of one firm, one of which may be paid in advance."""

    world: World
    person: User
    found: list[Award]
    reached: set[str] = set()  # how far any run came, so that a machine that never pays is noticed

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.awards = [award.pk for award in self.found]
        self.accounts = self.last_order = 0
        self.times = ExitStack()
        self.be_at(clock.now())

    def teardown(self) -> None:
        self.times.close()
        transaction.savepoint_rollback(self.savepoint)

    def be_at(self, moment: datetime) -> None:
        """The clock stands, and never goes back: turns that pass with time pass."""
        self.times.enter_context(clock.at(max(moment, clock.now())))
        pass_time()

    def days_pass(self, days: int) -> None:
        self.be_at(simulation.at(clock.today() + timedelta(days=days), 9))

    def award(self, n: int) -> Award:
        return Award.objects.get(pk=self.awards[n % len(self.awards)])

    def line(self, award: Award) -> BudgetLine:
        return BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")

    def attempt(self, call: Callable[[], object], reached: str = "") -> bool:
        """Do it, or be refused; what was done once is remembered."""
        try:
            with transaction.atomic():
                call()
        except Refused:
            return False
        if reached:
            self.reached.add(reached)
        return True

    def decide(
        self, act: str, subject: LifeCycle | None, given: Given, drafter: str, decider: str
    ) -> bool:
        staff = self.world.staff

        def run() -> None:
            approval = begin(
                Approval,
                by=staff[drafter],
                act=act,
                title="t",
                rows=[(subject, given)],
                steps=[("decide", staff[decider])],
            )
            perform(perform(approval, "circulate", by=staff[drafter]), "approve", by=staff[decider])

        self.last_order = Recovery.objects.aggregate(last=Max("pk"))["last"] or 0
        return subject is not None and self.attempt(run, act)

    def asked_back(self, n: int, before: int, may_keep: int) -> None:
        """A decision left of what could be kept so many yen; what was paid above them is ordered back by
        it, to the yen.
        """
        award = self.award(n)
        paid = Payment.objects.filter(award=award, state__in=MADE)
        orders = Recovery.objects.filter(award=award).exclude(state=RecoveryState.CANCELLED)
        above = sum(row.amount for row in paid) - sum(row.principal for row in orders)
        assert award.payable == may_keep
        assert above <= may_keep
        for order in orders.filter(pk__gt=self.last_order):
            assert above == may_keep
            assert order.lowered in (0, before - may_keep)
