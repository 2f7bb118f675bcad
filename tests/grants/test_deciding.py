"""When an application may be decided and in which order; scores that stand; checks with a finding."""

from datetime import timedelta

import pytest
from django.test import Client

from grants.applications import formal
from grants.applications.models import Application, Check
from grants.awards.models import Award
from grants.budget.planning import appropriate
from grants.programmes.models import Call
from grants.reviews.models import Review, ReviewPanel
from portal import clock
from portal.approvals.models import Approval
from portal.audit.models import Payload
from portal.cases.models import Turn
from portal.closures import calendars
from portal.registry.codes import SAPPORO
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_decisions import accepted as accepted_for
from tests.grants.test_decisions import line_of, small
from tests.grants.test_reviews import convened, points
from tools.demonstration import simulation


def reviewed(world: World, n: int = 1) -> tuple[ReviewPanel, list[Application]]:
    """So many applications, scored while the intake is open."""
    panel, applications = convened(world, n)
    for review in Review.objects.filter(panel=panel):
        review = perform(review, "declare", by=review.reviewer)
        perform(review, "score", by=review.reviewer, points=points(review, 4))
    panel = perform(panel, "close", by=world.officer, minutes="x")
    return panel, list(
        Application.objects.filter(pk__in=[a.pk for a in applications]).order_by("pk")
    )


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


# -- when --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("act", "given"), [("award", {}), ("select", {}), ("waitlist", {}), ("reject", {"reason": "x"})]
)
def test_nothing_is_decided_before_the_end_of_a_competitive_intake(
    world: World, client: Client, act: str, given: dict[str, str]
) -> None:
    panel, [application] = reviewed(world)
    with pytest.raises(NotReady, match="受付が終わってから決定します"):
        world.approval(act, [application], given)
    client.force_login(world.officer)
    assert (
        f"?act={act}&amp;" not in client.get(f"/cases/{application.case.number}/").content.decode()
    )
    assert (
        "受付が終わってから決定します"
        in client.get(f"/staff/calls/{panel.call_id}/ranking/").content.decode()
    )
    with world.after_intake(panel.call):
        assert world.decided(act, [application], given).state == "approved"


def test_a_decision_drafted_too_early_does_not_pass_either(world: World) -> None:
    """An intake that is extended while the draft circulates."""
    panel, [application] = reviewed(world)
    with world.after_intake(panel.call):
        approval = world.approval("award", [application])
        panel.call.periods.update(closes_at=clock.now() + timedelta(days=5))
        with pytest.raises(NotReady, match="受付が終わってから"):
            perform(approval, "approve", by=world.director)
    assert fresh(application).state == "reviewed"


def test_each_intake_period_of_a_competitive_call_is_decided_for_itself(world: World) -> None:
    panel, [application] = reviewed(world)
    last = panel.call.periods.get()
    panel.call.periods.create(
        n=2,
        opens_at=last.closes_at + timedelta(days=9),
        closes_at=last.closes_at + timedelta(days=30),
    )
    with clock.at(last.closes_at + timedelta(days=1)):
        assert world.decided("award", [application]).state == "approved"


def test_no_lottery_is_decided_before_its_draw(world: World) -> None:
    call = world.calls["iot"] = world.call("iot")
    application, _person = world.accepted("iot")
    with pytest.raises(NotReady, match="受付が終わってから"):
        world.approval("award", [application])
    with pytest.raises(NotReady, match="受付が終わると進められます"):
        perform(call, "select", by=world.officer)
    assert Call.objects.get(pk=call.pk).seed == ""
    with world.after_intake(call):
        with pytest.raises(NotReady, match="抽選がまだです"):
            world.approval("award", [application])
        perform(call, "select", by=world.officer)
        assert world.decided("award", [fresh(application)]).state == "approved"


@begins(World.accepted)
def test_where_arrival_decides_awards_go_on_during_the_intake(world: World) -> None:
    application, _person = world.begun(World.accepted)
    assert application.call.is_open
    assert world.decided("award", [application]).state == "approved"


def test_what_waits_for_its_intake_is_due_after_it(world: World) -> None:
    panel, [application] = reviewed(world)
    last = clock.day_of(panel.call.last_closes_at or clock.now())
    assert Turn.objects.get(
        case=application.case, what="決定を起案する"
    ).due_on == calendars.office(SAPPORO).add(last, 5)


