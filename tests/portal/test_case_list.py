"""The office's list of cases: filters, order, columns, spreadsheets, saved views."""

import csv
import io
from datetime import datetime, timedelta

import openpyxl
import pytest
from django.test import Client

from grants.applications.models import Application
from portal import clock, fiscal
from portal.accounts.models import Organisation, User
from portal.cases import columns, finding, search
from portal.cases.models import Case, ListLayout, SavedView
from portal.workflow.door import perform
from tests.conftest import World
from tests.grants.test_reviews import convened
from tests.markup import one_line


def numbers(client: Client, **given: str) -> list[str]:
    page = client.get("/cases/", given)
    assert page.status_code == 200
    return [case.number for case in page.context["page"]]


@pytest.fixture
def two(world: World, client: Client) -> tuple[Case, Case]:
    """An older case of 100,000 yen in an officer's hand, and one of 900,000 that nobody has."""
    client.force_login(world.officer)
    cases = [world.submitted()[0].case for _n in range(2)]
    for case, days, yen, officer in zip(
        cases, (40, 2), (100_000, 900_000), (world.officer, None), strict=True
    ):
        case.submitted_at, case.amount = clock.now() - timedelta(days=days), yen
        case.assigned_to, case.call_label = officer, f"第{days}回"
        case.save()
    return cases[0], cases[1]


def test_each_filter_leaves_what_it_says(
    world: World, client: Client, two: tuple[Case, Case]
) -> None:
    old, new = two
    day = clock.today() - timedelta(days=20)
    year = str(fiscal.fiscal_year(clock.day_of(old.submitted_at or clock.now())))
    new.closed_at = clock.now()
    new.save()
    expected: dict[str, tuple[dict[str, str], list[str]]] = {
        "officer": ({"officer": str(world.officer.pk)}, [old.number]),
        "nobody": ({"officer": "0"}, [new.number]),
        "since": ({"since": day.isoformat()}, [new.number]),
        "until": ({"until": day.isoformat()}, [old.number]),
        "least": ({"least": "10万"}, [new.number, old.number]),
        "more": ({"least": "100,001"}, [new.number]),
        "most": ({"most": "100,000"}, [old.number]),
        "call": ({"call": "第40"}, [old.number]),
        "open": ({"open_only": "on"}, [old.number]),
        "wrong": ({"since": "x"}, [new.number, old.number]),
    }
    assert {name: numbers(client, **given) for name, (given, _rows) in expected.items()} == {
        name: rows for name, (_given, rows) in expected.items()
    }
    assert old.number in numbers(client, year=year)
    assert numbers(client, year=str(fiscal.fiscal_year(clock.today()) - 3)) == []


@pytest.fixture
def in_places(two: tuple[Case, Case]) -> tuple[Case, Case]:
    """The older case is of a caterer in Chuo-ku, the newer of a maker of food in Otaru."""
    for case, area, trade in zip(two, ("011011", "012033"), ("76", "09"), strict=True):
        firm = Organisation.objects.create(
            name=f"架空{area}", area_id=area, industry_id=trade, is_fictitious=True
        )
        case.organisation = firm
        case.save()
    return two


def test_the_list_is_narrowed_by_the_seat_and_the_trade_of_the_firm(
    client: Client, in_places: tuple[Case, Case]
) -> None:
    old, new = (case.number for case in in_places)
    found = {
        (name, chosen): numbers(client, **{name: chosen})
        for name, chosen in (
            *(("seat", chosen) for chosen in ("011002", "011011", "011029", "012033", "outside")),
            *(("trade", chosen) for chosen in ("E", "09", "76", "10", "A")),
        )
    }
    assert {key: rows for key, rows in found.items() if rows} == {
        ("seat", "011002"): [old],
        ("seat", "011011"): [old],
        ("seat", "012033"): [new],
        ("trade", "E"): [new],
        ("trade", "09"): [new],
        ("trade", "76"): [old],
    }
    Organisation.objects.filter(cases=in_places[0]).update(area=None, prefecture="東京都")
    Organisation.objects.filter(cases=in_places[1]).update(area=None, country="フランス")
    assert numbers(client, seat="outside") == [new, old]
    assert numbers(client, seat="outside", trade="E") == [new]
    page = client.get("/cases/?seat=outside&trade=E").content.decode()
    assert '<option value="E" selected>E 製造業（すべて）</option>' in page
    english = client.get("/en/cases/").content.decode()
    for label in ("Sapporo (all wards)", "Chuo-ku, Sapporo", "E Manufacturing (all)", "09 Food"):
        assert f">{label}</option>" in english


