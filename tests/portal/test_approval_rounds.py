"""A draft that came back is put right and goes round again; what can no longer be done is taken out of
it, and nothing that was said is lost.
"""

import pytest
from django.test import Client
from lxml import html

from grants.applications.models import Application
from grants.awards import acts as awards
from portal.accounts.models import User
from portal.approvals import dossier, paper
from portal.approvals.models import Approval, contents
from portal.approvals.ports import acts
from portal.cases import retention, turns
from portal.cases.models import Turn
from portal.types import Given
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady, WrongState
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_approvals import drafted, waiting


def came_back(world: World, count: int = 2) -> Approval:
    approval = perform(drafted(world, count), "circulate", by=world.officer)
    return perform(approval, "send_back", by=world.approver, reason="根拠を足してください")


def again(world: World, approval: Approval, by: User | None = None, **said: object) -> Approval:
    """The draft as it stands, put right by what is said."""
    given: Given = {
        "title": approval.title,
        "note": "根拠を足しました",
        "rows": approval.rows(),
        "steps": [("agree", world.approver), ("decide", world.director)],
    }
    return perform(approval, "revise", by=by or world.officer, **given | said)


def withdrawn(approval: Approval) -> Application:
    """The first application of the draft, taken back by its applicant."""
    case = approval.items.all()[0].case
    person = case.organisation.memberships.get(role="representative").user
    return perform(Application.objects.get(case=case), "withdraw", by=person, reason="x")


def said_in(approval: Approval) -> list[tuple[int, str, str]]:
    return [(step.round, step.decision, step.opinion) for step in approval.steps.all()]


def test_a_returned_draft_is_put_right_and_goes_round_anew(world: World) -> None:
    approval = came_back(world)
    rows = [(subject, {"amount": 200_000, "cut_reason": "x"}) for subject, _g in approval.rows()]
    approval = again(world, approval, title="直した件名", rows=rows)
    assert (approval.state, approval.round, approval.title) == ("drafted", 2, "直した件名")
    assert [given["amount"] for _subject, given in approval.rows()] == [200_000, 200_000]
    approval = perform(approval, "circulate", by=world.officer)
    assert waiting(approval) == {("approver", "起案を確かめる")}
    assert said_in(approval) == [
        (1, "returned", "根拠を足してください"),
        (1, "", ""),
        (2, "", ""),
        (2, "", ""),
    ]
    approval = perform(approval, "agree", by=world.approver)
    approval = perform(approval, "approve", by=world.director)
    assert {subject.state for subject, _given in approval.rows()} == {"awarded"}
    assert turns.differing() == []


def test_circulated_unchanged_a_returned_draft_keeps_what_was_said(world: World) -> None:
    approval = perform(came_back(world), "circulate", by=world.officer)
    assert approval.round == 2
    assert said_in(approval)[0] == (1, "returned", "根拠を足してください")
    assert waiting(approval) == {("approver", "起案を確かめる")}


def test_put_right_twice_before_it_goes_round_it_stays_in_one_round(world: World) -> None:
    approval = again(world, again(world, came_back(world)), steps=[("decide", world.director)])
    assert approval.round == 2
    assert [step.kind for step in approval.steps_now] == ["decide"]
    assert perform(approval, "circulate", by=world.officer).round == 2


def test_nobody_but_its_drafter_puts_a_draft_right(world: World) -> None:
    with pytest.raises(Forbidden):
        again(world, came_back(world), by=world.staff["second_officer"])


@pytest.mark.parametrize("where", ["circulated", "approved"])
def test_a_draft_on_its_way_or_decided_is_not_put_right(world: World, where: str) -> None:
    approval = perform(came_back(world), "circulate", by=world.officer)
    if where == "approved":
        approval = perform(approval, "agree", by=world.approver)
        approval = perform(approval, "approve", by=world.director)
    with pytest.raises(WrongState):
        again(world, approval)


def test_the_drafter_takes_a_row_out_with_the_reason_kept(world: World) -> None:
    approval = came_back(world)
    withdrawn(approval)
    with pytest.raises(NotReady):  # as it stands it can no longer be drafted
        again(world, approval)
    gone, left = approval.items.all()
    approval = again(
        world, approval, rows=approval.rows()[1:], dropped={gone.case_id: "申請が取り下げられた"}
    )
    assert [item.case for item in approval.items.all()] == [left.case]
    row = approval.dropped.get()
    assert (row.case, row.reason, row.dropped_by) == (
        gone.case,
        "申請が取り下げられた",
        world.officer,
    )
    assert not Turn.objects.filter(case=gone.case, subject=approval.subject_key).exists()
    assert turns.differing() == []
    [section] = dossier.circulated(gone.case, world.officer)
    assert "申請が取り下げられた" in str(section)


