"""Rules of the money machine: what is decided once there is money, and what comes back."""

from datetime import timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import rule

from grants.budget import changes
from grants.budget.models import BudgetEntry
from grants.followup import filing as writing
from grants.followup.models import Asset, Filing
from grants.payments.models import Payment
from grants.recovery import (
    acts,
    collecting,
    late_use,
    offsetting,
    taking_back,
    undoing,
    withholding,
)
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.workflow.door import perform
from portal.workflow.drafts import keep
from tests.grants.money.cases import DECIDER, FINANCE, OFFICER, YEN, Cases, N
from tests.grants.test_followup import FILED, asked_disposal
from tests.grants.test_late_use import late
from tests.grants.test_recovery import planned
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach

ENDINGS = ("revoke", "revoke_part", "surplus", "abandon", "cancel")
OF_RECOVERY = ("waive", "cancel_order")
SHARE = st.integers(1, 100)  # in hundredths


class Returning(Cases):
    def debt(self, n: int) -> Recovery | None:
        return acts.find_open(self.award(n).case)

    # -- why money comes back ----------------------------------------------------------------------
    @rule(
        n=N,
        act=st.sampled_from([*ENDINGS, *OF_RECOVERY]),
        amount=YEN,
        drafter=OFFICER,
        decider=DECIDER,
    )
    def call_back(self, n: int, act: str, amount: int, drafter: str, decider: str) -> None:
        given = {
            "reason": "x",
            "heard": "x",
            "with_surcharge": act != "surplus",
            "amount": amount,
            "kept": amount // 2,
            "ground": "council" if act == "waive" else "error" if amount % 2 else "void",
            "proof": "x",
        }
        award, debt = self.award(n), self.debt(n)
        keeps = {"revoke_part": award.payable - amount, "revoke": 0, "abandon": amount // 2}
        keeps["cancel"] = keeps["abandon"]
        if act == "cancel_order" and debt is not None and given["ground"] == "void":
            keeps[act] = award.payable + debt.lowered
        if self.decide(act, debt if act in OF_RECOVERY else award, given, drafter, decider):
            self.asked_back(n, award.payable, keeps.get(act, award.payable))

    @rule(n=N, proceeds=YEN, is_allowed=st.booleans(), drafter=OFFICER, decider=DECIDER)
    def dispose(self, n: int, proceeds: int, is_allowed: bool, drafter: str, decider: str) -> None:
        """財産処分."""
        award = self.award(n)
        asset = Asset.objects.filter(award=award).first()
        if asset is not None:
            self.attempt(
                lambda: asked_disposal(self.world, self.person, asset, proceeds=str(proceeds))
            )
        filing = Filing.objects.filter(award=award, kind="disposal", state="submitted").first()
        act = "allow_disposal" if is_allowed else "deny_disposal"
        back = filing.refund if filing is not None and is_allowed else 0
        if self.decide(act, filing, {"reason": "x"}, drafter, decider):
            self.asked_back(n, award.payable, award.payable - min(back, award.payable))

    @rule(n=N, ratio=SHARE, drafter=OFFICER, decider=DECIDER)
    def report_tax(self, n: int, ratio: int, drafter: str, decider: str) -> None:
        """消費税仕入控除税額."""
        award = self.award(n)

        def run() -> None:
            filing = writing.start(award, "vat", 0, by=self.person)
            typed = FILED | {"basis": "proportional", "ratio": str(ratio)}
            filing = keep(filing, typed, seen=filing.version)
            attach(award.case, key=filing.file_key, name="x.pdf", data=paper("x"), by=self.person)
            writing.submit(filing, by=self.person)

        self.attempt(run)
        filing = Filing.objects.filter(award=award, kind="vat", state="submitted").first()
        back = filing.refund if filing is not None else 0
        if self.decide("refund_tax", filing, {}, drafter, decider):
            self.asked_back(n, award.payable, award.payable - min(back, award.payable))

    @rule(n=N, days=st.integers(1, 30), drafter=OFFICER, decider=DECIDER)
    def fine(self, n: int, days: int, drafter: str, decider: str) -> None:
        """使用の遅れの違約金."""
        award, given = self.award(n), late(self.award(n), days)
        asked = late_use.fine(award, given)
        if self.decide("late_use", award, given, drafter, decider):
            self.asked_back(n, award.payable, award.payable - asked)

    # -- while it is owed --------------------------------------------------------------------------
    @rule(n=N, first=SHARE, days=st.integers(1, 60), drafter=OFFICER, decider=DECIDER)
    def defer(self, n: int, first: int, days: int, drafter: str, decider: str) -> None:
        """履行延期, in two parts."""
        debt = self.debt(n)
        if debt is not None:
            left, today = debt.principal - debt.principal_back, clock.today()
            part = max(left * first // 100, 1)
            parts = [
                (today + timedelta(days=days), part),
                (today + timedelta(days=90), left - part),
            ]
            given = planned(*(row for row in parts if row[1]))
            if self.decide("defer_return", debt, given, drafter, decider):
                agreed = Recovery.objects.get(pk=debt.pk).instalments
                assert sum(row.amount for row in agreed) == left

    @rule(n=N, drafter=OFFICER, decider=DECIDER)
    def withhold(self, n: int, drafter: str, decider: str) -> None:
        """支払いの一時停止."""
        payment = withholding.find(self.award(n).case)
        self.decide("withhold", payment, {"reason": "x"}, drafter, decider)

    @rule(n=N, name=st.sampled_from(["hold", "release", "release", "cancel"]), who=FINANCE)
    def hold(self, n: int, name: str, who: str) -> None:
        by = self.world.staff[who]
        for payment in Payment.objects.filter(award=self.award(n), state__in=("ordered", "held")):
            self.attempt(partial(perform, payment, name, by=by, reason="x"), name)

    @rule(n=N, share=SHARE, drafter=OFFICER, decider=DECIDER)
    def set_off(self, n: int, share: int, drafter: str, decider: str) -> None:
        """相殺, of all or of a part."""
        payment = withholding.find(self.award(n).case)
        if payment is None:
            return
        for debt in offsetting.debts(payment)[:1]:
            amount = max(offsetting.most(payment, debt) * share // 100, 1)
            given = {"against": str(debt.pk), "amount": amount, "reason": "x"}
            self.decide("set_off", payment, given, drafter, decider)

    @rule(n=N, drafter=OFFICER, decider=DECIDER)
    def undo_set_off(self, n: int, drafter: str, decider: str) -> None:
        payment = undoing.find(self.award(n).case)
        self.decide("undo_set_off", payment, {"ground": "form", "reason": "x"}, drafter, decider)

    # -- what comes --------------------------------------------------------------------------------
    @rule(n=N, amount=YEN, all_of_it=st.booleans(), ago=st.integers(0, 20), who=FINANCE)
    def pay_back(self, n: int, amount: int, all_of_it: bool, ago: int, who: str) -> None:
        """Also what came some days ago and is recorded now."""
        by, day = self.world.staff[who], clock.today() - timedelta(days=ago)
        for recovery in Recovery.objects.filter(award=self.award(n)):
            yen = (recovery.owed()["left"] if all_of_it else 0) or amount
            receive = partial(collecting.receive, recovery, amount=yen, paid_on=day)
            if self.attempt(partial(receive, by=by), "received"):
                assert MoneyIn.objects.latest("pk").amount == yen

    @rule(n=N, who=FINANCE)
    def close(self, n: int, who: str) -> None:
        debt = self.debt(n)
        if debt is not None:
            self.attempt(lambda: perform(debt, "close", by=self.world.staff[who]))

    @rule(n=N, amount=YEN, who=FINANCE)
    def pay_early(self, n: int, amount: int, who: str) -> None:
        """Unasked."""
        award, staff, day = self.award(n), self.world.staff, clock.today()
        early = partial(collecting.receive_early, award, amount=amount, by=staff[who])
        if self.attempt(lambda: early(paid_on=day), "early"):
            assert MoneyIn.objects.latest("pk").amount == amount

    @rule(n=N, is_wrong=st.booleans(), who=FINANCE, then=FINANCE)
    def end_of_receipt(self, n: int, is_wrong: bool, who: str, then: str) -> None:
        """Given back as too much, or taken back as a mistake."""
        award, one, other = self.award(n), self.world.staff[who], self.world.staff[then]
        rows = MoneyIn.objects.standing()
        row = (rows.filter(unordered=award) | rows.filter(recovery__award=award)).last()
        if row is not None and is_wrong:
            self.attempt(partial(taking_back.propose, row, ground="x", by=one))
            self.attempt(partial(taking_back.confirm, row, by=other), "taken back")
        elif row is not None:
            self.attempt(partial(collecting.see_surplus, row, by=other))
            self.attempt(partial(collecting.give_back, row, on=clock.today(), by=one), "given back")

    # -- the year ----------------------------------------------------------------------------------
    @rule(
        n=N,
        kind=st.sampled_from(["carry_over", "accident", "carry_again"]),
        share=SHARE,
        who=FINANCE,
        then=FINANCE,
    )
    def carry(self, n: int, kind: str, share: int, who: str, then: str) -> None:
        """繰越, of all or of a part of what may be paid still."""
        award, staff = self.award(n), self.world.staff
        amount, line = max(award.payable * share // 100, 1), self.line(award)

        def run() -> None:
            change = changes.propose(line, kind, amount, by=staff[who], note="x", case=award.case)
            changes.confirm(change, by=staff[then])

        if self.attempt(run, kind):
            assert BudgetEntry.objects.latest("pk").amount == amount

    @rule(days=st.sampled_from([1, 25, 50, 200]))
    def wait(self, days: int) -> None:
        """Returns fall due, accounts are closed."""
        self.days_pass(days)