@pytest.mark.parametrize("way", ["", "/en"])
def test_the_seat_and_the_trade_stand_in_the_list_and_in_the_spreadsheet_in_words(
    client: Client, in_places: tuple[Case, Case], way: str
) -> None:
    client.post("/cases/columns/", {"columns": ["trade", "seat"]})
    abroad = Organisation.objects.create(name="Fictive", country="フランス", is_fictitious=True)
    Case.objects.filter(pk=in_places[0].pk).update(organisation=abroad)
    food = {"": ["09 食料品製造業", "小樽市"], "/en": ["09 Food", "Otaru"]}[way]
    away = {"": "国外", "/en": "Abroad"}[way]
    page = client.get(f"{way}/cases/?order=seat")
    rows = [[str(cell.text) for cell in cells[1:]] for _case, cells in page.context["rows"]]
    assert rows == [food, ["―", away]]
    back = client.get(f"{way}/cases/?order=-seat").context["page"]
    assert list(back) == [in_places[0], in_places[1]]
    text = b"".join(client.get(f"{way}/cases/export.csv?order=trade")).decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(text)))
    assert [row[1:] for row in table[1:]] == [["", away], food]


@pytest.mark.parametrize("column", [column.name for column in columns.COLUMNS])
def test_every_column_sorts_both_ways(client: Client, two: tuple[Case, Case], column: str) -> None:
    up, down = numbers(client, order=column), numbers(client, order=f"-{column}")
    assert sorted(up) == sorted(down) == sorted(case.number for case in two)
    if column in ("amount", "submitted"):
        assert (up, down) == ([two[0].number, two[1].number], [two[1].number, two[0].number])


def test_the_cases_of_each_officer_stand_together_and_those_of_nobody_behind(
    world: World, client: Client, two: tuple[Case, Case]
) -> None:
    old, new = two
    others = [world.submitted()[0].case for _n in range(2)]
    hands = (world.staff["second_officer"], world.officer)
    for case, officer in zip(others, hands, strict=True):
        Case.objects.filter(pk=case.pk).update(assigned_to=officer)
    for order in ("officer", "-officer"):
        found = numbers(client, order=order)
        mine = sorted(found.index(case.number) for case in (old, others[1]))
        assert mine[1] - mine[0] == 1
        assert found[-1] == new.number


def test_a_reviewer_chooses_no_column_that_tells_how_to_reach_people(world: World) -> None:
    contacts = {"person", "phone", "address"}
    reviewer = world.staff["reviewer"]
    kept = ListLayout(person=reviewer, columns=["title", *contacts])  # before they were withheld
    assert [column.name for column in columns.shown(reviewer, [kept])] == ["receipt", "title"]
    assert not contacts & {column.name for column in columns.offered(reviewer)}
    assert contacts <= {column.name for column in columns.offered(world.officer)}


def test_a_reviewer_reads_sorts_narrows_and_takes_out_nothing_of_what_was_decided(
    world: World, client: Client
) -> None:
    """Theirs is what was applied for, also in a list that was kept before, and on the page of the case."""
    reviewer = world.staff["reviewer"]
    panel, applications = convened(world, 2)
    for review in panel.reviews.filter(reviewer=reviewer):
        perform(review, "declare", by=reviewer)
    for application, given in zip(applications, (321_000, 123_000), strict=True):
        Case.objects.filter(pk=application.case_id).update(
            amount=given, awarded_amount=given, decided_at=clock.now(), applied_amount=1_000_000
        )
    decided = {"amount", "awarded", "decided", "closed"}
    ListLayout.objects.create(person=reviewer, columns=["title", *decided])
    pages: list[str] = []
    officers: list[str] = []
    for person, seen in ((reviewer, pages), (world.officer, officers)):
        client.force_login(person)
        seen += [client.get("/cases/").content.decode()]
        seen += [b"".join(client.get("/cases/export.csv")).decode()]
        seen += [client.get(f"/cases/{applications[0].case.number}/").content.decode()]
        if person == reviewer:
            ListLayout.objects.all().delete()
            seen += [client.get("/cases/").content.decode()]
            seen += [b"".join(client.get("/cases/export.csv")).decode()]
            assert "1,000,000" in seen[-2]
            plain = numbers(client)
            assert len(plain) == 2
            for name in sorted(decided):
                assert {*numbers(client, order=name)} == {*plain}
                assert numbers(client, order=name) == numbers(client, order=f"-{name}") == plain
            for name, value in (("least", "200000"), ("most", "200000"), ("decided", "2019")):
                assert numbers(client, **{name: value}) == plain
            assert len(sums(client)) == 1
    told = ("決定額", "決定の", "321,000", "321000", "444,000")
    assert {word for page in pages for word in told if word in page} == set()
    assert {word for page in officers for word in told if word in page} == {*told}


