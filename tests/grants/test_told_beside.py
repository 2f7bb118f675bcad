"""What an owner is told beside the place where it matters: which frame, which file, which number."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from grants.applications import drafts
from grants.applications.models import Application
from grants.programmes import choosing, loading
from grants.programmes.parameters import Programme, read
from portal.documents.models import Document
from tests.conftest import World
from tests.markup import one_line
from tools.demonstration.simulation import paper


def shipped(code: str) -> Programme:
    return read((loading.DATA / f"{code}.toml").read_text(encoding="utf-8"))


def at(application: Application, key: str) -> str:
    return reverse("application_section", args=[application.case.number, key])


def quote(name: str = "file") -> dict[str, SimpleUploadedFile]:
    return {name: SimpleUploadedFile("見積書.pdf", paper("quote"), content_type="application/pdf")}


def test_a_frame_is_told_by_what_its_programme_states_of_it() -> None:
    standard, expert = shipped("telework").frames
    assert choosing.frame_words(standard) == "通常枠：費用の3分の2、上限40万円、下限10万円"
    assert choosing.frame_words(expert) == (
        "専門家派遣枠：費用の3分の2、上限60万円、下限10万円。"
        "先に要ること：市が無料で派遣する専門家のコンサルティングを、申請の前に受けること"
    )
    with override("en"):
        said = choosing.frame_words(standard)
    assert said == "Standard frame: 2/3 of the costs, at most 400,000 yen, at least 100,000 yen"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("telework", "以前にこの補助金を受けた方は、専門家派遣枠だけに申し込めます。"),
        ("dx_promotion", "枠の額や条件には、計画値（決まっていない値）が含まれます。"),
    ],
)
def test_whom_a_frame_is_closed_to_and_what_is_open_of_it_is_said(code: str, words: str) -> None:
    assert choosing.choosing_words(shipped(code)) == words


def test_the_frames_are_told_where_one_of_them_is_chosen(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    page = one_line(client.get(at(application, "costs")))
    for frame in application.stated.frames:
        assert choosing.frame_words(frame) in page


def test_a_press_for_a_file_keeps_what_is_ticked_below(world: World, client: Client) -> None:
    application, person = world.draft()
    application.sections.filter(key="consent").delete()
    client.force_login(person)
    papers = at(application, "documents")
    had = set(Document.objects.sent().filter(case=application.case).values_list("pk", flat=True))
    ticked = {"tax_lookup": "yes", "version": "0", "send": "quote"}
    assert client.post(papers, ticked | quote("file-quote"))["Location"] == f"{papers}#doc-quote"
    kept = drafts.stored(application, "consent")
    assert kept is not None
    assert kept.data == {"tax_lookup": "yes"}
    came = Document.objects.sent().filter(case=application.case).exclude(pk__in=had)
    assert came.get().key == "quote"
    page = one_line(client.get(papers))
    assert re.search(r'<input[^>]*name="tax_lookup" value="yes"[^>]* checked', page)


def test_what_is_ticked_stays_though_the_file_cannot_be_taken(world: World, client: Client) -> None:
    application, person = world.draft()
    application.sections.filter(key="consent").delete()
    client.force_login(person)
    answer = client.post(
        at(application, "documents"), {"tax_lookup": "no", "version": "0", "send": "quote"}
    )
    assert answer.status_code == 422
    kept = drafts.stored(application, "consent")
    assert kept is not None
    assert kept.data == {"tax_lookup": "no"}
    unknown = {"version": "1", "send": "nonsense"} | quote("file-nonsense")
    assert client.post(at(application, "documents"), unknown).status_code == 404
    nothing = client.post(at(application, "documents"), {"version": "1", "send": "quote"})
    assert nothing.status_code == 422
    kept.refresh_from_db()
    assert kept.data == {"tax_lookup": "no"}


def test_the_file_arrives_though_the_consent_was_saved_elsewhere(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    at_once = {"tax_lookup": "yes", "registry_lookup": "yes", "editor": "other"}
    for version in ("1", "2"):
        client.post(at(application, "documents"), at_once | {"version": version})
    stale = {"tax_lookup": "no", "version": "1", "editor": "x"}
    before = Document.objects.sent().filter(case=application.case, key="quote").count()
    answer = client.post(
        at(application, "documents"), stale | {"send": "quote"} | quote("file-quote")
    )
    assert answer.status_code == 409
    assert Document.objects.sent().filter(case=application.case, key="quote").count() == before + 1


def test_each_file_of_the_page_is_sent_with_the_consent(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    page = one_line(client.get(at(application, "documents")))
    for document in application.stated.documents:
        assert re.search(rf'name="file-{document.key}" form="consent"', page)
        assert re.search(rf'form="consent"[^>]* name="send" value="{document.key}"', page)


def test_quotations_are_counted_by_files_where_two_are_asked_for(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    page = one_line(client.get(at(application, "documents")))
    assert page.count("見積書は、1社につき1つのファイルで送ってください。") == 1
    assert "2社分の見積書が要る経費があります。" not in page
    costs = drafts.stored(application, "costs")
    assert costs is not None
    costs.data["item-0-amount"] = "1,500,000"
    costs.save()
    files = Document.objects.sent().filter(case=application.case, key="quote").count()
    for n in (files, files + 1):
        page = one_line(client.get(at(application, "documents")))
        assert f"いま届いている見積書のファイルは{n}件です。" in page
        client.post(at(application, "documents"), {"key": "quote"} | quote())


def test_a_number_is_told_for_what_it_is(world: World) -> None:
    draft, _person = world.draft()
    assert (draft.case.number_word, draft.case.draft_number) == ("下書き番号", None)
    handed_in, _person = world.submitted()
    case = handed_in.case
    assert (case.number_word, case.number) == ("受付番号", case.receipt_number)


def test_that_a_quotation_may_not_follow_is_said_beside_it(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    page = one_line(client.get(at(application, "documents")))
    assert page.count("見積書は、提出したあとに送ることができません。") == 1
