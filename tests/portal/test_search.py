"""Search over all that people remember of a case, within what they may see."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from grants.applications.models import Application, ApplicationVersion
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.cases import jobs, retention, search
from portal.cases.models import Case, SearchDocument
from portal.correspondence.models import Message
from portal.documents.models import Document
from portal.workflow.door import perform, touch
from tests.conftest import World
from tests.grants.test_corrections import returned
from tests.grants.test_reviews import convened


def found(text: str, user: User) -> list[Case]:
    return list(search.within(Case.objects.visible_to(user), text, user))


def answers(application: Application, **given: object) -> None:
    """As if these had stood in what was handed in."""
    version = ApplicationVersion.objects.filter(application=application).order_by("-n")[0]
    version.pk, version.n, version.content = None, version.n + 1, version.content | given
    version.save(force_insert=True)
    search.index([application.case_id])


@pytest.mark.parametrize(
    "text",
    [
        "林",  # one sign
        "小林",
        "コバヤシ",  # kana as hiragana
        "０１１-２２２-３３３３",
        "0112223333",
        "(011)222-3333",
        "北1条西2-1",
        "北一条西２丁目１番",
        "除雪の記録",
        "小林 除雪",
        "INV-2026",
    ],
)
def test_a_case_is_found_by_what_a_person_remembers(world: World, text: str) -> None:
    application, _person = world.submitted()
    world.submitted()
    firm = application.case.organisation
    firm.representative_name, firm.phone = "小林　こばやし", "(011)222-3333"
    firm.address = "札幌市中央区北一条西2丁目1番地"
    firm.save()
    answers(application, plan={"title": "道具", "q_what": "除雪の\n記録 inv-2026/7 を残す"})
    assert found(text, world.officer) == [application.case]


def test_the_inbox_says_in_which_tab_a_searched_case_lies(world: World, client: Client) -> None:
    application, _person = returned(world, "plan")
    number = application.case.receipt_number
    client.force_login(world.officer)
    found_in = client.get("/inbox/", {"q": number})  # a search is for all tabs
    assert found_in.headers["Location"] == f"/inbox/?q={number}&tab=applicant"
    page = html.fromstring(client.get("/inbox/", {"q": number, "tab": "mine"}).content)
    tabs = [" ".join(a.text_content().split()) for a in page.xpath("//ul[@class='tabs']//a")]
    assert tabs == [
        "わたしの番0",
        "申請者の対応待ち1",
        "ほかの職員の番0",
        "期限が近い0",
        "まだ始められない0",
    ]
    ways = {a.get("href", ""): " ".join(a.text_content().split()) for a in page.iter("a")}
    assert ways[f"?q={number}&tab=applicant"] == "申請者の対応待ち（1件）"
    assert number in client.get("/inbox/", {"q": number, "tab": "applicant"}).content.decode()


def test_the_inbox_finds_a_draft_by_each_of_its_cases(world: World, client: Client) -> None:
    """It stands there once, with its first case; what is searched may be another of them."""
    rows = [world.accepted()[0] for _n in range(3)]
    draft = world.approval("award", rows)
    client.force_login(world.staff["director"])
    for row in rows:
        answer = client.get("/inbox/", {"q": row.case.receipt_number}, follow=True)
        turns = list(answer.context["page"])
        assert [(turn.subject, turn.cases) for turn in turns] == [(draft.subject_key, 3)]


def test_the_inbox_looks_for_words_once(world: World, client: Client) -> None:
    """For all its tabs together: once to find the tab, and once more to open it."""
    case = world.submitted()[0].case
    search.index([case.pk])
    client.force_login(world.officer)
    with CaptureQueriesContext(connection) as asked:
        client.get("/inbox/", {"q": case.organisation.name}, follow=True)
    looks = [q["sql"].count('FROM "portal_cases_searchdocument"') for q in asked]
    assert sum(looks) == 2


def test_a_number_alone_finds_its_case_before_any_job_has_run(world: World) -> None:
    application, _person = world.submitted()
    for number in (application.case.receipt_number.lower(), application.case.number):
        assert found(number, world.officer) == [application.case]


def test_numbers_of_papers_and_what_was_written_are_found_but_no_memo(world: World) -> None:
    application, person = world.submitted()
    case = application.case
    Message.objects.create(case=case, side="applicant", author=person, body="納品が遅れます")
    Message.objects.create(
        case=case, side="office", author=world.officer, body="要注意の噂", internal=True
    )
    notice = case.notices.get()
    search.index([case.pk])
    assert [len(found(text, world.officer)) for text in (notice.number, "納品", "要注意")] == [
        1,
        1,
        0,
    ]


def test_what_is_marked_secret_is_found_by_nobody(world: World) -> None:
    application, _person = world.submitted()
    plan = {"title": "道具", "q_what": "秘伝のたれ", "q_why": "夏の暑さ"}
    answers(application, plan=plan, secrecy={"secret": ["plan.q_what"]})
    assert [len(found(text, world.officer)) for text in ("秘伝", "夏の暑さ")] == [0, 1]


def test_whoever_sees_no_case_finds_none_and_drafts_are_found_by_nobody(world: World) -> None:
    submitted, _person = world.submitted()
    draft, _other = world.draft()
    search.index([submitted.case_id, draft.case_id])
    name = submitted.case.organisation.name
    assert [len(found(name, world.staff[who])) for who in ("officer", "administrator")] == [1, 0]
    assert list(SearchDocument.objects.values_list("case", flat=True)) == [submitted.case_id]


def test_a_reviewer_searches_by_what_the_list_shows(world: World) -> None:
    """Their page hides the contact, so their search must not confirm it."""
    application, _person = world.submitted()
    answers(application, contact={"name": "窓口太郎"})
    everything = Case.objects.all()
    reviewer, officer = world.staff["reviewer"], world.officer
    assert [
        search.within(everything, text, who).count()
        for who in (reviewer, officer)
        for text in ("窓口太郎", application.case.organisation.name)
    ] == [0, 1, 1, 1]


def test_a_role_elsewhere_opens_no_words_of_a_case_one_reviews(world: World) -> None:
    """A word of each case that only its reader's page shows: the one they keep, the one they review."""
    _panel, (_mine, reviewed) = convened(world, 2)
    kept, _person = world.submitted(call=world.calls["telework"])
    reviewer = world.staff["reviewer"]
    review = reviewed.reviews.get(reviewer=reviewer)
    perform(review, "declare", by=reviewer)
    StaffRole.objects.create(
        person=reviewer,
        role="programme_officer",
        programme_code=kept.case.programme_code,
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
    )
    both = User.objects.get(pk=reviewer.pk)
    for application in (kept, reviewed):
        answers(application, contact={"name": "窓口太郎"})
    assert set(Case.objects.visible_to(both)) >= {kept.case, reviewed.case}
    assert found("窓口太郎", both) == [kept.case]
    for application in (kept, reviewed):
        assert found(application.case.organisation.name, both) == [application.case]