@begins(World.accepted)
def test_nothing_is_awarded_after_the_last_day_of_its_project(world: World) -> None:
    application, _person = world.begun(World.accepted)
    Call.objects.filter(pk=application.call_id).update(project_ends_on=clock.today())
    approval = world.approval("award", [fresh(application)])
    with clock.at(simulation.at(clock.today() + timedelta(days=1))):
        with pytest.raises(NotReady, match="事業の終わりの日"):
            perform(approval, "approve", by=world.director)
        perform(approval, "withdraw", by=world.officer)
        assert world.decided("reject", [fresh(application)], {"reason": "期間"}).state == "approved"


# -- the call ----------------------------------------------------------------------------------------------------------
def test_results_are_out_only_when_every_application_is_decided(world: World) -> None:
    panel, [first, second] = reviewed(world, 2)
    with pytest.raises(NotReady, match="受付が"):
        perform(panel.call, "publish_results", by=world.approver)
    with world.after_intake(panel.call):
        world.decided("award", [first])
        with pytest.raises(NotReady, match="結果の決まっていない申請が1件"):
            perform(panel.call, "publish_results", by=world.approver)
        world.decided("waitlist", [second])
        approval = world.approval("award", [fresh(second)])
        with pytest.raises(NotReady, match="起案が1件"):
            perform(panel.call, "publish_results", by=world.approver)
        perform(approval, "withdraw", by=world.officer)
        assert perform(panel.call, "publish_results", by=world.approver).state == "decided"


def test_the_results_of_a_lottery_are_not_out_before_its_draw(world: World) -> None:
    call = world.call("iot")
    with world.after_intake(call):
        with pytest.raises(NotReady, match="抽選がまだ"):
            perform(call, "publish_results", by=world.approver)
        call = perform(call, "select", by=world.officer)
        assert perform(call, "publish_results", by=world.approver).state == "decided"


# -- scores ------------------------------------------------------------------------------------------------------------
def test_scores_stand_once_a_decision_is_drafted(world: World) -> None:
    panel, [application] = reviewed(world)
    review = Review.objects.filter(panel=panel).first()
    assert review is not None
    with world.after_intake(panel.call):
        approval = world.approval("award", [application])
        with pytest.raises(NotReady, match="先に起案を取り下げて"):
            perform(review, "reopen", by=world.officer, reason="x")
        perform(approval, "withdraw", by=world.officer)
        review = perform(review, "reopen", by=world.officer, reason="x")
        with pytest.raises(NotReady, match="採点が出そろってから"):
            world.approval("award", [application])
        review = perform(review, "score", by=review.reviewer, points=points(review, 3))
        world.decided("award", [application])
        with pytest.raises(NotReady, match="もう変えられません"):
            perform(review, "reopen", by=world.officer, reason="x")


def test_a_withdrawn_application_is_not_scored_and_keeps_no_panel_open(
    world: World, client: Client
) -> None:
    panel, [gone, stays] = convened(world, 2)
    for review in Review.objects.filter(panel=panel):
        review = perform(review, "declare", by=review.reviewer)
        if review.application_id == stays.pk:
            perform(review, "score", by=review.reviewer, points=points(review, 4))
    perform(gone, "withdraw", by=gone.case.organisation.memberships.get().user)
    review = Review.objects.filter(panel=panel, application=gone)[0]
    with pytest.raises(NotReady, match="取り下げられました"):
        perform(review, "score", by=review.reviewer, points=points(review, 4))
    assert not Turn.objects.filter(case=gone.case).exists()
    client.force_login(review.reviewer)
    assert "採点は要りません" in client.get(f"/reviews/{review.pk}/").content.decode()
    assert str(gone.case) not in client.get("/reviews/").content.decode()
    assert perform(panel, "close", by=world.officer, minutes="x").state == "closed"
    assert (fresh(stays).state, fresh(gone).state) == ("reviewed", "withdrawn")


# -- the order of the list ---------------------------------------------------------------------------------------------
def waiting(world: World, n: int) -> list[Application]:
    """A list of so many, and money for all of them since."""
    small(world, 100_000)
    rows = [accepted_for(world) for _ in range(n)]
    for row in rows:
        world.decided("waitlist", [row])
    appropriate(line_of(world), 300_000 * n, by=world.staff["accountant"], note="補正予算")
    return [fresh(row) for row in rows]


def test_the_waiting_list_is_taken_in_its_order(world: World) -> None:
    first, second, third = waiting(world, 3)
    with pytest.raises(NotReady, match=f"補欠の1番（{first.case}）が先です"):
        world.approval("award", [second])
    perform(first, "withdraw", by=first.case.organisation.memberships.get().user)
    assert world.decided("award", [second]).state == "approved"
    assert world.decided("award", [third]).state == "approved"


