"""A running call ends earlier, or says something else: by approval, for everybody to read, and for whom it holds."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import drafts, formal, instead, submit
from grants.applications.filed import rules_at
from grants.applications.models import Application, SubmissionAttempt
from grants.awards.models import Award
from grants.programmes import amending
from grants.programmes.models import Call, CallChange, Programme
from grants.programmes.parameters import Programme as Stated
from portal import clock
from portal.audit.models import Event
from portal.cases.models import Turn
from portal.cases.turns import differing
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady, WrongState
from tests.conftest import World
from tests.markup import one_line
from tools.demonstration import simulation


def proposed(world: World, call: Call, **given: object) -> CallChange:
    asked: Given = {"public_reason": "申請が予算に達する見込みのため。", **given}
    return begin(CallChange, by=world.officer, call=Call.objects.get(pk=call.pk), **asked)


def revised(world: World, call: Call, *swaps: tuple[str, str]) -> Programme:
    """The next revision of the call's programme, approved."""
    text = call.programme.text
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    draft = begin(Programme, by=world.officer, text=text)
    return perform(draft, "approve", by=world.director)


def told() -> set[str]:
    """What whoever has a draft or applied was told: of a call, whose name stands before it."""
    of_calls = Mail.objects.filter(subject__contains="】")
    return {mail.subject.split("】")[1].split("（")[0] for mail in of_calls}


def test_an_early_end_is_public_with_its_reason_and_told_to_those_with_drafts(
    world: World, client: Client
) -> None:
    draft, person = world.draft()
    world.submitted()
    call = Call.objects.get(pk=draft.call_id)
    day = clock.today() + timedelta(days=5)
    client.force_login(world.officer)
    page = reverse("call_end", args=[call.pk])
    typed = {"closes_on_y": f"{day}", "public_reason": "申請が予算に達する見込みのため。"}
    Mail.objects.all().delete()
    assert client.post(page, typed).status_code == 302
    change = CallChange.objects.get()
    assert not Mail.objects.exists()
    assert Call.objects.get(pk=call.pk).last_closes_at == call.last_closes_at
    with pytest.raises(Forbidden):
        perform(change, "approve", by=world.officer)
    perform(change, "approve", by=world.director)
    until = simulation.at(day, 17)
    assert Call.objects.get(pk=call.pk).last_closes_at == until
    mail = Mail.objects.get()
    assert ("公募の締切を早めました" in mail.subject, call.intake_until(until) in mail.body) == (
        True,
        True,
    )
    assert Turn.objects.get(case=draft.case).due_on == day
    assert differing() == []
    client.logout()
    text = one_line(client.get(call.public_url))
    assert ("公表したあとの変更" in text, typed["public_reason"] in text) == (True, True)
    assert Event.objects.get(action="callchange.approve").chain == f"call:{call.pk}"
    with clock.at(until + timedelta(seconds=1)), pytest.raises(submit.Late):
        submit.submit(Application.objects.get(pk=draft.pk), by=person)


@pytest.mark.parametrize("days", [-1, 30])
def test_an_end_that_is_past_or_later_is_no_early_end(world: World, days: int) -> None:
    with pytest.raises(NotReady, match="いまの締切"):
        proposed(world, world.calls["telework"], closes_at=clock.now() + timedelta(days=days))


def test_an_intake_that_is_over_opens_again_by_two_people_alone(
    world: World, client: Client
) -> None:
    call = world.calls["telework"]
    world.draft(call=call)
    with world.after_intake(call):
        later = clock.now() + timedelta(days=2)
        with pytest.raises(NotReady, match="もう一度開く"):
            perform(call, "extend", by=world.director, reason="x", closes_at=later)
        client.force_login(world.officer)
        page = one_line(client.get(reverse("call_end", args=[call.pk])))
        assert "受付をもう一度開く" in page
        change = proposed(world, call, closes_at=later)
        with pytest.raises(Forbidden):
            perform(change, "approve", by=world.officer)
        assert Call.objects.get(pk=call.pk).is_intake_over
        perform(change, "approve", by=world.director)
        assert Call.objects.get(pk=call.pk).last_closes_at == later
        assert Call.objects.get(pk=call.pk).is_open
        assert "公募の締切を延ばしました" in told()
        assert differing() == []


