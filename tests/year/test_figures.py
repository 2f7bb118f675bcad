"""A simulated year as anyone reads it: attacked, filtered, downloaded, drawn; each page within its queries."""

import io
import json
import re
from pathlib import Path

import pandas as pd
import pyarrow.parquet as parquet
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from openpyxl import load_workbook
from pypdfium2 import PdfDocument
from pytest_django import Settings

from grants.programmes.models import Programme
from portal import clock
from portal.accounts.models import User
from portal.registry.models import Area
from reports.papers import figures as drawing
from reports.statistics.imports.boundaries import import_boundaries
from reports.statistics.imports.establishments import import_establishments
from reports.statistics.models import Release, Row
from reports.statistics.page import comparisons, dashboard, wording
from reports.statistics.page.board import Board
from reports.statistics.page.choice import Choice
from reports.statistics.paper import annual
from reports.statistics.pipeline import frames
from reports.statistics.pipeline.dimensions import facts
from reports.statistics.pipeline.tables import Parameters, tables
from reports.statistics.releasing import files
from reports.statistics.releasing.figures import Figures
from tests.markup import one_line
from tests.reports.attack import Attack, additive, narrowed
from tools.demonstration.people import address

pytestmark = pytest.mark.xdist_group("year")


@pytest.fixture
def client(year: Release, db: None) -> Client:
    return Client()


def listed(release: Release, *names: str) -> dict[str, list[Row]]:
    return {
        table.name: [
            dict(zip([n for n, _k in table.columns], row, strict=True)) for row in table.rows
        ]
        for table in release.tables.filter(name__in=names)
    }


def test_two_releases_with_their_difference_explained(year: Release, db: None) -> None:
    assert list(Release.objects.order_by("n").values_list("state", flat=True)) == [
        "superseded",
        "approved",
    ]
    assert any(row["causes"] for row in year.differences)
    for row in year.differences:
        assert sum(cause["amount"] for cause in row["causes"]) == row["after"] - row["before"]
    assert all(ours == book for _what, ours, book in year.checks)


def test_every_table_of_the_release_withstands_the_attack(year: Release, db: None) -> None:
    """Applications by linear programmes of their own; the simpler tables by subtraction. Beside them the list of awards."""
    found = listed(
        year, "applications_by", "awards", "flow", "outcomes", "ledger", "people", "applicants"
    )
    cases = facts(frames.read())
    own = cases.loc[~cases["is_person"] & cases["kind"].isin(["subsidy", "support"])].assign(
        refused=lambda t: (~t["is_accepted"]).astype(int),
        others=lambda t: (t["is_accepted"] & ~t["is_awarded"]).astype(int),
        won=lambda t: t["is_awarded"].astype(int),
        asked=lambda t: (t["requested"] - t["awarded"]).clip(lower=0),
        programme=lambda t: t["programme"].astype(str),
        call=lambda t: t["call"].astype(str),
    )
    areas = dict(Area.objects.values_list("code", "municipality_id"))
    years = sorted({row["fiscal_year"] for row in found["applications_by"]})
    assert len(years) == 2
    for fiscal_year in years:
        attack = Attack(found["applications_by"], found["awards"], areas, fiscal_year)
        assert narrowed(attack, own.loc[own["fiscal_year"] == fiscal_year]) == []
        of_year = {
            name: [row for row in rows if row["fiscal_year"] == fiscal_year]
            for name, rows in found.items()
        }
        for measure in ("corrections", "changes"):
            rows = [row for row in of_year["flow"] if row["measure"] == measure]
            for least, greatest in additive(
                rows, "programme", {"programme": "all"}, "value"
            ).values():
                assert (least, greatest >= 3) == (0.0, True)
        alone = cases.loc[
            cases["is_person"] & cases["is_awarded"] & (cases["fiscal_year"] == fiscal_year)
        ]
        few = alone.groupby(alone["programme"].astype(str))["firm"].nunique()
        shown = {row["programme"] for row in of_year["ledger"] if not row["suppressed"]}
        assert not set(few[few < 3].index) & shown
        whole = {
            row["suppressed"]
            for row in of_year["applications_by"]
            if row["programme"] == row["dimension"] == "all"
        }
        assert whole == {
            row["suppressed"] for row in of_year["applicants"] if row["form"] == "corporation"
        }
        for row in of_year["outcomes"]:
            assert row["suppressed"] or row["reports"] == 0 or row["reports"] >= 3


