"""Who of the office opened which case, and who is shown it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal.accounts.models import User
from portal.cases.models import Reading
from portal.cases.opened import KEPT_APART
from portal.cases.ports import page_names, read_pages
from portal.cases.told_readings import told
from portal.documents.models import Document
from portal.notices.models import Notice
from portal.ui.limits import EXPORTS
from tests.architecture.test_house import routes
from tests.conftest import World, draw_files
from tests.journeys.test_urls import OF_CASES


def entered(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def ways(world: World) -> tuple[str, dict[str, str]]:
    """(number of a case, what is kept → the address that opens it)."""
    application, _person = world.submitted()
    case = application.case
    draw_files(case)
    document = Document.objects.filter(case=case)[0]
    notice = Notice.objects.filter(case=case)[0]
    return case.number, {
        "case.open": reverse("case", args=[case.number]),
        "case.zip": reverse("case_zip", args=[case.number]),
        "document.view": reverse("document_page", args=[document.pk, 0]),
        "document.original": reverse("document_original", args=[document.pk]),
        "notice.paper": reverse("notice_paper", args=[notice.pk]),
        "case_list.export": reverse("case_export"),
    }


def opened(person: User) -> list[str]:
    return list(Reading.objects.filter(person=person).order_by("pk").values_list("what", flat=True))


def test_every_opening_by_the_office_is_kept(world: World) -> None:
    number, found = ways(world)
    client = entered(world.officer)
    for what, path in found.items():
        assert client.get(path).status_code == 200, path
        assert opened(world.officer)[-1] == what
    kept = Reading.objects.filter(person=world.officer).exclude(what="case_list.export")
    assert {row.case.number for row in kept if row.case} == {number}
    lists = [row.case for row in Reading.objects.filter(what="case_list.export").order_by("pk")]
    assert (lists[0], [case.number for case in lists[1:] if case]) == (None, [number])
    assert len(opened(world.officer)) == len(found) + 1
    for name in ("document.view", "case.open"):  # a page of a file is loaded piece by piece
        client.get(found[name])
    assert opened(world.officer)[len(found) + 1 :] == ["case.open"]


def test_what_the_applicant_opens_of_its_own_is_not_kept(world: World) -> None:
    application, person = world.submitted()
    client = entered(person)
    for name in ("case", "case_zip"):
        assert client.get(reverse(name, args=[application.case.number])).status_code == 200
    assert not Reading.objects.exists()


def test_what_nobody_may_open_leaves_no_reading(world: World) -> None:
    _number, found = ways(world)
    client = entered(world.staff["reviewer"])
    for what, path in found.items():
        if what != "case_list.export":
            assert client.get(path).status_code == 404
    assert opened(world.staff["reviewer"]) == []


def test_an_officer_sees_who_opened_the_case_and_others_do_not(world: World) -> None:
    number, found = ways(world)
    entered(world.approver).get(found["document.original"])
    path = reverse("case_readings", args=[number])
    assert path in entered(world.officer).get(found["case.open"]).content.decode()
    page = entered(world.officer).get(path).content.decode()
    assert world.approver.name in page
    assert "書類を取り出した" in page
    assert entered(world.staff["inspector"]).get(path).status_code == 403
    assert entered(world.outsider).get(path).status_code == 404


def test_the_auditor_sees_it_over_all_cases(world: World) -> None:
    numbers = []
    for who in (world.officer, world.approver):
        number, found = ways(world)
        entered(who).get(found["case.open"])
        numbers.append(number)
    entered(world.officer).get(reverse("case_export"))
    client, path = entered(world.staff["auditor"]), reverse("reading_list")
    page = client.get(path).content.decode()
    assert all(reverse("case", args=[number]) in page for number in numbers)
    assert "案件の一覧を取り出した" in page
    some = client.get(path, {"person": world.approver.name}).content.decode()
    assert [reverse("case", args=[n]) in some for n in numbers] == [False, True]
    one = client.get(path, {"number": numbers[0]}).content.decode()
    assert [reverse("case", args=[n]) in one for n in numbers] == [True, False]
    assert entered(world.officer).get(path).status_code == 403


def test_the_paper_of_a_draft_is_a_reading_of_each_case_that_it_names(world: World) -> None:
    approval = world.approval("award", [world.accepted()[0] for _ in range(2)])
    cases = [item.case for item in approval.items.all()]
    reader = world.director
    assert entered(reader).get(reverse("approval_document", args=[approval.pk])).status_code == 200
    auditor = entered(world.staff["auditor"])
    for case in cases:
        of_case = auditor.get(reverse("case_readings", args=[case.number])).content.decode()
        over_all = auditor.get(reverse("reading_list"), {"number": case.number}).content.decode()
        for page in (of_case, over_all):
            assert "起案用紙・決裁文書を開いた" in page
            assert reader.name in page


def test_nothing_is_kept_that_no_page_has_words_for(world: World) -> None:
    with pytest.raises(KeyError):
        Reading.note(world.officer, "something.else")


def test_a_reading_names_what_was_opened_in_words(world: World) -> None:
    number, found = ways(world)
    client = entered(world.officer)
    for name in ("document.original", "notice.paper"):
        client.get(found[name])
    approval = world.approval("award", [world.accepted()[0]])
    entered(world.director).get(reverse("do", args=["approval", approval.pk, "approve"]))
    auditor = entered(world.staff["auditor"])
    page = auditor.get(reverse("reading_list")).content.decode()
    document = Document.objects.filter(case__number=number)[0]
    notice = Notice.objects.filter(case__number=number)[0]
    for words in (document.name, f"{notice.title}　{notice.number}", "「決裁する」のページ"):
        assert words in page
    for raw in (f"document:{document.pk}", f"notice:{notice.pk}", "approval:approve"):
        assert raw not in page


def test_the_list_of_readings_asks_as_much_for_many(
    world: World,
) -> None:
    _number, found = ways(world)
    auditor, path = entered(world.staff["auditor"]), reverse("reading_list")
    entered(world.officer).get(found["document.original"])
    with CaptureQueriesContext(connection) as few:
        auditor.get(path)
    for _n in range(5):
        entered(world.officer).get(found["document.original"])
    with CaptureQueriesContext(connection) as many:
        auditor.get(path)
    assert len(many) <= len(few)


# pages that keep their reading in words of their own
OWN_WORDS = frozenset(("disclosure", "disclosure_preview", "inquiry_answer"))


def test_every_page_that_is_kept_by_its_address_has_a_name(world: World) -> None:
    assert set(read_pages) - set(page_names) == set()
    assert OF_CASES - KEPT_APART - OWN_WORDS - set(page_names) == set()
    person, call = world.staff["officer"], world.calls["telework"]
    Reading.note_once(person, "many.open", None, f"ranking:{call.pk}")
    rows = told(Reading.objects.filter(person=person))
    assert [row.named for row in rows] == [f"「順位」のページ　{call}"]


# files that the applicant's side alone takes out
APPLICANTS_OWN = {"application_pdf", "completion_workbook", "costs_workbook", "own_data_copy"}
SHOWN_TO_ALL = {"programme_specimen"}
FILE = re.compile(r"\.(csv|xlsx|pdf|zip|json)$")


def test_every_address_of_a_file_of_the_office_keeps_a_reading_that_has_a_name() -> None:
    files = {
        str(entry.name)
        for route, entry in routes()
        if getattr(entry.callback, "access", "").startswith(("staff:", "signed_in"))
        and (getattr(entry.callback, "limit", None) == EXPORTS or FILE.search(route))
    } - (APPLICANTS_OWN | SHOWN_TO_ALL)
    assert len(files) > 20
    assert files - KEPT_APART - set(page_names) == set()


def test_a_list_that_is_taken_out_says_its_filter_and_stands_with_each_of_its_cases(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = world.submitted()[0].case
    other = world.accepted()[0].case
    client, path = entered(world.officer), reverse("case_export")
    client.get(path, {"q": case.number, "state": ""})
    listed, *named = Reading.objects.filter(what="case_list.export").order_by("pk")
    assert (listed.case, [row.case for row in named]) == (None, [case])
    page = entered(world.staff["auditor"]).get(reverse("reading_list")).content.decode()
    assert f"1件　q={case.number}" in page
    assert (
        "案件の一覧を取り出した"
        in client.get(reverse("case_readings", args=[case.number])).content.decode()
    )
    assert not other.readings.filter(what="case_list.export").exists()
    monkeypatch.setattr("portal.cases.taken_out.MOST_NAMED", 1)  # of many the list alone
    client.get(path)
    assert not other.readings.filter(what="case_list.export").exists()


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("budget_csv", "officer"),
        ("budget_book_xlsx", "officer"),
        ("settlement_csv", "officer"),
        ("disposal_csv", "officer"),
        ("statistics_live_csv", "officer"),
        ("case_officers_csv", "officer"),
    ],
)
def test_what_names_no_case_is_kept_when_it_is_taken_out(world: World, name: str, who: str) -> None:
    assert entered(world.staff[who]).get(reverse(name)).status_code == 200
    (row,) = told(Reading.objects.filter(what="file.out"))
    assert (row.person, row.named) == (world.staff[who], f"「{page_names[name]}」のページ")