def test_a_pause_that_outlasts_its_intake_ends_by_two_people_alone(
    world: World, client: Client
) -> None:
    call = world.calls["telework"]
    draft, person = world.draft(call=call)
    perform(call, "suspend", by=world.director, public_reason="障害のため。")
    with world.after_intake(call):
        call = Call.objects.get(pk=call.pk)
        with pytest.raises(NotReady, match="別の職員の承認"):
            perform(call, "resume", by=world.director)
        later = clock.now() + timedelta(days=2)
        change = proposed(world, call, closes_at=later)
        with pytest.raises(Forbidden):
            perform(change, "approve", by=world.officer)
        assert Call.objects.get(pk=call.pk).is_paused
        Mail.objects.all().delete()
        perform(change, "approve", by=world.director)
        call = Call.objects.get(pk=call.pk)
        assert (call.is_open, call.last_closes_at) == (True, later)  # no day is given back beside
        assert call.resumed_at is not None
        assert told() == {"公募の受付をもう一度開きました"}
        assert call.intake_until(later) in Mail.objects.get().body
        assert differing() == []
        text = one_line(client.get(call.public_url))
        assert ("一時停止していました" in text, "その日数だけ" in text) == (True, False)
        assert submit.submit(Application.objects.get(pk=draft.pk), by=person).state == "submitted"


@pytest.mark.parametrize(
    ("days", "reason"), [(-1, "これから来る日"), (400, "交付決定の予定日"), (400, "年度のうち")]
)
def test_an_intake_opens_again_within_its_own_days(world: World, days: int, reason: str) -> None:
    call = world.calls["telework"]
    with world.after_intake(call), pytest.raises(NotReady, match=reason):
        proposed(world, call, closes_at=clock.now() + timedelta(days=days))


def test_what_is_being_selected_does_not_open_again(world: World) -> None:
    call = world.calls["telework"]
    with world.after_intake(call):
        perform(Call.objects.get(pk=call.pk), "select", by=world.officer)
        with pytest.raises(NotReady, match="選考が始まっている"):
            proposed(world, call, closes_at=clock.now() + timedelta(days=2))


@pytest.mark.parametrize(("days", "reason"), [(300, "交付決定の予定日"), (700, "年度のうち")])
def test_an_intake_is_extended_within_the_days_of_its_call(
    world: World, days: int, reason: str
) -> None:
    closes_at = clock.now() + timedelta(days=days)
    with pytest.raises(NotReady, match=reason):
        perform(
            world.calls["telework"], "extend", by=world.director, reason="x", closes_at=closes_at
        )


def test_an_early_end_drops_the_intake_that_would_open_after_it(world: World) -> None:
    call = world.calls["telework"]
    later = [clock.now() + timedelta(days=n) for n in (30, 35)]
    call.periods.create(n=2, opens_at=later[0], closes_at=later[1])
    Call.objects.filter(pk=call.pk).update(decision_on=clock.today() + timedelta(days=60))
    end = clock.now() + timedelta(days=9)
    perform(proposed(world, call, closes_at=end), "approve", by=world.director)
    assert [p.closes_at for p in call.periods.all()] == [end]