def test_what_a_release_says_is_what_a_second_reading_says(year: Release, db: None) -> None:
    """The public totals against sums written out here, not by the pipeline."""
    cases = facts(frames.read())
    kept = cases.loc[
        cases["is_awarded"] & ~cases["is_person"] & cases["kind"].isin(["subsidy", "support"])
    ]
    board = Figures(year)
    assert len(board.years) == 2
    for fiscal_year in board.years:
        mine = kept.loc[kept["fiscal_year"] == fiscal_year]
        assert board.awards(fiscal_year)["awarded_yen"] == int(mine["awarded"].sum())
        for area in Area.objects.all():
            assert board.awards(fiscal_year, area=area.code)["paid_yen"] == int(
                mine.loc[mine["area"] == area.code, "paid"].sum()
            )


def test_proposals_and_courses_are_counted_apart_from_subsidies(year: Release, db: None) -> None:
    """They lead to no award: among the applications they would only make subsidies look refused."""
    found = listed(year, "applications_by", "innovation", "courses", "calls")
    assert {"open_innovation", "ai_training"} <= {row["programme"] for row in found["calls"]}
    assert {row["programme"] for row in found["applications_by"]}.isdisjoint(
        {"open_innovation", "ai_training"}
    )
    cases = facts(frames.read())
    for kind, table, measure in (
        ("proposal", "innovation", "proposals"),
        ("seats", "courses", "applications"),
    ):
        mine = (
            cases.loc[cases["kind"] == kind].groupby("fiscal_year")["firm"].agg(["size", "nunique"])
        )
        said = {
            row["fiscal_year"]: row["value"] for row in found[table] if row["measure"] == measure
        }
        assert said == {y: n if firms >= 3 else None for y, (n, firms) in mine.iterrows()}
        assert len(said) > 0


def test_programmes_and_kinds_of_firms_are_read_as_they_were_published(
    year: Release, db: None
) -> None:
    board, names = (
        Figures(year),
        {"iot": "IoT", "telework": "テレワーク", "nothing": "ない"},
    )
    found = comparisons.programmes(board, year.fiscal_year, "all", names, dict.fromkeys(names, "?"))
    assert {row.name for row in found} <= {"IoT", "テレワーク"}
    assert [row.awarded for row in found] == [
        f"{board.awards(year.fiscal_year, code)['awarded_yen']:,}"
        for code, name in names.items()
        if name in {row.name for row in found}
    ]
    kinds, unshown = comparisons.firms(board, year.fiscal_year)
    assert len(kinds) + len(unshown) == len(wording.FIRMS)
    for kind in kinds:
        total = next(
            row
            for row in listed(year, "applications_by")["applications_by"]
            if (row["fiscal_year"], row["programme"], row["dimension"])
            == (year.fiscal_year, "all", "all")
        )
        shown = sum(int(row[1]) for row in kind.rows)
        assert total["suppressed"] or (shown == total["applications"]) is (kind.hidden == "")


def test_classes_are_called_in_the_readers_language() -> None:
    with override("ja"):
        assert [
            wording.key(*pair)
            for pair in (
                ("size", "6-20"),
                ("size", "301-"),
                ("age", "0-3"),
                ("age", "3-10"),
                ("age", "20-"),
                ("history", "first"),
            )
        ] == ["6～20人", "301人以上", "3年未満", "3年以上10年未満", "20年以上", "はじめて"]
    with override("en"):
        assert wording.key("age", "0-3") == "Under 3 years"


