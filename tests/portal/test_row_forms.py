"""A draft of many rows: said once for all, anew where a row differs, and read page by page."""

from collections.abc import Sequence

import pytest
from django.test import Client
from lxml import html

from grants.applications.models import Application
from grants.awards.assessing import applied_items, assess
from portal.approvals import shown_rows
from portal.approvals.models import Approval
from portal.approvals.ports import acts
from portal.bulk.ports import drafting
from portal.cases.models import Case
from portal.workflow.door import perform
from tests.beginning import begins
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_approval_rounds import withdrawn


def three(world: World) -> tuple[Case, ...]:
    return tuple(world.accepted()[0].case for _ in range(3))


def sent(world: World, cases: Sequence[Case], act: str, **more: object) -> dict[str, object]:
    """What the form sends; `more` names fields, with "__" for the hyphen."""
    said = {name.replace("__", "-"): value for name, value in more.items()}
    return {
        "act": act,
        "case": [case.number for case in cases],
        "title": "件名",
        "keep_years": "5",
        "decider": world.director.pk,
        **said,
    }


def names(page: bytes) -> set[str]:
    """The names of all fields for a reason."""
    found = html.fromstring(page).xpath("//*[@name]/@name")
    return {name for name in found if name.endswith("reason")}


@begins(three)
def test_a_reason_is_said_once_and_anew_where_a_row_differs(world: World, client: Client) -> None:
    cases = world.begun(three)
    other = cases[1].number
    client.force_login(world.officer)
    empty = client.get("/approvals/new/", {"act": "reject", "case": [c.number for c in cases]})
    assert names(empty.content) == {"all-reason"}
    typed = sent(world, cases, "reject", all__reason="基準に満たないため", differs=[other])
    opened = client.post("/approvals/new/", typed | {"open": "1"})
    page = html.fromstring(opened.content)
    [field] = page.xpath(f"//textarea[@name='{other}-reason']/text()")
    assert (opened.status_code, field.strip()) == (200, "基準に満たないため")
    assert page.xpath(f"//input[@name='differs'][@value='{other}'][@checked]")
    assert not page.xpath(f"//textarea[@name='{cases[0].number}-reason']")
    assert page.xpath("//input[@name='title']/@value") == ["件名"]
    typed |= {"opened": [other], f"{other}-reason": "期限に遅れたため"}
    assert client.post("/approvals/new/", typed).status_code == 302
    given = {item.case_id: item.given["reason"] for item in Approval.objects.get().items.all()}
    assert given == {
        cases[0].pk: "基準に満たないため",
        cases[1].pk: "期限に遅れたため",
        cases[2].pk: "基準に満たないため",
    }


@begins(three)
def test_a_row_that_was_ticked_and_never_opened_is_asked_first(
    world: World, client: Client
) -> None:
    cases = world.begun(three)
    client.force_login(world.officer)
    typed = sent(world, cases, "reject", all__reason="x", differs=[cases[2].number])
    answer = client.post("/approvals/new/", typed)
    assert answer.status_code == 200
    assert f'name="{cases[2].number}-reason"' in answer.content.decode()
    assert not Approval.objects.exists()


@begins(three)
def test_a_shared_reason_of_cuts_is_for_the_rows_that_are_cut(world: World, client: Client) -> None:
    cases = world.begun(three)
    cut = cases[0].number
    client.force_login(world.officer)
    typed = sent(world, cases, "award", all__cut_reason="付属品を除くため", all__conditions="")
    typed |= {"differs": [cut], "opened": [cut], f"{cut}-amount": "200,000"}
    answer = client.post("/approvals/new/", typed)  # its own reason was taken out again
    assert (answer.status_code, "減額の理由を書いてください" in answer.content.decode()) == (
        422,
        True,
    )
    typed |= {f"{cut}-cut_reason": "付属品を除くため"}
    assert client.post("/approvals/new/", typed).status_code == 302
    given = [(i.given["amount"], i.given["cut_reason"]) for i in Approval.objects.get().items.all()]
    assert sorted(given, key=str) == [
        (200_000, "付属品を除くため"),
        (None, "付属品を除くため"),
        (None, "付属品を除くため"),
    ]
    changes = [
        [what for what, _before, _after in acts["award"].preview(subject, given)]
        for subject, given in Approval.objects.get().rows()
    ]
    assert sorted(changes) == [["状態", "金額"], ["状態", "金額"], ["状態", "金額", "減額の理由"]]


@begins(three)
def test_a_shared_reason_of_cuts_that_no_row_hears_is_said(world: World, client: Client) -> None:
    cases = world.begun(three)
    client.force_login(world.officer)
    typed = sent(world, cases, "award", all__cut_reason="付属品を除くため", all__conditions="")
    answer = client.post("/approvals/new/", typed)
    assert (answer.status_code, answer.content.decode().count("減額の理由は使われません")) == (
        422,
        2,
    )
    assert not Approval.objects.exists()