def test_who_applied_keeps_the_rules_and_who_writes_has_the_new_ones(
    world: World, client: Client
) -> None:
    filed, _payee = world.accepted()
    draft, writer = world.draft()
    call = Call.objects.get(pk=filed.call_id)
    before = filed.stated
    sections = {row.key: row.data for row in draft.sections.all()}
    frame = before.frames[0]
    newer = revised(world, call, (f"cap = {frame.cap}", f"cap = {frame.cap // 2}"))
    change = proposed(world, call, programme=newer)
    Mail.objects.all().delete()
    perform(change, "approve", by=world.director)
    assert told() == {"公募の内容を変えました", "申請のあった公募の内容を変えました"}
    assert Mail.objects.count() == 2  # one with a draft, one who has applied
    filed, draft = (Application.objects.get(pk=row.pk) for row in (filed, draft))
    assert (filed.stated, draft.stated) == (before, newer.stated)
    assert draft.stated.frames[0].cap == frame.cap // 2
    assert {row.key: row.data for row in draft.sections.all()} == sections
    submitted = submit.submit(draft, by=writer)
    assert (submitted.stated, submitted.filed_under) == (newer.stated, None)
    world.decided("award", [filed], {"amount": filed.requested_amount})
    assert Award.objects.get(application=filed).stated == before
    text = one_line(client.get(call.public_url))
    for words in (f"{frame.cap:,}円", f"{frame.cap // 2:,}円", "提出したときの内容"):
        assert words in text


def test_a_correction_is_asked_by_the_rules_of_its_filing(world: World) -> None:
    filed, _person = world.submitted()
    call = Call.objects.get(pk=filed.call_id)
    title = call.stated.documents[0].name.ja
    newer = revised(world, call, (f'ja = "{title}"', f'ja = "新しい{title}"'))
    perform(proposed(world, call, programme=newer), "approve", by=world.director)
    other, _writer = world.draft(complete=False)
    filed, other = (Application.objects.get(pk=row.pk) for row in (filed, other))
    assert [row.stated.documents[0].name.ja for row in (filed, other)] == [title, f"新しい{title}"]
    assert f"新しい{title}" in instead.missing(other)
    assert f"新しい{title}" not in instead.missing(filed)


def test_what_was_announced_for_good_is_not_amended(world: World) -> None:
    call = world.calls["telework"]
    newer = revised(world, call, ('selection = "first_come"', 'selection = "lottery"'))
    with pytest.raises(NotReady, match="selection"):
        proposed(world, call, programme=newer)


def test_the_table_names_only_what_a_programme_states() -> None:
    assert amending.RULES.keys() <= Stated.model_fields.keys()
    assert Stated.model_fields.keys() >= amending.UNSAID
    assert not amending.RULES.keys() & amending.UNSAID


def test_days_hold_for_everybody_and_the_end_of_projects_never_comes_sooner(
    world: World, client: Client
) -> None:
    call = world.calls["telework"]
    client.force_login(world.officer)
    page = reverse("call_amend", args=[call.pk])
    typed = {
        "decision_on_y": f"{call.decision_on + timedelta(days=3)}",
        "project_ends_on_y": f"{call.project_ends_on - timedelta(days=1)}",
        "public_reason": "審査に時間がかかるため。",
    }
    sooner = client.post(page, typed)
    assert (sooner.status_code, "早められません" in sooner.content.decode()) == (422, True)
    same = client.post(
        page,
        typed
        | {
            "decision_on_y": f"{call.decision_on}",
            "project_ends_on_y": f"{call.project_ends_on}",
        },
    )
    assert (same.status_code, "いまの内容と同じです" in same.content.decode()) == (422, True)
    later = typed | {"project_ends_on_y": f"{call.project_ends_on}"}
    assert client.post(page, later).status_code == 302
    assert "承認を待つ変更" in one_line(client.get(call.get_absolute_url()))
    perform(CallChange.objects.get(), "approve", by=world.director)
    assert Call.objects.get(pk=call.pk).decision_on == call.decision_on + timedelta(days=3)
    assert "審査に時間がかかるため。" in one_line(client.get(call.public_url))


