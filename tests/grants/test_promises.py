"""A state machine that drives random cases and checks the promises after each step."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from grants.applications import correcting, formal, submit
from grants.applications.models import Application, ApplicationVersion
from grants.awards.models import Award
from grants.budget.models import BudgetEntry, BudgetLine
from grants.payments import awaited
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.audit.models import Event
from portal.audit.verifying import first_fault
from portal.cases.turns import differing
from portal.workflow import duties
from portal.workflow.door import begin, perform
from portal.workflow.errors import Refused
from portal.workflow.models import Duty
from tests.absences import deputised
from tests.conftest import World, set_costs
from tests.ledger import all_clear


class Cases(RuleBasedStateMachine):
    """Anybody tries anything; the door refuses what may not be."""

    world: World
    roles = (
        "officer",
        "second_officer",
        "approver",
        "director",
        "reviewer",
        "auditor",
        "administrator",
    )

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.world.calls["telework"] = self.world.call(
            "telework",
            round_no=Application.objects.count() + 50,
            budgets=[("standard", "yen", 700_000), ("expert", "yen", 300_000)],
        )
        self.applications: list[Application] = []
        self.start = clock.now()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    def pick(self, n: int) -> Application | None:
        return (
            Application.objects.get(pk=self.applications[n % len(self.applications)].pk)
            if self.applications
            else None
        )

    def attempt(self, call: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                call()
        except Refused:
            pass

    @rule(amount=st.integers(150_000, 900_000))
    def apply(self, amount: int) -> None:
        if len(self.applications) < 4:
            application, person = self.world.draft()
            set_costs(application, person, amount)
            self.attempt(lambda: self.applications.append(submit.submit(application, by=person)))

    @rule(
        n=st.integers(0, 9),
        who=st.sampled_from(roles),
        name=st.sampled_from(["accept", "return_for_correction", "withdraw"]),
    )
    def transition(self, n: int, who: str, name: str) -> None:
        if application := self.pick(n):
            self.attempt(lambda: perform(application, name, by=self.world.staff[who]))

    @rule(n=st.integers(0, 9))
    def check_and_accept(self, n: int) -> None:
        if application := self.pick(n):

            def run() -> None:
                all_clear(application, by=self.world.officer)
                perform(application, "accept", by=self.world.officer)

            self.attempt(run)

    @rule(n=st.integers(0, 9))
    def find_fault(self, n: int) -> None:
        if application := self.pick(n):
            self.attempt(
                lambda: formal.raise_defect(
                    application,
                    by=self.world.officer,
                    part="plan.title",
                    part_label="名称",
                    cite="第6条",
                    text="直す",
                )
            )

    @rule(n=st.integers(0, 9))
    def mend(self, n: int) -> None:
        if application := self.pick(n):
            person = application.case.organisation.memberships.get().user
            for defect in application.defects.filter(resolved_at=None, sent_at__isnull=False):
                self.attempt(
                    partial(
                        correcting.answer, application, defect.n, "計画のとおりです。", by=person
                    )
                )
            self.attempt(lambda: submit.submit(application, by=person))
            for defect in application.defects.all():
                formal.resolve_defect(defect, by=self.world.officer)

    @rule(
        n=st.integers(0, 9),
        act=st.sampled_from(["award", "waitlist", "reject"]),
        drafter=st.sampled_from(roles),
        decider=st.sampled_from(roles),
        cut=st.booleans(),
    )
    def decide(self, n: int, act: str, drafter: str, decider: str, cut: bool) -> None:
        application = self.pick(n)
        if application is None:
            return
        given: dict[str, object] = {"reason": "理由"} if act == "reject" else {}
        if act == "award" and cut:
            given = {"amount": 100_000, "cut_reason": "対象外"}

        def run() -> None:
            people: dict[str, User] = self.world.staff
            steps = [("decide", people[decider])]
            approval = begin(
                Approval,
                by=people[drafter],
                act=act,
                title="t",
                rows=[(application, given)],
                steps=steps,
            )
            perform(
                perform(approval, "circulate", by=people[drafter]), "approve", by=people[decider]
            )

        self.attempt(run)

    @rule(
        n=st.integers(0, 9),
        act=st.sampled_from(["award", "waitlist"]),
        drafter=st.sampled_from(["officer", "second_officer", "approver"]),
    )
    def draft(self, n: int, act: str, drafter: str) -> None:
        """An approval that lies where it is until somebody moves it."""
        application, people = self.pick(n), self.world.staff
        if application is None:
            return
        if application.state == "submitted":
            self.check_and_accept(n)
        steps = [("agree", people["approver"]), ("decide", people["director"])]
        self.attempt(
            lambda: begin(
                Approval,
                by=people[drafter],
                act=act,
                title="t",
                rows=[(self.pick(n), {})],
                steps=steps[drafter == "approver" :],
            )
        )

    @rule(
        n=st.integers(0, 9),
        name=st.sampled_from(["circulate", "agree", "send_back", "refuse", "withdraw", "approve"]),
        who=st.sampled_from(["whose turn it is", *roles]),
    )
    def move(self, n: int, name: str, who: str) -> None:
        """One step of an approval, mostly by whoever has it."""
        rows = list(Approval.objects.filter(state__in=["drafted", "circulated", "returned"]))
        if not rows:
            return
        approval = rows[n % len(rows)]
        is_drafters = approval.is_with_drafter or name == "withdraw"
        has_it = approval.drafted_by if is_drafters else approval.open_steps[0].person
        by = self.world.staff.get(who, has_it)
        self.attempt(lambda: perform(approval, name, by=by, reason="理由"))

    @rule(n=st.integers(0, 9))
    def give_up(self, n: int) -> None:
        application = self.pick(n)
        award = Award.objects.filter(application=application).first() if application else None
        if award is not None:
            self.attempt(
                lambda: perform(
                    award, "withdraw", by=award.case.organisation.memberships.get().user
                )
            )

    @invariant()
    def no_application_lacks_an_attachment(self) -> None:
        for version in ApplicationVersion.objects.filter(application__in=self.applications):
            required = {d.key for d in version.application.call.stated.documents if d.required}
            assert required <= {d["key"] for d in version.content["documents"]}

    @invariant()
    def no_yen_outside_the_budget(self) -> None:
        for line in BudgetLine.objects.filter(call=self.world.calls["telework"]):
            live = Award.objects.filter(
                application__call=line.call, frame=line.frame, state="active"
            )
            booked = {
                kind: sum(e.amount for e in BudgetEntry.objects.filter(line=line, kind=kind))
                for kind, _label in BudgetEntry.KINDS
            }
            assert (
                line.committed
                == booked["commitment"] - booked["decommitment"]
                == sum(a.awarded_amount for a in live)
            )
            assert line.committed <= line.appropriated
        assert all(a.awarded_amount <= a.requested_amount for a in Award.objects.all())

    @invariant()
    def nobody_does_both_of_a_pair(self) -> None:
        for one, other in duties.PAIRS:
            both = set(Duty.objects.filter(duty=one).values_list("subject", "person")) & set(
                Duty.objects.filter(duty=other).values_list("subject", "person")
            )
            assert both == set()

    @invariant()
    def every_change_of_state_has_a_who_and_a_when(self) -> None:
        for application in Application.objects.filter(pk__in=[a.pk for a in self.applications]):
            last = (
                Event.objects.filter(
                    chain=f"case:{application.case_id}", action__startswith="application."
                )
                .exclude(after="")
                .latest("seq")
            )
            assert (last.after, last.actor is not None) == (application.state, True)

    @invariant()
    def turns_are_what_the_graphs_say(self) -> None:
        assert differing() == []

    @invariant()
    def awards_wait_for_what_is_kept_of_them(self) -> None:
        assert awaited.is_exact()
        assert not awaited.differing().exists()

    @invariant()
    def at_most_one_live_application_per_firm(self) -> None:
        live = (
            Application.objects.filter(state__in=Application.LIVE)
            .values("call", "case__organisation")
            .annotate(n=Count("pk"))
            .filter(n__gt=1)
        )
        assert not live.exists()

    @invariant()
    def the_audit_is_whole(self) -> None:
        assert first_fault() == ""


def test_the_promises_hold_over_random_cases(world: World) -> None:
    Cases.world = world
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    run = settings(
        max_examples=8,
        stateful_step_count=14,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    Cases.TestCase.settings = run
    Cases.TestCase("runTest").runTest()


def test_the_machine_would_notice_a_planted_fault(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the pairs of duties switched off, one person drafts and approves, and the promise is broken."""
    monkeypatch.setattr(duties, "against", lambda _duty, _subject="": set())
    application, _person = world.accepted()
    both = world.approver
    approval = begin(
        Approval,
        by=both,
        act="award",
        title="t",
        rows=[(application, {})],
        steps=[("decide", world.director)],
    )
    approval = perform(approval, "circulate", by=both)
    deputised(world.director, both)
    Approval.objects.update(drafted_by=world.officer)  # a drafter never stands in
    perform(approval, "approve_as_deputy", by=both, reason="部長の不在")
    machine = Cases.__new__(Cases)
    with pytest.raises(AssertionError):
        machine.nobody_does_both_of_a_pair()


def test_days_run_forward(world: World) -> None:
    application, _person = world.submitted()
    due = application.case.turns.get(side="office").due_on
    assert due is not None
    assert due < clock.today() + timedelta(days=30)