def test_the_dashboard_asks_six_queries_at_most_and_the_same_with_filters(
    client: Client, year: Release
) -> None:
    client.get("/statistics/")
    for path in (
        "/statistics/",
        f"/statistics/?year={year.fiscal_year}&area=011100&programme=telework&show=awarded_yen",
        "/statistics/?show=applications",
    ):
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        # one of them counts the visit (portal/ui/limits.py)
        assert len(found) <= 6, [query["sql"][:90] for query in found]


def test_telework_money_in_kiyota_ward_is_three_clicks_away(client: Client, year: Release) -> None:
    """From the first page: the menu, the tile of the ward, the programme; then the sum, and what came of it."""
    home = client.get("/").content.decode()
    assert 'href="/statistics/"' in home
    page = one_line(client.get("/statistics/"))
    tile = re.search(
        r'<a href="(\?[^"]*area=011100[^"]*)" class="tilemap__link" aria-label="清田区', page
    )
    assert tile is not None
    ward = client.get("/statistics/" + tile.group(1).replace("&amp;", "&")).content.decode()
    link = re.search(r'href="(\?[^"]*programme=telework[^"]*)"', ward)
    there = "/statistics/" + (
        link.group(1).replace("&amp;", "&") if link else "?area=011100&programme=telework"
    )
    answer = client.get(there).content.decode()
    assert (
        "清田区に届いたテレワーク導入経費補助金" in answer,
        "そのあと、事業者はどうなったか" in answer,
    ) == (
        True,
        True,
    )


@pytest.mark.parametrize(
    "query",
    ["year=1900", "year=x", "area=999999", "programme=nothing", "show=secrets", "year=2026-01-01"],
)
def test_an_impossible_filter_is_answered_with_the_form_and_unfiltered_figures(
    client: Client, query: str
) -> None:
    answer = client.get(f"/statistics/?{query}")
    page = answer.content.decode()
    assert (
        answer.status_code,
        "誤りがあります" in page,
        "補助金で、まちの何が変わったか" in page,
    ) == (422, True, True)


def test_downloads_in_four_formats_say_the_same(client: Client, year: Release) -> None:
    base = f"/statistics/releases/{year.number}/tables/awards"
    plain = json.loads(client.get(f"{base}.json").content)
    head = [column["name"] for column in plain["columns"]]
    text = client.get(f"{base}.csv").content.decode("utf-8-sig").splitlines()
    assert text[0].split(",") == head
    assert len(text) == len(plain["rows"]) + 1
    table = parquet.read_table(io.BytesIO(client.get(f"{base}.parquet").content))
    assert (table.column_names, table.num_rows) == (head, len(plain["rows"]))
    assert sum(table["awarded_yen"].to_pylist()) == sum(
        row[head.index("awarded_yen")] for row in plain["rows"]
    )
    book = load_workbook(io.BytesIO(client.get(f"{base}.xlsx").content), read_only=True)
    sheet = [[cell for cell in row] for row in book["data"].iter_rows(values_only=True)]
    assert (sheet[0], len(sheet)) == (head, len(plain["rows"]) + 1)
    about = dict(book["about"].iter_rows(values_only=True))
    assert (about["release"], about["sha256"]) == (year.number, year.sha256)


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx", "parquet"])
def test_a_file_is_the_same_to_the_byte_each_time_and_not_sent_twice(
    client: Client, year: Release, ending: str
) -> None:
    path = f"/statistics/releases/{year.number}/tables/applications_by.{ending}?fiscal_year={year.fiscal_year}"
    first, second = client.get(path), client.get(path)
    assert first.content == second.content
    assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert (
        client.get(path + "&programme=all", headers={"If-None-Match": first["ETag"]}).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [("programme=nothing", "その値の行はありません"), ("colour=red", "という列はありません")],
)
def test_an_impossible_table_filter_is_refused_with_a_sentence(
    client: Client, year: Release, query: str, words: str
) -> None:
    answer = client.get(f"/statistics/releases/{year.number}/tables/awards.csv?{query}")
    assert (answer.status_code, words in answer.content.decode()) == (422, True)


