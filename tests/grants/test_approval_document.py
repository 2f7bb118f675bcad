"""The document of an approval: numbered when drafted, frozen when decided, on paper, found again from the case."""

import io

import pypdfium2
import pytest
from django.test import Client

from grants.applications.models import Application
from portal.approvals.models import Approval
from portal.cases import search
from portal.cases.models import Case, Reading
from portal.workflow.door import begin, perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_decisions import accepted

BASIS = "札幌市テレワーク導入経費補助金交付要綱第9条"


def drafted(world: World) -> Approval:
    """An award of 250,000 yen of 300,000, with basis and a step before the decision."""
    application = accepted(world)
    approval = begin(
        Approval,
        by=world.officer,
        act="award",
        title="とても長い件名" * 15,
        note="次のとおり決定してよいか伺います。",
        basis=BASIS,
        keep_years=10,
        rows=[(application, {"amount": 250_000, "cut_reason": "付属品を除くため"})],
        steps=[("agree", world.approver), ("decide", world.director)],
    )
    return perform(approval, "circulate", by=world.officer)


def decided(world: World) -> Approval:
    approval = perform(drafted(world), "agree", by=world.approver, reason="異議ありません。")
    return perform(approval, "approve", by=world.director, reason="よろしい。")


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    pages = [page.get_textpage().get_text_bounded() for page in document]
    return "".join("".join(pages).split())


@begins(accepted)
def test_each_draft_has_the_next_number_of_its_year(world: World) -> None:
    first = world.approval("award", [world.begun(accepted)])
    second = world.approval("award", [accepted(world)])
    numbers = [int(a.number.partition("号")[0].removeprefix("起案第")) for a in (first, second)]
    assert numbers[1] == numbers[0] + 1
    assert first.number.endswith("年度）")


@begins(decided)
def test_what_was_decided_stays_as_it_was(world: World, client: Client) -> None:
    approval = world.begun(decided)
    item = approval.items.get()
    assert ["金額", "300,000円", "250,000円"] in item.changes
    assert [draw.need for draw in approval.draws(())] == [250_000, 1]
    # later the case goes its way, and the figures of another year stand in the line
    Application.objects.filter(case=item.case).update(requested_amount=1)
    client.force_login(world.officer)
    page = client.get(approval.get_absolute_url()).content.decode()
    for words in ("決裁で変わったこと", "250,000円", BASIS, "10年", approval.number):
        assert words in page
    assert "決裁すると変わること" not in page


@begins(decided)
def test_the_paper_names_route_opinions_basis_budget_and_rows(world: World, client: Client) -> None:
    approval = world.begun(decided)
    client.force_login(world.officer)
    answer = client.get(f"{approval.get_absolute_url()}document.pdf")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    text = text_of(answer.content)
    wanted = [
        "決裁文書",
        approval.title,
        approval.number,
        BASIS,
        "保存年限10年",
        "次のとおり決定してよいか",
        world.approver.name,
        "異議ありません。",
        world.director.name,
        "よろしい。",
        "250,000円",
        "付属品を除くため",
        approval.items.get().case.organisation.name,
    ]
    missing = [words for words in wanted if "".join(words.split()) not in text]
    assert not missing
    assert Reading.objects.filter(person=world.officer, what="approval.document").count() == 1


@begins(drafted)
def test_before_the_decision_it_is_a_draft_and_says_what_would_change(
    world: World, client: Client
) -> None:
    approval = world.begun(drafted)
    client.force_login(world.director)
    text = text_of(client.get(f"{approval.get_absolute_url()}document.pdf").content)
    assert "起案用紙" in text
    assert "決裁すると変わること" in text
    assert "決裁文書" not in text


@begins(drafted)
def test_a_refused_draft_keeps_what_it_asked_for(world: World, client: Client) -> None:
    approval = perform(world.begun(drafted), "agree", by=world.approver)
    approval = perform(approval, "refuse", by=world.director, reason="根拠が足りません。")
    client.force_login(world.officer)
    page = client.get(approval.get_absolute_url()).content.decode()
    assert ("行われていません" in page, "250,000円" in page) == (True, True)


@begins(decided)
def test_a_case_leads_to_its_approvals_and_their_number_finds_it(
    world: World, client: Client
) -> None:
    approval = world.begun(decided)
    other = world.approval("award", [accepted(world)])
    case = Case.objects.get(pk=approval.items.get().case_id)
    client.force_login(world.officer)
    link = f"/approvals/?state=all&amp;case={case.number}"
    assert link in client.get(f"/cases/{case.number}/").content.decode()
    listed = client.get(link.replace("&amp;", "&")).content.decode()
    assert (approval.number in listed, other.number in listed) == (True, False)
    search.index([case.pk])
    found = client.get("/cases/", {"q": approval.number}).content.decode()
    assert case.number in found


@pytest.mark.parametrize("who", ["outsider", "reviewer"])
@begins(decided)
def test_nobody_else_opens_the_paper(world: World, client: Client, who: str) -> None:
    approval = world.begun(decided)
    client.force_login(world.outsider if who == "outsider" else world.staff[who])
    assert client.get(f"{approval.get_absolute_url()}document.pdf").status_code in (403, 404)