def test_columns_are_chosen_kept_and_handed_out_as_shown(
    world: World, client: Client, two: tuple[Case, Case]
) -> None:
    _old, new = two
    new.title = "=1+1"
    new.submitted_at = clock.now().replace(hour=20, minute=30)  # the next day in Sapporo
    new.save()
    answer = client.post(
        "/cases/columns/", {"columns": ["title", "submitted", "amount"], "next": "/cases/?q=x"}
    )
    assert answer.headers["Location"] == "/cases/?q=x"
    head = ["受付番号", "事業の名称", "金額（円）", "提出"]
    at = (new.submitted_at or clock.now()).astimezone(clock.JST).strftime("%Y-%m-%d %H:%M")
    assert [h.column.label for h in client.get("/cases/").context["heads"]] == head
    sent = [*head, "申請額（円）", "決定額（円）"]
    text = b"".join(client.get("/cases/export.csv?order=-amount")).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    applied = new.applied_amount
    assert rows[:2] == [sent, [new.receipt_number, "'=1+1", "900000", at, str(applied), ""]]
    book = client.get("/cases/export.xlsx?order=-amount")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book))).active
    assert sheet is not None
    cells = list(sheet.iter_rows(max_row=2))
    assert [cell.value for cell in cells[0]] == sent
    assert [cell.value for cell in cells[1]] == [
        *(new.receipt_number, "'=1+1", 900_000, datetime.fromisoformat(at)),
        *(applied, None),
    ]
    assert "f" not in [cell.data_type for cell in cells[1]]
    assert [cells[1][n].number_format for n in (2, 3)] == ["#,##0", "yyyy-mm-dd hh:mm"]
    assert book.headers["Content-Disposition"] == 'attachment; filename="cases.xlsx"'
    client.post("/cases/columns/", {})
    assert len(client.get("/cases/").context["heads"]) == 8


def sums(client: Client, **given: str) -> dict[str, int]:
    return {str(label): yen for label, yen in client.get("/cases/", given).context["sums"]}