@begins(three)
def test_a_shared_reason_is_in_the_letter_of_a_row_that_its_assessment_cuts(
    world: World, client: Client
) -> None:
    cases = world.begun(three)
    application = Application.objects.get(case=cases[0])
    items = applied_items(application)
    accepted = [(item["amount"], "") for item in items[1:]]
    assess(application, [(items[0]["amount"] // 2, "付属品"), *accepted], by=world.officer)
    client.force_login(world.officer)
    typed = sent(world, cases, "award", all__cut_reason="予算の範囲内", all__conditions="")
    assert client.post("/approvals/new/", typed).status_code == 302
    told = {
        after
        for subject, given in Approval.objects.get().rows()
        for what, _before, after in acts["award"].preview(subject, given)
        if what == "減額の理由"
    }
    assert told == {"予算の範囲内"}


@begins(three)
def test_a_draft_may_be_kept_to_read_its_letters_first(world: World, client: Client) -> None:
    cases = world.begun(three)
    client.force_login(world.officer)
    answer = client.post(
        "/approvals/new/", sent(world, cases, "reject", all__reason="x", keep="1", next="/cases/")
    )
    approval = Approval.objects.get()
    assert (answer.headers["Location"], approval.state) == (approval.get_absolute_url(), "drafted")
    text = one_line(client.get(approval.get_absolute_url()))
    assert "まだ回していません" in text
    assert "通知書の案" in text


@begins(three)
def test_the_page_after_sending_leads_to_the_draft(world: World, client: Client) -> None:
    cases = world.begun(three)
    client.force_login(world.officer)
    typed = sent(world, cases, "reject", all__reason="x", next="/cases/")
    page = html.fromstring(client.post("/approvals/new/", typed, follow=True).content)
    [link] = page.xpath("//*[@role='status']//a")
    assert link.get("href") == Approval.objects.get().get_absolute_url()


@begins(three)
@pytest.mark.parametrize(
    ("one", "other", "place"), [("first", "decider", "回議1"), ("second", "first", "回議1")]
)
def test_one_person_for_two_steps_is_an_error(
    world: World, client: Client, one: str, other: str, place: str
) -> None:
    cases = world.begun(three)
    client.force_login(world.officer)
    typed = sent(world, cases, "reject", all__reason="x")
    typed |= {one: world.director.pk, other: world.director.pk}
    answer = client.post("/approvals/new/", typed)
    assert answer.status_code == 422
    assert f"さんは「{place}」にも選ばれています" in answer.content.decode()
    assert not Approval.objects.exists()


@begins(three)
def test_put_right_the_form_begins_with_what_was_said(world: World, client: Client) -> None:
    cases = world.begun(three)
    client.force_login(world.officer)
    other, gone = cases[0].number, cases[2].number
    typed = sent(world, cases, "reject", all__reason="A", differs=[other], opened=[other])
    client.post("/approvals/new/", typed | {f"{other}-reason": "B"})
    approval = perform(Approval.objects.get(), "send_back", by=world.director, reason="直して")
    address = f"{approval.get_absolute_url()}edit/"
    page = html.fromstring(client.get(address).content)
    said = {
        name: "".join(page.xpath(f"//textarea[@name='{name}']/text()")).strip()
        for name in ("all-reason", f"{other}-reason")
    }
    assert said == {"all-reason": "A", f"{other}-reason": "B"}
    again = {name: value for name, value in typed.items() if name not in ("act", "case")}
    again |= {"seen": approval.version, "key": "k", "all-reason": "C", f"{other}-reason": "B"}
    answer = client.post(address, again | {f"drop-{gone}-drop": "on"})
    assert (answer.status_code, f'name="drop-{gone}-why"' in answer.content.decode()) == (422, True)
    again |= {f"drop-{gone}-drop": "on", f"drop-{gone}-why": "次の回"}
    assert client.post(address, again).status_code == 302
    left = {item.case.number: item.given["reason"] for item in approval.items.all()}
    assert left == {cases[1].number: "C", other: "B"}


@begins(three)
def test_rows_are_read_page_by_page(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shown_rows, "PER_PAGE", 2)
    cases = world.begun(three)
    approval = world.approval("award", [case.subject for case in cases])
    client.force_login(world.director)

    def shown(**query: str) -> list[str]:
        page = html.fromstring(client.get(approval.get_absolute_url(), query).content)
        return [a.split("/")[2] for a in page.xpath("//h3/a/@href")]

    order = [item.case.number for item in approval.items.select_related("case")]
    assert (shown(), shown(page="2"), shown(rows="all")) == (order[:2], order[2:], order)
    gone = withdrawn(approval).case
    assert shown(rows="fallen") == [gone.number]


@begins(three)
def test_a_case_in_a_draft_offers_no_other_and_says_where_it_is(
    world: World, client: Client
) -> None:
    [case, *_others] = world.begun(three)
    client.force_login(world.officer)
    assert "を起案する" in one_line(client.get(case.get_absolute_url()))
    approval = perform(
        world.approval("award", [case.subject]), "withdraw", by=world.officer
    )  # what is over stands in nobody's way
    assert "を起案する" in one_line(client.get(case.get_absolute_url()))
    approval = world.approval("award", [case.subject])
    where = f"{approval.number}が回議中です（{world.director.name}さんの番）"
    text = one_line(client.get(case.get_absolute_url()))
    assert (where in text, "を起案する" in text) == (True, False)
    asked = {"act": "reject", "case": [case.number]}
    assert where in one_line(client.get("/approvals/new/", asked))
    act = drafting.value("reject")
    assert act is not None
    [reason] = act.look(world.officer, [case], {})[case.pk].reasons
    assert where in reason


def test_a_draft_of_what_cannot_be_awarded_is_refused_with_its_reason(
    world: World, client: Client
) -> None:
    """An application that chose no frame, and was only handed in."""
    application, _person = world.submitted()
    Application.objects.filter(pk=application.pk).update(frame="")
    client.force_login(world.officer)
    sent = {
        "act": "award",
        "case": [application.case.number],
        "title": "件名",
        "keep_years": "5",
        "decider": world.director.pk,
    }
    answer = client.post("/approvals/new/", sent)
    assert answer.status_code == 422
    assert not Approval.objects.exists()