def test_a_second_proposal_waits_for_the_first(world: World) -> None:
    call = world.calls["telework"]
    end = clock.now() + timedelta(days=9)
    first = proposed(world, call, closes_at=end)
    with pytest.raises(NotReady, match="承認を待っている"):
        proposed(world, call, closes_at=end)
    perform(first, "deny", by=world.director, reason="x")
    assert proposed(world, call, closes_at=end).state == "proposed"


def test_a_call_that_does_not_run_is_not_changed(world: World) -> None:
    call = world.calls["telework"]
    change = proposed(world, call, decision_on=call.decision_on + timedelta(days=3))
    with world.after_intake(call):
        perform(Call.objects.get(pk=call.pk), "select", by=world.officer)
        with pytest.raises(NotReady, match="公表してから"):
            perform(change, "approve", by=world.director)
    assert CallChange.objects.get().state == "proposed"


def test_what_arrived_before_an_amendment_is_checked_by_the_rules_of_its_day(world: World) -> None:
    late, person = world.draft()
    call = Call.objects.get(pk=late.call_id)
    arrived = clock.now() - timedelta(hours=1)
    before = call.programme
    cap = before.stated.frames[0].cap
    newer = revised(world, call, (f"cap = {cap}", f"cap = {cap // 2}"))
    perform(proposed(world, call, programme=newer), "approve", by=world.director)
    late = Application.objects.get(pk=late.pk)
    attempt = SubmissionAttempt.objects.create(
        application=late,
        arrived_at=arrived,
        by=person,
        draft_hash=drafts.draft_hash(late),
        outcome="failed",
    )
    done = submit.honour(attempt, by=world.officer, reason="障害")
    assert (done.filed_under, done.stated) == (before, before.stated)
    after, _person = world.submitted()
    assert (after.filed_under, after.stated) == (None, newer.stated)
    # and what came on paper before, however late it is typed in
    with clock.at(clock.now() + timedelta(minutes=5)):
        assert rules_at(call, arrived) == before
        assert rules_at(call, clock.now()) is None


def test_who_may_approve_hears_of_what_waits(world: World) -> None:
    proposed(world, world.calls["telework"], closes_at=clock.now() + timedelta(days=9))
    Mail.objects.all().delete()
    reminders.tell_of_waiting()
    to = {mail.to for mail in Mail.objects.filter(subject__contains="公募の変更")}
    assert {world.approver, world.director} <= to
    assert world.officer not in to


def test_without_a_newer_revision_the_page_says_how_to_make_one(
    world: World, client: Client
) -> None:
    call = world.calls["telework"]
    client.force_login(world.officer)
    page = reverse("call_amend", args=[call.pk])
    text = one_line(client.get(page))
    assert ("先に制度の次の版を作り" in text, "第2版に改める" in text) == (True, False)
    revised(world, call, ("cap = ", "cap =  "))
    text = one_line(client.get(page))
    assert ("先に制度の次の版を作り" in text, "第2版に改める" in text) == (False, True)


def test_an_announced_call_is_called_off_by_two_people_alone(world: World, client: Client) -> None:
    filed, _person = world.submitted()
    world.draft()
    call = Call.objects.get(pk=filed.call_id)
    with pytest.raises(WrongState):
        perform(call, "cancel", by=world.director, reason="x")
    client.force_login(world.officer)
    page = reverse("call_off", args=[call.pk])
    assert "決定を待っている申請" in one_line(client.get(page))
    assert client.post(page, {"public_reason": "国の予算が成立しなかったため。"}).status_code == 302
    change = CallChange.objects.get()
    with pytest.raises(Forbidden):
        perform(change, "approve", by=world.officer)
    client.force_login(world.director)
    text = one_line(client.get(call.get_absolute_url()))
    free = sum(row.unpromised for row in call.budget_lines.filter(unit="yen"))
    for words in ("書きかけの申請", "決定を待っている申請", "1件", f"{free:,}円"):
        assert words in text
    assert dict(change.act_facts)["決定を待っている申請"] == "1件"
    Mail.objects.all().delete()
    perform(change, "approve", by=world.director)
    call = Call.objects.get(pk=call.pk)
    assert (call.state, call.code) == ("cancelled", filed.call.code)
    assert set(call.budget_lines.values_list("appropriated", flat=True)) == {0}
    assert told() == {"公募を中止しました", "申請のあった公募を中止しました"}
    assert Mail.objects.count() == 2
    case = Application.objects.get(pk=filed.pk).case
    assert (case.state, case.closed_at is None, Turn.objects.filter(case=case).count()) == (
        "called_off",
        False,
        0,
    )
    assert differing() == []