@pytest.mark.parametrize(
    "path", ["tables/nothing.csv", "tables/awards.exe", "charts/nothing.svg", "charts/map.gif"]
)
def test_a_file_that_is_not_there_is_404(client: Client, year: Release, path: str) -> None:
    assert client.get(f"/statistics/releases/{year.number}/{path}").status_code == 404
    assert client.get(f"/statistics/releases/2001-01/{path}").status_code == 404


@pytest.mark.parametrize(
    "name", ["map", "programmes", "days", "trend", "funnel", "road", "effects"]
)
def test_each_chart_is_a_file_of_its_own(client: Client, year: Release, name: str) -> None:
    base = f"/statistics/releases/{year.number}/charts/{name}"
    svg, png = client.get(f"{base}.svg"), client.get(f"{base}.png?area=011100")
    assert (
        svg["Content-Type"],
        b"<style>" in svg.content,
        f"公表番号 {year.number}".encode() in svg.content,
    ) == (
        "image/svg+xml",
        True,
        True,
    )
    assert png.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert client.get(f"{base}.svg?area=x").status_code == 422


def test_files_are_drawn_only_so_often_for_one_address_and_a_known_one_is_not_counted(
    client: Client, year: Release, settings: Settings
) -> None:
    settings.API_PER_MINUTE = 2
    path = f"/statistics/releases/{year.number}/charts/map.svg"
    with clock.at(clock.now().replace(second=20)):
        answers = [
            client.get(f"{path}?area={code}", REMOTE_ADDR="192.0.2.7")
            for code in ("011011", "011029", "011037")
        ]
        assert [a.status_code for a in answers] == [200, 200, 429]
        assert (answers[2]["Retry-After"], answers[2]["Cache-Control"]) == ("40", "no-store")
        known = client.get(
            f"{path}?area=011011",
            headers={"If-None-Match": answers[0]["ETag"]},
            REMOTE_ADDR="192.0.2.7",
        )
        assert known.status_code == 304
        assert client.get(path, REMOTE_ADDR="192.0.2.8").status_code == 200


def test_the_report_for_the_council_says_what_the_release_says(year: Release, db: None) -> None:
    document = PdfDocument(annual.pdf(year))
    text = "".join(page.get_textpage().get_text_bounded() for page in document)
    won = Figures(year).awards(year.fiscal_year)
    assert f"{won['awarded_yen']:,}" in text.replace("\r\n", "")
    assert all(
        word in text
        for word in (
            "年次報告",
            "支出の台帳との照合",
            "前回の公表からの違い",
            f"統計 {year.number}",
        )
    )
    assert annual.pdf(year) == annual.pdf(year)


def test_imported_shapes_and_denominators_change_the_map(
    client: Client, year: Release, tmp_path: Path
) -> None:
    square = [[[141.0, 43.0], [141.1, 43.0], [141.1, 43.1], [141.0, 43.1], [141.0, 43.0]]]
    features = [
        {
            "type": "Feature",
            "properties": {"N03_007": code[:5]},
            "geometry": {"type": "Polygon", "coordinates": square},
        }
        for code in Area.objects.values_list("code", flat=True)
    ]
    path = tmp_path / "n03.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert import_boundaries(path, "出典の文") == 21
    page = client.get("/statistics/").content.decode()
    assert ("出典の文" in page, "tilemap__place" in page) == (True, True)
    rows = "コード,事業所数,時点,出典\n" + "".join(
        f"{code},1000,2021-06-01,試し\n" for code in Area.objects.values_list("code", flat=True)
    )
    (tmp_path / "e.csv").write_text(rows)
    assert import_establishments(tmp_path / "e.csv").stored == 21
    made = tables(frames.read(), Parameters(year.fiscal_year))["establishments"]
    assert (len(made), int(made["count"].sum())) == (21, 21_000)