def test_the_sums_of_a_list_are_those_of_its_filters(
    client: Client, two: tuple[Case, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was applied for and what was awarded, each by itself; of a draft nothing."""
    old, new = two
    Case.objects.filter(pk=old.pk).update(applied_amount=120_000, awarded_amount=100_000)
    Case.objects.filter(pk=new.pk).update(applied_amount=900_000)
    draft = Case.objects.get(pk=new.pk)
    draft.pk, draft.number, draft.draft_number, draft.receipt_number = None, "draft", None, ""
    draft.amount, draft.applied_amount, draft.submitted_at = 5_000_000, None, None
    draft.save()
    assert list(sums(client).values()) == [1_020_000, 100_000]
    assert list(sums(client, least="100,001", most="900000").values()) == [900_000, 0]
    assert list(sums(client, q=old.receipt_number).values()) == [120_000, 100_000]
    monkeypatch.setattr("portal.ui.paging.PER_PAGE", 1)  # counted by the database
    assert list(sums(client).values()) == [1_020_000, 100_000]
    assert "1,020,000" in client.get("/cases/").content.decode()
    client.post("/cases/columns/", {"columns": ["title"], "next": "/cases/"})
    assert list(sums(client).values()) == [1_020_000, 100_000]
    monkeypatch.setattr("portal.cases.listing.MANY", 1)
    assert sums(client) == {}
    assert "1件を超えています" in client.get("/cases/").content.decode()


def test_a_case_tells_what_was_applied_for_and_what_was_decided(world: World) -> None:
    application, _person = world.accepted()
    applied = application.requested_amount
    asked = Case.objects.get(pk=application.case_id)
    assert (asked.amount, asked.applied_amount, asked.awarded_amount) == (applied, applied, None)
    given = {"amount": 100_000, "cut_reason": "予算の範囲内"}
    approval = world.decided("award", [application], given)
    done = Case.objects.get(pk=application.case_id)
    assert approval.state == "approved"
    assert (done.amount, done.applied_amount, done.awarded_amount) == (100_000, applied, 100_000)


def test_a_filter_that_is_wrong_is_said_and_stays_open(client: Client, two: object) -> None:
    page = client.get("/cases/", {"least": "たくさん"}).content.decode()
    assert 'class="field__error"' in page
    assert '<details class="filters__more" open>' in page


def saved(client: Client, **given: str) -> None:
    client.post("/inbox/views/", {"page": "case_list", "query": "state=submitted", **given})


def views(client: Client) -> list[str]:
    return [view.name for view in client.get("/cases/").context["views"]]


def test_a_view_is_shared_with_the_office_and_removed_by_whoever_made_it(
    world: World, client: Client
) -> None:
    client.force_login(world.officer)
    saved(client, name="わたしの")
    saved(client, name="みんなの", shared="on")
    assert views(client) == ["みんなの", "わたしの"]
    other = Client()
    other.force_login(world.approver)
    assert views(other) == ["みんなの"]
    shared = SavedView.objects.get(name="みんなの")
    assert other.post(f"/inbox/views/{shared.pk}/remove/").status_code == 404
    assert client.post(f"/inbox/views/{shared.pk}/remove/").status_code == 302
    assert (views(client), views(other)) == (["わたしの"], [])


def test_a_person_who_sees_nothing_exports_nothing(world: World, client: Client) -> None:
    world.submitted()
    reviewer: User = world.staff["reviewer"]
    client.force_login(reviewer)
    text = b"".join(client.get("/cases/export.csv")).decode("utf-8-sig")
    assert Application.objects.exists()
    assert len(text.splitlines()) == 1


def test_the_year_of_decision_is_that_of_sapporo(world: World, client: Client) -> None:
    """Half an hour before and after the fiscal year begins there; a third is not decided yet."""
    client.force_login(world.officer)
    applications = [world.submitted()[0] for _n in range(3)]
    assert {one.case.decided_at for one in applications} == {None}
    world.decided("declare_inadmissible", applications[:2], {"reason": "市外の事業所のため。"})
    begins = datetime(fiscal.fiscal_year(clock.today()), 4, 1, tzinfo=clock.JST)
    cases = []
    for application, minutes in zip(applications[:2], (-30, 30), strict=True):
        case = Case.objects.get(pk=application.case_id)
        assert case.decided_at == Application.objects.get(case=case).state_since
        case.decided_at = begins + timedelta(minutes=minutes)
        case.save()
        cases.append(case)
    last, this = (str(begins.year - 1), str(begins.year))
    assert numbers(client, decided=last) == [cases[0].number]
    assert numbers(client, decided=this) == [cases[1].number]
    # "all that match", and the spreadsheet with the day, take the same cases
    address = f"/cases/?decided={this}"
    assert finding.numbers(world.officer, address, 10) == [cases[1].number]
    columns.choose(world.officer, ["decided"])
    sheet = client.get("/cases/export.csv", {"decided": last}).getvalue().decode()
    assert "決定の日" in sheet
    assert cases[0].receipt_number in sheet
    assert cases[1].receipt_number not in sheet


def test_a_saved_view_keeps_its_columns(world: World, client: Client) -> None:
    """For whoever opens it, in the list and the spreadsheet, whatever their own are; and until then
    nobody's own are touched.
    """
    client.force_login(world.officer)
    world.submitted()
    client.post("/cases/columns/", {"columns": ["firm", "phone"], "next": "/cases/"})
    query = client.get("/cases/?state=submitted").context["save_view"].initial["query"]
    client.post(
        "/inbox/views/", {"page": "case_list", "query": query, "name": "電話", "shared": "on"}
    )
    other = Client()
    other.force_login(world.approver)
    before = [head.column.name for head in other.get("/cases/").context["heads"]]
    [view] = other.get("/cases/").context["views"]
    page = other.get(f"/cases/?{view.query}")
    assert [head.column.name for head in page.context["heads"]] == ["receipt", "firm", "phone"]
    assert 'name="columns" value="receipt.firm.phone"' in page.content.decode()
    sheet = b"".join(other.get(f"/cases/export.csv?{view.query}"))
    assert sheet.decode("utf-8-sig").splitlines()[0] == "受付番号,申請者,電話番号"
    assert [head.column.name for head in other.get("/cases/").context["heads"]] == before


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("自由ヶ丘商店", "自由ケ丘"),
        ("自由ケ丘商店", "ヶ丘"),
        ("髙﨑工務店", "高崎"),
        ("キヤノン", "キャノン"),
    ],
)
def test_either_writing_of_a_name_finds_the_case(
    world: World, client: Client, written: str, typed: str
) -> None:
    application, _person = world.submitted()
    firm = application.case.organisation
    firm.name = written
    firm.save()
    search.index([application.case_id])
    client.force_login(world.officer)
    assert list(client.get("/cases/", {"q": typed}).context["page"]) == [application.case]


def test_conditions_that_are_in_use_lie_folded_and_are_named(client: Client, two: object) -> None:
    page = one_line(client.get("/cases/", {"least": "1"}))
    assert '<details class="filters__more" open>' not in page
    assert "（金額（円）からで絞り込み中）" in page