def test_several_of_the_list_are_decided_together_in_its_order(world: World) -> None:
    first, second, third = waiting(world, 3)
    with pytest.raises(NotReady, match="が先です"):
        world.approval("award", [first, third])
    world.decided("award", [third, second, first])
    assert list(Award.objects.order_by("pk").values_list("application", flat=True)) == [
        first.pk,
        second.pk,
        third.pk,
    ]


def test_a_draft_about_a_later_rank_does_not_overtake_an_earlier_one(world: World) -> None:
    first, second = waiting(world, 2)
    together = world.approval("award", [first, second])
    item = together.items.get(case=first.case)
    type(item).objects.filter(
        pk=item.pk
    ).delete()  # as though the first had been taken out of the draft
    with pytest.raises(NotReady, match="が先です"):
        perform(Approval.objects.get(pk=together.pk), "approve", by=world.director)


def test_whoever_came_later_does_not_pass_those_who_wait(world: World) -> None:
    first, _second = waiting(world, 2)
    late = accepted_for(world)
    with pytest.raises(NotReady, match=str(first.case)):
        world.approval("award", [late])


def test_a_past_years_list_is_not_taken(world: World) -> None:
    [first] = waiting(world, 1)
    Call.objects.filter(pk=first.call_id).update(fiscal_year=first.call.fiscal_year - 1)
    with pytest.raises(NotReady, match="までしか決定に使えません"):
        world.approval("award", [fresh(first)])


# -- findings ----------------------------------------------------------------------------------------------------------
def checked(world: World, result: str) -> Application:
    application, _person = world.submitted()
    formal.inquiry_rows([application], by=world.officer)
    for row in application.checks.all():
        done = result if row.kind == "antisocial" else "clear"
        formal.check(row, by=world.officer, result=done, evidence="照会の回答")
    return application


def finding(application: Application) -> Check:
    return Check.objects.select_related("application__case").get(
        application=application, kind="antisocial"
    )


def test_a_finding_stops_acceptance_until_it_is_clear(world: World) -> None:
    application = checked(world, "concern")
    with pytest.raises(NotReady, match="気になる点あり」の確認が残っています：暴力団の排除"):
        perform(application, "accept", by=world.officer)
    formal.check(finding(application), by=world.officer, result="clear", evidence="再照会の回答")
    assert perform(fresh(application), "accept", by=world.officer).state == "accepted"


def test_somebody_else_decides_to_go_on_with_a_reason(world: World, client: Client) -> None:
    application = checked(world, "concern")
    with pytest.raises(Forbidden, match="別の職員"):
        formal.go_on(finding(application), by=world.officer, reason="x")
    url = f"/cases/{application.case.number}/checks/antisocial/go-on/"
    client.force_login(world.approver)
    assert (
        "理由を記録して進める" in client.get(f"/cases/{application.case.number}/").content.decode()
    )
    client.post(url, {"reason": ""})
    assert finding(application).is_open_finding
    client.post(url, {"reason": "同姓同名の別人と確かめた"})
    assert (
        "同姓同名の別人と確かめた"
        in client.get(f"/cases/{application.case.number}/").content.decode()
    )
    assert Payload.objects.filter(content__contains="同姓同名の別人と確かめた").exists()
    assert perform(fresh(application), "accept", by=world.officer).state == "accepted"


@begins(World.accepted)
def test_a_finding_noted_after_acceptance_stops_the_award(world: World) -> None:
    application, _person = world.begun(World.accepted)
    approval = world.approval("award", [application])
    formal.check(
        finding(application), by=world.officer, result="concern", evidence="警察からの連絡"
    )
    with pytest.raises(NotReady, match="暴力団の排除"):
        perform(approval, "approve", by=world.director)
    formal.go_on(finding(application), by=world.approver, reason="別人と確かめた")
    formal.check(finding(application), by=world.officer, result="concern", evidence="再度の連絡")
    with pytest.raises(NotReady, match="暴力団の排除"):
        perform(approval, "approve", by=world.director)


@begins(World.accepted)
def test_the_ledger_of_a_decided_case_is_not_rewritten(world: World) -> None:
    application, _person = world.begun(World.accepted)
    world.decided("award", [application])
    with pytest.raises(NotReady, match="書き換えられません"):
        formal.check(finding(application), by=world.officer, result="concern", evidence="x")