def test_what_was_done_in_a_case_is_found_once_the_job_has_run(world: World) -> None:
    application, _person = world.submitted()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
        touch(application.case)
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'index_cases'")
        assert cursor.fetchall() == [(f'{{"cases": [{application.case_id}]}}',)]
    jobs.index_cases([application.case_id])
    assert found(application.case.organisation.name, world.officer) == [application.case]


def test_what_a_case_was_found_by_is_erased_with_it(world: World) -> None:
    application, _person = world.submitted()
    search.index([application.case_id])
    retention.dispose(application.case, by=world.officer)
    search.index([application.case_id])  # a job that comes late
    assert not SearchDocument.objects.exists()


def test_the_command_writes_what_is_missing_and_with_all_everything(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    for _n in range(3):
        world.submitted()
    for given in ([], [], ["--all"]):
        call_command("index_cases", *given)
    assert capsys.readouterr().out.splitlines() == [f"{n} cases indexed." for n in (3, 0, 3)]


def test_documents_are_written_in_the_same_queries_for_one_case_and_for_three(world: World) -> None:
    keys = [world.submitted()[0].case_id for _n in range(3)]
    counts = []
    for some in (keys[:1], keys):
        with CaptureQueriesContext(connection) as queries:
            search.index(some)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_search_goes_by_the_index(world: World) -> None:
    application, _person = world.submitted()
    search.index([application.case_id])
    rows = search.within(Case.objects.visible_to(world.officer), "北海道 テレ", world.officer)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "cases_search" in rows.explain()


def test_documents_are_looked_through_once_for_a_page_and_its_figures(
    world: World, client: Client
) -> None:
    case = world.submitted()[0].case
    search.index([case.pk])
    client.force_login(world.officer)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/cases/", {"q": "札幌市", "page": "1"})
    assert [row.pk for row in page.context["page"]] == [case.pk]
    assert page.context["sums"][0][1] == case.applied_amount
    assert sum("portal_cases_searchdocument" in query["sql"] for query in queries) == 1


def test_the_parts_of_a_document_are_not_read_again_form_by_form(world: World) -> None:
    """A number is looked for as it is written and as an address writes it."""
    application, _person = world.submitted()
    search.index([application.case_id])
    number = search._word("札経産第101号(令和7年度)", whole=True)
    rows = SearchDocument.objects.filter(number)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    found = [line for line in rows.explain().split("\n") if "Filter" in line and "strpos" in line]
    assert found
    assert not any("pairs" in line for line in found)


def test_a_number_is_not_looked_for_where_only_its_pairs_stand() -> None:
    """Every two digits stand somewhere in nearly every document."""
    told = {n for line in ("01 11", "112", "22233", "333") for n in search.pairs(search.fold(line))}
    number = search.fold("011-222-3333")
    assert {n for n in search.pairs("01") if n in told}
    assert not set(search.looked_up(number)) <= told
    assert set(search.looked_up(number)) <= search.pairs(f"電話{number}")


def test_prints_of_files_are_no_words(world: World) -> None:
    application, _person = world.submitted()
    answers(application, plan={"title": "道具", "q_what": "0f" * 32, "q_why": "0f" * 8})
    assert [len(found(text, world.officer)) for text in ("0f" * 9, "0f" * 8)] == [0, 1]


def test_a_common_word_is_not_counted_to_its_end(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.cases.listing.MOST", 1)
    for _n in range(3):
        search.index([world.submitted()[0].case_id])
    client.force_login(world.officer)
    for path in ("/cases/", "/inbox/?tab=mine"):
        page = client.get(path, {"q": "札幌市", "page": "1", "tab": "mine"})
        assert page.context["page"].paginator.count == 2
        assert "1件を超えています" in page.content.decode()


def test_document_names_are_no_part_of_it(world: World) -> None:
    """Files follow the answers: where something is secret, their names may tell it."""
    application, _person = world.submitted()
    Document.objects.filter(case=application.case).update(name="秘密の図面.pdf")
    search.index([application.case_id])
    assert found("秘密の図面", world.officer) == []
