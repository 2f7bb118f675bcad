"""One's own application as a PDF: every question, the costs, the sum and the documents, before and after."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pypdfium2 import PdfDocument

from grants.applications import drafts, submit
from grants.applications.models import Application
from grants.applications.printing import paper
from grants.programmes import sizes
from portal.accounts.models import User
from reports.papers.report import draw
from tests.conftest import World
from tests.grants.test_approval_document import text_of

MARK = "下書き・未提出"


def printed(client: Client, application: Application, person: User) -> bytes:
    client.force_login(person)
    answer = client.get(reverse("application_pdf", args=[application.case.number]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return answer.content


def pages(client: Client, application: Application, person: User) -> str:
    return text_of(printed(client, application, person))


def asked(application: Application) -> list[str]:
    """The label of every question of the draft's forms, but of the one that stands for the five below it."""
    keys = set(drafts.form_classes(application)) - set(drafts.added(application))
    return [
        str(field.label)
        for key in keys
        for name, field in drafts.form_of(application, key).fields.items()
        if name != sizes.FIRST
    ]


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("code", ["telework", "iot", "open_innovation"])
def test_a_draft_is_printed_as_it_is_typed_and_marked_on_each_page(
    world: World, client: Client, code: str
) -> None:
    application, person = world.draft(call=world.calls.get(code) or world.call(code))
    data = printed(client, application, person)
    written = text_of(data)
    sheets = len(PdfDocument(data))
    assert written.count(MARK) == 2 * sheets  # above and below
    said = {
        label
        for section in paper(application, person)["sections"]
        for label, *_ in section.get("rows", [])
    }
    assert set(asked(application)) <= said
    area = application.case.organisation.area
    assert area
    assert area.full_name in squeezed(written)
    assert area.code not in written  # which the form sends
    assert "受付番号" not in written


def test_a_draft_that_is_hardly_begun_is_printed_too(world: World, client: Client) -> None:
    application, person = world.draft(complete=False)
    drafts.save(
        application, "contact", {"name": "三上", "phone": "12"}, by=person, page=drafts.Page(0)
    )
    written = pages(client, application, person)
    assert "三上" in written
    assert "＊電話番号は市外局番から" in written


def test_what_was_handed_in_stands_with_its_number_its_version_and_its_sum(
    world: World, client: Client
) -> None:
    application, person = world.submitted()
    version = application.last_version
    assert version is not None
    written = pages(client, application, person)
    assert MARK not in written
    for words in (
        application.case.receipt_number or "-",
        "第1版",
        f"{version.content['aid']['amount']:,}円",
        *(file["name"] for file in version.content["documents"]),
    ):
        assert squeezed(words) in written
    table = next(s["table"] for s in paper(application, person)["sections"] if "table" in s)
    assert [row[1] for row in table["rows"]] == [
        i["what"] for i in version.content["costs"]["items"]
    ]


def test_while_it_is_corrected_it_is_what_was_handed_in(world: World, client: Client) -> None:
    application, person = world.submitted()
    Application.objects.filter(pk=application.pk).update(state="returned")
    section = drafts.stored(application, "plan")
    assert section is not None
    typed = section.data | {"title": "書き直している名前"}
    drafts.save(application, "plan", typed, by=person, page=drafts.Page(section.version))
    assert "書き直している名前" not in pages(client, application, person)


def test_english_readers_read_it_in_english(world: World) -> None:
    application, person = world.draft()
    with translation.override("en"):
        facts = paper(application, person)
    assert facts["mark"] == "Draft – not submitted"
    assert draw(facts).startswith(b"%PDF")
    submit.submit(application, by=person)
