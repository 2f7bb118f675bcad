"""The inbox: what stands in it once, what waits, in which order, and since when it has been lying."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User
from portal.cases import assignment, turns
from portal.cases.models import Case, Turn
from portal.workflow.door import perform
from tests.conftest import World
from tests.markup import one_line

LONG = timedelta(days=12)


def rows(person: User, tab: str = "mine", **given: str) -> list[Turn]:
    client = Client()
    client.force_login(person)
    return list(client.get("/inbox/", {"tab": tab, **given}).context["page"])


def lying(case: Case) -> list[tuple[str, int]]:
    """(what the office has to do, days since it began)."""
    office = Turn.objects.filter(case=case, side="office").order_by("what")
    return [(turn.what, (clock.now() - turn.since).days) for turn in office]


def accepted_long_ago(world: World) -> Application:
    application, _person = world.accepted()
    long_ago = clock.now() - LONG
    Application.objects.filter(pk=application.pk).update(state_since=long_ago)
    Turn.objects.filter(case=application.case).update(since=long_ago)
    return Application.objects.get(pk=application.pk)


def test_a_draft_lies_since_it_was_circulated_and_its_case_since_before_it(world: World) -> None:
    application = accepted_long_ago(world)
    case = application.case
    approval = world.approval("award", [application])
    assert lying(case) == [("決裁する", 0)]
    with clock.at(clock.now() + timedelta(days=3)):
        assert lying(case) == [("決裁する", 3)]
        approval = perform(approval, "send_back", by=world.director, reason="根拠を足してください")
        assert lying(case) == [("差し戻された起案を直す", 0)]
        perform(approval, "withdraw", by=world.officer)
        assert lying(case) == [("審査または起案に進める", 15)]
    assert turns.differing() == []


def test_what_is_handed_over_is_as_old_as_it_was(world: World) -> None:
    case = accepted_long_ago(world).case
    for person in (world.officer, world.staff["second_officer"]):
        assert assignment.assign(case, person, by=world.officer) == []
        assert lying(case) == [("審査または起案に進める", 12)]
        assert Turn.objects.get(case=case, side="office").person == person
    assert turns.differing() == []


def test_the_inbox_says_that_it_counts_what_is_to_be_done(world: World, client: Client) -> None:
    world.submitted()
    client.force_login(world.officer)
    text = one_line(client.get("/inbox/"))
    assert "あなたの番になっていることが<strong>1件</strong>" in text
    assert "案件の数ではなく、することの数です。" in text


def test_what_follows_a_decision_begins_anew(world: World) -> None:
    application = accepted_long_ago(world)
    world.decided("award", [application])
    assert all(days == 0 for _what, days in lying(application.case))


def test_a_draft_of_several_cases_is_one_row_with_their_sum(world: World, client: Client) -> None:
    accepted = [world.accepted()[0] for _n in range(3)]
    approval = world.approval("award", accepted)
    one = world.approval("award", [world.accepted()[0]])
    first, second = rows(world.director)
    assert [first.subject, second.subject] == [approval.subject_key, one.subject_key]
    assert [first.cases, second.cases] == [3, 1]
    named = approval.items.get(n=1).case  # as in the list of drafts and in its title
    assert first.case == named
    assert first.shown_amount == sum(row.case.amount or 0 for row in accepted)
    client.force_login(world.director)
    answer = client.get("/inbox/")
    assert "なっていることが<strong>2件</strong>" in answer.content.decode()
    assert "ほか2件" in answer.content.decode()
    assert len(rows(world.officer, "others")) == 2


def test_what_waits_for_the_end_of_the_intake_stands_apart_and_is_not_counted(
    world: World,
) -> None:
    call = world.call("sales_channel")
    application, _person = world.accepted("sales_channel", call=call)
    assert (rows(world.officer), len(rows(world.officer, "later"))) == ([], 1)
    with world.after_intake(call):
        assert [turn.case for turn in rows(world.officer)] == [application.case]
        assert rows(world.officer, "later") == []
        assert turns.differing() == []


def test_what_has_no_day_stands_where_it_came(world: World) -> None:
    late, undated, soon = (world.submitted()[0].case for _n in range(3))
    today = clock.today()
    for case, due_on, days in ((late, today - timedelta(days=9), 12), (soon, today, 1)):
        since = clock.now() - timedelta(days=days)
        Turn.objects.filter(case=case).update(due_on=due_on, since=since)
    Turn.objects.filter(case=undated).update(due_on=None, since=clock.now() - timedelta(days=3))
    assert [turn.case for turn in rows(world.officer)] == [late, undated, soon]
    assert [turn.case for turn in rows(world.officer, order="age")] == [late, undated, soon]


def test_no_tab_is_counted_further_than_anybody_reads(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.cases.listing.MOST", 1)
    for _n in range(3):
        world.submitted()
    client.force_login(world.officer)
    answer = client.get("/inbox/")
    assert answer.context["tabs"][0][2] == "1+"
    assert "全1件以上" in answer.content.decode()


def test_a_draft_says_what_it_decides_and_not_what_was_asked_for(
    world: World, client: Client
) -> None:
    accepted = [world.accepted()[0] for _ in range(2)]
    asked = sum(row.requested_amount or 0 for row in accepted)
    approval = world.approval(
        "award", accepted, {"amount": 250_000, "cut_reason": "付属品を除くため"}
    )
    client.force_login(world.director)
    inbox = one_line(client.get("/inbox/"))
    assert "500,000" in inbox
    assert f"{asked:,}" not in inbox
    page = one_line(client.get(approval.get_absolute_url()))
    assert re.search("この起案の金額の合計</dt> ?<dd[^>]*> ?<strong>500,000", page)
    assert f"{asked:,}" in page