def test_what_a_dropped_row_said_is_erased_with_its_case(world: World) -> None:
    approval = came_back(world)
    gone = approval.items.all()[0].case
    approval = again(
        world, approval, rows=approval.rows()[1:], dropped={gone.pk: "氏名の入った理由"}
    )
    retention.dispose(gone, by=world.officer)
    assert approval.dropped.get().reason == ""


def test_whoever_has_the_draft_takes_out_what_can_no_longer_be_done(world: World) -> None:
    approval = perform(drafted(world, 2), "circulate", by=world.officer)
    gone, left = approval.items.all()
    with pytest.raises(NotReady, match="まだ行える案件は外せません"):
        perform(approval, "drop_rows", by=world.approver, reason="x", cases=[gone.case_id])
    withdrawn(approval)
    with pytest.raises(Forbidden):
        perform(approval, "drop_rows", by=world.director, reason="x", cases=[gone.case_id])
    approval = perform(approval, "drop_rows", by=world.approver, reason="x", cases=[gone.case_id])
    assert [item.case for item in approval.items.all()] == [left.case]
    assert approval.dropped.get().dropped_by == world.approver
    approval = perform(approval, "agree", by=world.approver)
    perform(approval, "approve", by=world.director)
    assert Application.objects.get(case=left.case).state == "awarded"
    assert turns.differing() == []


def test_the_last_row_of_a_draft_is_not_taken_out(world: World) -> None:
    approval = perform(drafted(world, 1), "circulate", by=world.officer)
    gone = withdrawn(approval).case_id
    with pytest.raises(NotReady, match="起案を取り下げてください"):
        perform(approval, "drop_rows", by=world.approver, reason="x", cases=[gone])


def test_rows_that_the_draft_has_not_are_refused(world: World) -> None:
    approval = came_back(world)
    other, _person = world.accepted()
    for rows in ([*approval.rows(), (other, {})], approval.rows()[1:]):
        with pytest.raises(NotReady, match="起案の案件が変わっています"):
            again(world, approval, rows=rows)


# -- the pages ---------------------------------------------------------------------------------------
def typed(world: World, approval: Approval, **more: str) -> dict[str, str]:
    """What the page sends where nothing but `more` was typed."""
    words = {"title": approval.title, "note": "", "seen": str(approval.version), "key": "k"}
    route = {"first": str(world.approver.pk), "decider": str(world.director.pk)}
    return words | route | more


def test_the_page_puts_a_draft_right_and_sends_it_round(world: World, client: Client) -> None:
    approval = came_back(world)
    client.force_login(world.officer)
    assert f"{approval.get_absolute_url()}edit/" in one_line(
        client.get(approval.get_absolute_url())
    )
    page = one_line(client.get(f"{approval.get_absolute_url()}edit/"))
    assert "根拠を足してください" in page
    assert f'<option value="{world.director.pk}" selected>' in page
    first, second = (item.case for item in approval.items.all())
    sent = typed(
        world,
        approval,
        **{
            "title": "直した件名",
            "circulate": "1",
            "differs": first.number,
            "opened": first.number,
            f"{first.number}-amount": "200,000",
            f"{first.number}-cut_reason": "範囲を狭めた",
            f"drop-{second.number}-drop": "on",
            f"drop-{second.number}-why": "次の回に回す",
        },
    )
    for _twice in range(2):
        answer = client.post(f"{approval.get_absolute_url()}edit/", sent)
        assert (answer.status_code, answer.headers["Location"]) == (
            302,
            approval.get_absolute_url(),
        )
    approval = Approval.objects.get(pk=approval.pk)
    assert (approval.state, approval.round, approval.title) == ("circulated", 2, "直した件名")
    assert [item.given["amount"] for item in approval.items.all()] == [200_000]
    shown = one_line(client.get(approval.get_absolute_url()))
    for words in ("根拠を足してください", "次の回に回す", second.number, "範囲を狭めた"):
        assert words in shown


def test_a_title_of_the_portal_follows_the_rows_that_stay(world: World, client: Client) -> None:
    rows = [world.accepted()[0], world.accepted()[0]]
    client.force_login(world.officer)
    numbers = [row.case.number for row in rows]
    asked = {"act": "award", "case": numbers}
    proposed = html.fromstring(client.get("/approvals/new/", asked).content)
    [title] = proposed.xpath("//input[@name='title']/@value")
    assert title.endswith("ほか1件）")
    approval = world.approval("award", rows)
    Approval.objects.filter(pk=approval.pk).update(title=title)
    approval = perform(
        Approval.objects.get(pk=approval.pk), "send_back", by=world.director, reason="1件外す"
    )
    gone = approval.items.all()[1].case
    sent = typed(
        world,
        approval,
        **{"title": title, f"drop-{gone.number}-drop": "on", f"drop-{gone.number}-why": "次の回"},
    )
    assert client.post(f"{approval.get_absolute_url()}edit/", sent).status_code == 302
    left = Approval.objects.get(pk=approval.pk)
    assert left.title == title.replace("ほか1件", "")