def test_the_live_page_reads_open_cases_in_a_constant_number_of_queries(
    client: Client, year: Release
) -> None:
    client.force_login(User.objects.get(email=address("accountant")))
    client.get("/staff/statistics/")
    with CaptureQueriesContext(connection) as found:
        page = client.get("/staff/statistics/")
    assert (page.status_code, len(found) <= 30) == (200, True)
    assert client.get("/staff/statistics/?municipality=x").status_code == 422


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"dx_promotion", "iot", "pilot_support"}),
        ("?programme=iot", {"iot"}),
        ("?municipality=011002", {"dx_promotion", "iot", "pilot_support"}),
        ("?municipality=012319&programme=iot", set()),
        ("?municipality=011002&programme=iot", {"iot"}),
    ],
)
def test_the_live_pages_budget_is_narrowed_like_its_cases(
    client: Client, year: Release, query: str, shown: set[str]
) -> None:
    client.force_login(User.objects.get(email=address("accountant")))
    names = {
        code: Programme.objects.get(code=code, state="approved").name
        for code in ("dx_promotion", "iot", "pilot_support")
    }
    budget = client.get(f"/staff/statistics/{query}").content.decode().partition('id="ex-h"')[2]
    assert {code for code, name in names.items() if name in budget} == shown
    assert ("この条件の予算はありません" in budget) is (shown == set())


def test_a_name_that_looks_like_a_formula_stays_text_in_csv_and_workbook() -> None:
    table = files.Table(
        "x",
        [["name", "text"], ["yen", "int"]],
        [["=1+1", -5]],
        {"as_of": "2026-11-01T00:00:00+09:00", "release": "x"},
    )
    assert files.as_csv(table).decode("utf-8-sig").splitlines()[1] == "'=1+1,-5"
    cell = load_workbook(io.BytesIO(files.as_xlsx(table)))["data"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_shades_of_the_paper_are_those_of_the_screen() -> None:
    assert len(drawing.SHADES) == 6
    assert pd.Series(drawing.SHADES).map(sum).is_monotonic_decreasing


def test_a_wards_page_shows_the_wards_figures_or_says_that_there_are_none(
    client: Client, year: Release
) -> None:
    """Revocations, money called back and monthly decisions are the ward's own; days and corrections are not published by ward, and the page says so."""
    rows = listed(year, "awards")["awards"]
    figures, areas = Figures(year), dashboard.all_areas()
    for code in ("011100", "011011"):
        mine = [row for row in rows if row["area"] == code]
        own = [row for row in mine if row["fiscal_year"] == year.fiscal_year]
        board = Board(year, figures, areas, Choice(year.fiscal_year, area=code))
        said = dict(board.flow())
        assert (
            int(said["取り消した交付決定（件）"])
            == figures.awards(year.fiscal_year, area=code)["revoked"]
        )
        assert said["返還を求めた額（円）"] == f"{sum(row['called_back_yen'] for row in own):,}"
        assert said["補正のやり取り（回）"] == "区・市町村ごとには公表していません"
        assert sum(int(month["awards"]) for month in board.months()) == len(
            [row for row in mine if _in_year(row["awarded_on"], year.fiscal_year)]
        )
        assert board.headline()[3]["number"] == "―"
        page = client.get(f"/statistics/?area={code}").content.decode()
        assert (
            "決定までの日数は、区・市町村ごとには公表していません" in page,
            'class="days"' in page,
        ) == (True, False)


def _in_year(day: str, fiscal_year: int) -> bool:
    return f"{fiscal_year}-04" <= day[:7] < f"{fiscal_year + 1}-04"
