"""The office's figures as they are now: they agree with the book and with each other, and say what
they are of.
"""

import csv
import io
from datetime import timedelta

import openpyxl
from django.test import Client

from grants.awards.models import Award
from grants.budget.models import BudgetLine
from portal import clock, fiscal
from portal.accounts.models import Organisation
from portal.cases.models import Case, Interest, Turn
from portal.days import day_said
from portal.registry.models import Area, Industry
from reports.statistics.page import live
from tests.conftest import World
from tests.grants.test_completion import awarded

PAGE = "/staff/statistics/"


def entered(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def rows_of(client: Client, given: str = "") -> list[list[str]]:
    text = client.get(f"{PAGE}figures.csv{given}").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_what_is_not_paid_is_what_the_budget_says_year_by_year(world: World) -> None:
    awarded(world)
    line = BudgetLine.objects.get(unit="yen", committed__gt=0)
    year = fiscal.fiscal_year(clock.today())
    assert line.fiscal_year == year
    old = BudgetLine.objects.filter(unit="yen", committed=0).first()
    assert old is not None
    old.fiscal_year, old.appropriated = year - 1, 9_000_000
    old.committed, old.disbursed = 4_000_000, 1_234_567
    old.save()
    client = entered(world.officer)
    found = client.get(PAGE).context["found"]
    assert (found.total.unpaid, found.before) == (line.committed - line.disbursed, 2_765_433)
    assert found.total.unpaid > 0
    book = [row[0] for row in client.get("/staff/budget/").context["rows"]]
    unpaid = sum(each.committed - each.disbursed for each in book if each.unit == "yen")
    assert found.total.unpaid + found.before == unpaid
    page = client.get(PAGE).content.decode()
    for said in (f"{year}年度の、まだ払っていない額", f"{year}年度の予算の執行率", "2,765,433円"):
        assert said in page


def test_what_is_no_money_is_named_as_left_out(world: World) -> None:
    awarded(world)
    line = BudgetLine.objects.get(unit="yen", committed__gt=0)
    name = line.call.programme.stated.name.ja
    client = entered(world.officer)
    assert name in client.get(PAGE).context["found"].uncounted  # its other frame has slots
    BudgetLine.objects.exclude(unit="yen").update(fiscal_year=line.fiscal_year - 1)
    assert client.get(PAGE).context["found"].uncounted == []
    assert "その枠を含みません" not in client.get(PAGE).content.decode()
    found = client.get(f"{PAGE}?year={line.fiscal_year - 1}")
    assert found.context["found"].uncounted == [name]
    assert f"（{name}）は、その枠を含みません" in found.content.decode()


def test_late_is_one_word_for_turns_and_the_list_is_whole(world: World) -> None:
    cases = [world.submitted()[0].case for _n in range(2)]
    day = clock.today() - timedelta(days=3)
    Turn.objects.filter(side="office").update(due_on=day)
    turn = Turn.objects.filter(case=cases[0], side="office").first()
    assert turn is not None
    for n in range(21):  # a case may be late more than once
        turn.pk, turn.subject = None, f"x:{n}"
        turn.save()
    late = Turn.objects.filter(side="office", due_on=day).count()
    assert late == 23
    client = entered(world.officer)
    shown = client.get(PAGE)
    found = shown.context["found"]
    assert shown.context["late_count"] == late
    assert sum(row["late"] for row in found.waiting) == late
    assert sum(row["late"] for row in found.stuck) == late
    assert sum(row["open"] for row in found.waiting) == Case.objects.filter(closed_at=None).count()
    pages = [client.get(f"{PAGE}?page={n}").context["page"] for n in (1, 2)]
    assert [len(page) for page in pages] == [20, 3]
    assert "全部で23件" in shown.content.decode()


def test_the_figures_are_taken_along_as_the_page_says_them(world: World) -> None:
    awarded(world)
    client = entered(world.officer)
    found = client.get(PAGE).context["found"]
    rows = rows_of(client)
    assert [row[:3] for row in rows[1:3]] == [
        [f"{day_said(clock.today())}現在", "", "進んでいる案件"],
        [f"{day_said(clock.today())}現在", "", "期限を過ぎた市の仕事"],
    ]
    [unpaid] = [row[3] for row in rows if row[1:3] == ["合計", "未払い"] and "前の" not in row[0]]
    assert int(unpaid) == found.total.unpaid > 0
    assert "0" in [row[3] for row in rows if row[0] == "それより前の年度の予算"]
    book = client.get(f"{PAGE}figures.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book))).active
    assert sheet is not None
    assert sheet.max_row == len(rows) == len(list(live.table(found)))
    assert rows_of(client, "?programme=nothing")[1][3] == rows[1][3]  # a wrong filter leaves all


def test_places_add_up_to_the_list_of_cases(world: World) -> None:
    """Each case stands once, by its firm's head office; what the year decided is what the list says of it."""
    decided = awarded(world)[0].case
    cases = [world.submitted()[0].case for _n in range(3)]
    areas = [Area.objects.exclude(municipality="011002").first(), None]
    for case, area in zip(cases, areas, strict=False):
        Organisation.objects.filter(pk=case.organisation_id).update(area=area)
    old = cases[2]
    old.decided_at, old.awarded_amount = clock.now() - timedelta(days=400), 7_000_000
    old.save()
    client = entered(world.officer)
    places = client.get(PAGE).context["found"].by_place.places
    shown = {place.name: place for place in places}
    assert areas[0] is not None
    assert (shown[str(areas[0])].open, shown[str(areas[0])].decided) == (1, 0)
    assert places[-1].name == "札幌圏の外、または不明"
    assert places[-1].open == 1
    assert sum(place.open for place in places) == Case.objects.filter(closed_at=None).count()
    year = fiscal.fiscal_year(clock.today())
    listed = client.get("/cases/", {"decided": str(year)})
    assert [case.pk for case in listed.context["page"]] == [decided.pk]
    assert sum(place.decided for place in places) == 1
    assert sum(place.yen for place in places) == listed.context["sums"][1][1] > 0
    said = [row for row in rows_of(client) if row[0] == "区・市町村ごと"]
    assert len(said) == 5 * (len(places) + 1)
    assert [f"令和{year - 2018}年度に決まった案件", "1", "件"] in [row[2:] for row in said]


def test_what_is_awarded_by_place_and_trade_adds_up_to_the_sum_of_the_page(world: World) -> None:
    """A case whose sum was lowered since counts with what was decided, as on the rest of the page."""
    cases = [awarded(world)[0].case for _n in range(2)]
    waits = world.submitted()[0].case
    trades = list(Industry.objects.order_by("code").distinct("code"))
    first, last = trades[0], trades[-1]
    assert first.major != last.major
    area = Area.objects.exclude(municipality="011002").first()
    for case, trade in zip([*cases, waits], (first, last, last), strict=True):
        Organisation.objects.filter(pk=case.organisation_id).update(area=area, industry=trade)
    Case.objects.filter(pk=cases[0].pk).update(awarded_amount=0)
    client = entered(world.officer)
    page = client.get(f"{PAGE}?places=1")
    found = page.context["found"].by_place
    sums = [Award.objects.get(case=case).awarded_amount for case in cases]
    assert [(c.trade, c.applications, c.awards, c.yen) for c in found.cells] == [
        (first.major_name, 1, 1, sums[0]),
        (last.major_name, 2, 1, sums[1]),
    ]
    assert (found.total.applications, found.total.awards, found.total.yen) == (3, 2, sum(sums))
    assert page.context["bridge"].decided.total == sum(sums)
    assert page.context["unseen_yen"] == 0
    said = [row[2:] for row in rows_of(client) if row[0] == "区・市町村と業種ごと"]
    assert said[2] == ["交付を決めた額", str(sums[0]), "円"]
    Interest.objects.create(person=world.officer, case=cases[1], detail="親族")
    page = client.get(f"{PAGE}?places=1")
    assert page.context["found"].by_place.total.yen == sums[0]
    assert page.context["unseen_yen"] == sums[1]
    assert "あなたに見えない案件の分" in page.content.decode()


def test_places_count_what_the_reader_sees_alone(world: World) -> None:
    case, other = (world.submitted()[0].case for _n in range(2))
    client = entered(world.officer)

    def counted() -> int:
        return sum(place.open for place in client.get(PAGE).context["found"].by_place.places)

    assert counted() == 2
    Interest.objects.create(person=world.officer, case=case, detail="親族")
    assert [row.pk for row in Case.objects.visible_to(world.officer)] == [other.pk]
    assert counted() == 1
    assert client.get(f"{PAGE}?municipality=014281").context["found"].by_place.places == []