def test_a_draft_over_two_programmes_names_both(world: World, client: Client) -> None:
    world.calls["sales_channel"] = world.call("sales_channel")
    rows = [world.accepted()[0], world.accepted("sales_channel")[0]]
    client.force_login(world.officer)
    asked = {"act": "award", "case": [row.case.number for row in rows]}
    page = html.fromstring(client.get("/approvals/new/", asked).content)
    [title] = page.xpath("//input[@name='title']/@value")
    [basis] = page.xpath("//input[@name='basis']/@value")
    assert "ほか1制度" in title
    assert basis.split("、") == [awards.basis(row) for row in rows]


def test_what_was_typed_stays_where_something_is_missing(world: World, client: Client) -> None:
    approval = came_back(world)
    client.force_login(world.officer)
    first, second = (item.case for item in approval.items.all())
    sent = typed(
        world,
        approval,
        **{
            "note": "書きかけの伺い",
            "differs": first.number,
            "opened": first.number,
            f"{first.number}-amount": "200,000",
            f"drop-{second.number}-drop": "on",
        },
    )
    answer = client.post(f"{approval.get_absolute_url()}edit/", sent)
    page = one_line(answer)
    assert answer.status_code == 422
    for words in (
        "書きかけの伺い",
        "200,000",
        "減額の理由を書いてください",
        "外す理由を書いてください",
    ):
        assert words in page
    assert Approval.objects.get(pk=approval.pk).round == 1


def test_put_right_in_two_windows_the_second_is_told(world: World, client: Client) -> None:
    approval = came_back(world)
    client.force_login(world.officer)
    sent = typed(world, approval, note="二つ目の窓")
    again(world, approval)
    answer = client.post(f"{approval.get_absolute_url()}edit/", sent)
    assert answer.status_code == 409
    assert "二つ目の窓" in one_line(answer)


def test_the_page_is_closed_while_somebody_else_has_the_draft(world: World, client: Client) -> None:
    approval = perform(came_back(world), "circulate", by=world.officer)
    client.force_login(world.officer)
    answer = client.get(f"{approval.get_absolute_url()}edit/")
    assert (answer.status_code, answer.headers["Location"]) == (302, approval.get_absolute_url())
    answer = client.post(f"{approval.get_absolute_url()}edit/", typed(world, approval))
    assert answer.status_code in (403, 422)
    assert Approval.objects.get(pk=approval.pk).state == "circulated"


def test_the_step_takes_out_a_fallen_row_on_its_page(world: World, client: Client) -> None:
    approval = perform(drafted(world, 2), "circulate", by=world.officer)
    client.force_login(world.approver)
    door = f"/do/approval/{approval.pk}/drop_rows/"
    assert door not in one_line(client.get(approval.get_absolute_url()))
    gone = withdrawn(approval).case
    assert door in one_line(client.get(approval.get_absolute_url()))
    page = one_line(client.get(door))
    left = approval.items.exclude(case=gone).get().case
    assert (str(gone) in page, str(left) in page) == (True, False)
    sent = {
        "seen": str(approval.version),
        "key": "k",
        "cases": str(gone.pk),
        "reason": "取り下げられた",
    }
    assert client.post(door, sent).status_code == 302
    assert [item.case for item in approval.items.all()] == [left]
    assert "取り下げられた" in one_line(client.get(approval.get_absolute_url()))


@pytest.mark.parametrize("is_typed", [False, True])
def test_what_was_taken_out_on_the_way_is_no_longer_in_its_title(
    world: World, client: Client, *, is_typed: bool
) -> None:
    rows = [world.accepted()[0], world.accepted()[0]]
    approval = world.approval("award", rows)
    cases = [item.case for item in approval.items.all()]
    told = "札幌の件" if is_typed else contents.title_of(acts["award"], cases)
    Approval.objects.filter(pk=approval.pk).update(title=told, note=f"{cases[0]}ほか1件について")
    gone, stays = withdrawn(Approval.objects.get(pk=approval.pk)).case, cases[1]
    approval = perform(
        Approval.objects.get(pk=approval.pk),
        "drop_rows",
        by=world.director,
        cases=[gone.pk],
        reason=f"{gone}の取下げによります",
    )
    assert approval.title == (told if is_typed else contents.title_of(acts["award"], [stays]))
    client.force_login(world.officer)
    words = "1件が外され、1件が残っています"
    assert words in one_line(client.get(approval.get_absolute_url()))
    sections = paper.document(approval)["sections"]
    assert words in str(sections)
    assert "金額の合計" in str(sections[0])
    volume = str(dossier.circulated(stays, world.officer))
    assert "〔ほかの案件〕ほか1件について" in volume
    assert [name for name in (str(gone), gone.organisation.name) if name in volume] == []
