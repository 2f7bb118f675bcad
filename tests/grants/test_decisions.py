"""Approvals and what they execute: award, partial award, rejection, waiting list, promotion; and the budget book."""

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from grants.applications.models import Application
from grants.awards.models import Award
from grants.budget.models import BudgetEntry, BudgetLine, book
from grants.budget.planning import appropriate
from portal.approvals.models import Approval
from portal.cases import interests
from portal.cases.models import Turn
from portal.notices.models import Notice
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from tests.absences import deputised
from tests.beginning import begins
from tests.conftest import World
from tests.ledger import all_clear


def line(world: World, unit: str = "yen") -> BudgetLine:
    return BudgetLine.objects.get(call=world.calls["telework"], frame="standard", unit=unit)


def small(world: World, yen: int, slots: int = 10) -> None:
    """A call whose frames have little money."""
    world.calls["telework"] = world.call(
        "telework",
        round_no=2,
        budgets=[("standard", "yen", yen), ("standard", "slots", slots), ("expert", "yen", yen)],
    )


def accepted(world: World, amount: int = 300_000) -> Application:
    from grants.applications import submit
    from tests.conftest import set_costs

    application, person = world.draft()
    set_costs(application, person, amount * 3 // 2)
    application = submit.submit(application, by=person)
    all_clear(application, by=world.officer)
    return perform(application, "accept", by=world.officer)


@begins(accepted)
def test_an_award_commits_the_budget_and_issues_its_notice(world: World) -> None:
    application = world.begun(accepted)
    world.decided("award", [application])
    award = Award.objects.get(application=application)
    assert (award.awarded_amount, line(world).committed, line(world, "slots").committed) == (
        300_000,
        300_000,
        1,
    )
    notice = Notice.objects.get(case=application.case, kind="award")
    assert ["交付決定額", "金　300,000円"] in notice.facts["items"]
    assert Application.objects.get(pk=application.pk).state == "awarded"


@begins(accepted)
def test_a_partial_award_needs_its_reason(world: World) -> None:
    application = world.begun(accepted)
    with pytest.raises(NotReady, match="減額の理由"):
        world.approval("award", [application], {"amount": 200_000})
    world.decided("award", [application], {"amount": 200_000, "cut_reason": "対象外の機器を除いた"})
    assert Award.objects.get(application=application).awarded_amount == 200_000


@begins(accepted)
@pytest.mark.parametrize(
    ("amount", "words"),
    [(300_001, "300,000円）まで"), (0, "100,000円以上"), (99_999, "100,000円以上")],
)
def test_an_amount_that_cannot_be_awarded_is_refused_when_drafted_and_when_decided(
    world: World, client: Client, amount: int, words: str
) -> None:
    application = world.begun(accepted)
    given = {"amount": amount, "cut_reason": "増額"}
    with pytest.raises(NotReady, match=words):
        world.approval("award", [application], given)
    approval = world.approval("award", [application])
    approval.items.update(given=given, changes=[])  # as one in circulation since before the rules
    with pytest.raises(NotReady, match=words):
        perform(approval, "approve", by=world.director)
    assert not Award.objects.exists()
    perform(approval, "withdraw", by=world.officer)
    client.force_login(world.officer)
    number = application.case.number
    typed = {
        "act": "award",
        "case": number,
        "title": "件名",
        f"{number}-amount": str(amount),
        f"{number}-cut_reason": "増額",
        "decider": world.director.pk,
    }
    answer = client.post("/approvals/new/", typed)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


def test_a_decision_that_would_overdraw_is_refused_whole(world: World) -> None:
    small(world, 700_000)
    applications = [accepted(world), accepted(world)]
    approval = world.approval("award", applications)
    world.decided("award", [accepted(world)])  # meanwhile the money went elsewhere
    with pytest.raises(NotReady, match="予算が足りません"):
        perform(approval, "approve", by=world.director)
    assert (Award.objects.count(), line_of(world).committed) == (1, 300_000)
    assert Approval.objects.get(pk=approval.pk).state == "circulated"


def line_of(world: World) -> BudgetLine:
    return BudgetLine.objects.get(call=world.calls["telework"], frame="standard", unit="yen")


def test_the_waiting_list_is_promoted_when_money_is_released(world: World) -> None:
    small(world, 300_000)
    winner, waiting = accepted(world), accepted(world)
    world.decided("award", [winner])
    world.decided("waitlist", [waiting])
    assert not Turn.objects.filter(case=waiting.case, side="office").exists()
    award = Award.objects.get(application=winner)
    perform(award, "withdraw", by=winner.case.organisation.memberships.get().user)
    assert Turn.objects.get(case=waiting.case, side="office").what == "補欠を繰り上げる"
    world.decided("award", [waiting])
    assert (Application.objects.get(pk=waiting.pk).state, line_of(world).committed) == (
        "awarded",
        300_000,
    )


def test_new_appropriation_also_calls_the_first_in_line(world: World) -> None:
    small(world, 100_000)
    first, second = accepted(world), accepted(world)
    world.decided("waitlist", [first])
    world.decided("waitlist", [second])
    appropriate(line_of(world), 200_000, by=world.staff["accountant"], note="補正予算")
    turns = Turn.objects.filter(what="補欠を繰り上げる")
    assert [turn.case_id for turn in turns] == [first.case_id]


def test_rejection_carries_its_reason_and_the_scores_where_the_call_allows(world: World) -> None:
    from grants.reviews.models import Review
    from tests.grants.test_reviews import convened, points

    panel, applications = convened(world, 1)
    for review in Review.objects.filter(panel=panel):
        perform(
            perform(review, "declare", by=review.reviewer),
            "score",
            by=review.reviewer,
            points=points(review, 2),
        )
    perform(panel, "close", by=world.officer, minutes="x")
    with world.after_intake(panel.call):
        world.decided(
            "reject",
            [Application.objects.get(pk=applications[0].pk)],
            {"reason": "基準点に届かない"},
        )
    items = dict(Notice.objects.get(case=applications[0].case, kind="rejection").facts["items"])
    assert (items["理由"], items["課題の明確さ"]) == ("基準点に届かない", "2.0／5点")


def test_a_reviewer_never_approves_the_decision(world: World) -> None:
    from datetime import date

    from grants.reviews.models import Review
    from portal.accounts import roles
    from tests.grants.test_reviews import convened, points

    panel, applications = convened(world, 1)
    reviewer = world.staff["reviewer"]
    roles.appoint(reviewer, "approver", starts_on=date(2026, 1, 1))
    for review in Review.objects.filter(panel=panel):
        perform(
            perform(review, "declare", by=review.reviewer),
            "score",
            by=review.reviewer,
            points=points(review, 4),
        )
    perform(panel, "close", by=world.officer, minutes="x")
    application = Application.objects.get(pk=applications[0].pk)
    with world.after_intake(panel.call):
        approval = begin(
            Approval,
            by=world.officer,
            act="award",
            title="t",
            rows=[(application, {})],
            steps=[("decide", reviewer)],
        )
        approval = perform(approval, "circulate", by=world.officer)
        with pytest.raises((Forbidden, NotReady), match="採点をした"):
            perform(approval, "approve", by=reviewer)


@begins(accepted)
def test_circulation_in_n_steps_and_return(world: World) -> None:
    application = world.begun(accepted)
    steps = [
        ("agree", world.staff["second_officer"]),
        ("consult", world.staff["accountant"]),
        ("decide", world.director),
    ]
    approval = begin(
        Approval, by=world.officer, act="award", title="t", rows=[(application, {})], steps=steps
    )
    approval = perform(approval, "circulate", by=world.officer)
    with pytest.raises(Forbidden):
        perform(approval, "approve", by=world.director)
    approval = perform(approval, "agree", by=world.staff["second_officer"])
    approval = perform(approval, "send_back", by=world.staff["accountant"], reason="積算を直す")
    approval = perform(approval, "circulate", by=world.officer)
    for person in ("second_officer", "accountant"):
        approval = perform(approval, "agree", by=world.staff[person])
    assert perform(approval, "approve", by=world.director).state == "approved"


@begins(accepted)
def test_a_deputy_decides_with_a_reason_on_record(world: World) -> None:
    application = world.begun(accepted)
    deputised(world.director, world.approver)
    approval = perform(
        world.approval("award", [application]),
        "approve_as_deputy",
        by=world.approver,
        reason="部長が出張中",
    )
    step = approval.steps.get()
    assert (step.decision, step.decided_by, step.person) == (
        "deputised",
        world.approver,
        world.director,
    )


@begins(accepted)
def test_a_deputy_with_an_interest_in_one_of_the_cases_decides_nothing(world: World) -> None:
    applications = [world.begun(accepted), accepted(world)]
    approval = world.approval("award", applications)
    deputised(world.director, world.approver)
    interests.declare(applications[1].case, by=world.approver, detail="代表者が親族")
    with pytest.raises(Forbidden):
        perform(approval, "approve_as_deputy", by=world.approver, reason="部長が出張中")


@begins(accepted)
def test_two_approvals_never_wait_about_the_same_case(world: World) -> None:
    application = world.begun(accepted)
    world.approval("award", [application])
    with pytest.raises(NotReady, match="別の起案"):
        world.approval("reject", [application], {"reason": "x"})


@begins(accepted)
def test_a_refused_approval_changes_nothing(world: World) -> None:
    application = world.begun(accepted)
    perform(
        world.approval("award", [application]), "refuse", by=world.director, reason="根拠が足りない"
    )
    assert Application.objects.get(pk=application.pk).state == "accepted"
    world.approval("award", [application])


@pytest.mark.parametrize("statement", ["update", "delete"])
def test_the_book_is_append_only(world: World, statement: str) -> None:
    entries = BudgetEntry.objects.filter(line=line(world))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entries.update(amount=1) if statement == "update" else entries.delete()


@begins(accepted)
def test_the_line_balances_with_its_book(world: World) -> None:
    application = world.begun(accepted)
    world.decided("award", [application])
    found = line(world)
    sums = {
        kind: sum(e.amount for e in found.entries.filter(kind=kind))
        for kind, _label in BudgetEntry.KINDS
    }
    assert (found.appropriated, found.committed) == (
        sums["appropriation"],
        sums["commitment"] - sums["decommitment"],
    )


def test_booking_beyond_the_appropriation_is_refused_in_words(world: World) -> None:
    found = line(world)
    with pytest.raises(NotReady, match="残り"):
        book(found, "commitment", found.available + 1, by=world.officer)