@pytest.mark.parametrize("way", ["returned", "accepted", "waitlisted"])
def test_whoever_waits_ends_with_the_call(world: World, client: Client, way: str) -> None:
    application, person = world.accepted() if way != "returned" else world.submitted()
    if way == "returned":
        formal.raise_defect(
            application,
            by=world.officer,
            part="plan.title",
            part_label="名称",
            cite="要綱",
            text="直す",
        )
        application = perform(application, "return_for_correction", by=world.officer)
    if way == "waitlisted":
        world.decided("waitlist", [application])
    assert Application.objects.get(pk=application.pk).state == way
    world.called_off(application.call)
    application = Application.objects.get(pk=application.pk)
    assert (application.state, application.waiting_rank) == ("called_off", None)
    assert not Turn.objects.filter(case=application.case).exists()
    assert differing() == []
    client.force_login(person)
    assert "公募の中止による終了" in one_line(client.get(application.get_absolute_url()))


def test_a_call_whose_intake_is_over_is_not_called_off(world: World, client: Client) -> None:
    call = world.calls["telework"]
    change = begin(CallChange, by=world.officer, call=call, public_reason="x", calls_off=True)
    assert call.last_closes_at
    with clock.at(call.last_closes_at + timedelta(minutes=1)):
        with pytest.raises(NotReady, match="受付が終わった公募は、中止できません"):
            perform(change, "approve", by=world.director)
        perform(change, "withdraw", by=world.officer)
        with pytest.raises(NotReady, match="受付が終わった公募は、中止できません"):
            begin(CallChange, by=world.officer, call=call, public_reason="x", calls_off=True)
    assert Call.objects.get(pk=call.pk).state == "announced"


def test_nobody_ends_while_their_decision_circulates(world: World) -> None:
    application, _person = world.accepted()
    approval = world.approval("award", [application], {})
    with pytest.raises(NotReady, match="決裁を待っている起案が1件"):
        world.called_off(application.call)
    assert Application.objects.get(pk=application.pk).state == "accepted"
    perform(approval, "withdraw", by=world.officer)
    change = CallChange.objects.get()
    perform(change, "approve", by=world.director)
    assert Application.objects.get(pk=application.pk).state == "called_off"


def test_the_page_of_a_called_off_call_stays_with_its_reason_and_no_list_names_it(
    world: World, client: Client
) -> None:
    call = world.called_off(world.calls["telework"], "国の予算が成立しなかったため。")
    at = call.public_url
    text = one_line(client.get(at))
    assert ("この公募は中止しました" in text, "国の予算が成立しなかったため。" in text) == (
        True,
        True,
    )
    assert client.get(call.guideline_url()).status_code == 200
    assert client.get(reverse("call_check", args=[call.code])).status_code == 404
    for name in ("call_list", "home"):
        assert at not in one_line(client.get(reverse(name)))
    assert not Call.objects.public().filter(pk=call.pk).exists()
    assert "This call was called off" in one_line(client.get(f"/en{at}"))


def test_the_page_of_a_call_that_was_never_announced_stays_shut(
    world: World, client: Client
) -> None:
    call = world.calls["telework"]
    Call.objects.filter(pk=call.pk).update(state="approved")
    gone = perform(Call.objects.get(pk=call.pk), "cancel", by=world.director, reason="x")
    assert client.get(gone.public_url).status_code == 404
