"""What is imported: others' awards as gBizINFO publishes them, accounts, denominators and shapes;
each broken row reported, nothing half done.
"""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal.accounts.models import Organisation
from portal.registry import reference
from portal.registry.corporate_number import fictitious
from portal.registry.models import Area
from reports.statistics.imports import shapes
from reports.statistics.imports.cells import Unfit
from reports.statistics.imports.establishments import import_establishments
from reports.statistics.imports.subsidies import import_awards
from reports.statistics.models import Boundary, FirmFigures, OutsideAward
from tests.conftest import World

HEAD = "法人番号,法人名,所在地,認定日,補助金等,金額,対象,府省\n"


@pytest.fixture
def areas(db: None) -> None:
    reference._areas()


def rows(*given: str, head: str = HEAD) -> str:
    return head + "".join(f"{line}\n" for line in given)


def test_the_bulk_file_is_taken_in_with_every_oddity_of_the_real_one(
    areas: None, tmp_path: Path
) -> None:
    good, short = fictitious(1), fictitious(2).lstrip("0")
    path = tmp_path / "hojokin.csv"
    path.write_text(
        rows(
            f'{good},株式会社架空一,北海道札幌市清田区架空町1,2024-05-01,IT導入補助金,"1,500,000",対象,経済産業省',
            f"{short},有限会社架空二,北海道石狩郡当別町1,2023/4/1,補助,74013917000,,国土交通省",
            f"{good},株式会社架空一,北海道札幌市清田区架空町1,20240331,取消し分,-500000円,,経済産業省",
            f"{good},株式会社架空一,東京都千代田区1,,ものづくり,0,,",
            f"{good},株式会社架空一,,2024-05-02,額のないもの,,,",
        )
    )
    report = import_awards(path)
    assert (report.read, report.stored, report.refused) == (5, 5, 0)
    found = list(
        OutsideAward.objects.order_by("title").values_list(
            "title", "amount", "area_id", "fiscal_year"
        )
    )
    assert found == [
        ("IT導入補助金", 1_500_000, "011100", 2024),
        ("ものづくり", 0, None, None),
        ("取消し分", -500_000, "011100", 2023),
        ("補助", 74_013_917_000, "013030", 2023),
        ("額のないもの", None, None, 2024),
    ]
    assert import_awards(path).stored == 5
    assert OutsideAward.objects.count() == 5


def test_broken_rows_are_reported_by_line_and_the_rest_goes_in(areas: None, tmp_path: Path) -> None:
    good = fictitious(1)
    wrong = good[:-1] + str((int(good[-1]) + 1) % 10)
    path = tmp_path / "x.csv"
    path.write_text(
        rows(
            f"{wrong},名前,北海道札幌市,2024-05-01,補助,1,,",
            f"{good},名前,北海道札幌市,2024-13-01,補助,1,,",
            f"{good},名前,北海道札幌市,2024-05-01,補助,たくさん,,",
            f"{good},名前,,2024-05-01,補助,1",
            f"{good},名前,,2024-05-01,,1,,",
            f"{good},名前,,2024-05-01,補助,99999999999999999999,,",
            f"{good},名前,,2024-05-01,よい行,1,,",
        )
    )
    report = import_awards(path)
    assert (report.read, report.stored, report.refused) == (7, 1, 6)
    assert [line for line, _why in report.faults] == [2, 3, 4, 5, 6, 7]
    assert [why for _line, why in report.faults][1:4] == [
        "'2024-13-01' is no day of the calendar",
        "'たくさん' is no amount",
        "6 columns instead of 8",
    ]


def test_what_would_stop_the_whole_file_is_one_refused_row(areas: None, tmp_path: Path) -> None:
    """A sign that the database cannot hold, a field without an end, a sum beyond any budget:
    reported, and the rest goes in.
    """
    good, path = fictitious(1), tmp_path / "x.csv"
    path.write_text(
        rows(
            f"{good},名前,,2024-05-01,補\0助,1,,",
            f"{good},名前,,2024-05-01,{'長' * 140_000},1,,",
            f"{good},名前,,2024-05-01,多すぎる,9223372036854775807,,",
            f"{good},名前,,2024-05-01,よい行,1,,",
        )
    )
    report = import_awards(path)
    assert (report.read, report.stored, [line for line, _why in report.faults]) == (4, 1, [2, 3, 4])
    assert OutsideAward.objects.get().title == "よい行"


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        ('{"hojin-infos": null}', None),
        ("[1, 2]", None),
        ('{"hojin-infos": [{"subsidy": "x"}]}', 1),
        ('{"hojin-infos": [{"subsidy": [3, null]}]}', 2),
        ('{"corporate_number": "1", "subsidy": [{"title": "\\ud800"}]}', 1),
        ('{"hojin-infos": [', None),
    ],
)
def test_an_answer_of_another_shape_is_refused_with_a_sentence(
    areas: None, tmp_path: Path, text: str, refused: int | None
) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    if refused is None:
        with pytest.raises(Unfit):
            import_awards(path)
    else:
        assert import_awards(path).refused == refused
    assert OutsideAward.objects.count() == 0


def test_the_apis_answer_is_taken_in_too(areas: None, tmp_path: Path) -> None:
    number = fictitious(3)
    subsidy = {
        "date_of_approval": "2022-06-30",
        "title": "研究開発",
        "amount": "3000000000",
        "target": "",
        "government_departments": "総務省",
        "note": "",
    }
    path = tmp_path / "api.json"
    path.write_text(
        json.dumps(
            {
                "hojin-infos": [
                    {
                        "corporate_number": number,
                        "name": "架空",
                        "location": "北海道江別市1",
                        "subsidy": [subsidy],
                    },
                    {"name": "補助なし"},
                ]
            }
        )
    )
    assert import_awards(path).stored == 1
    assert OutsideAward.objects.values_list(
        "corporate_number", "amount", "area_id", "issuer"
    ).get() == (
        number,
        3_000_000_000,
        "012173",
        "総務省",
    )
    path.write_text("{broken")
    with pytest.raises(Unfit):
        import_awards(path)


def test_a_file_in_the_old_encoding_reads_the_same(areas: None, tmp_path: Path) -> None:
    path = tmp_path / "cp932.csv"
    path.write_bytes(
        rows(f"{fictitious(1)},株式会社髙﨑,北海道小樽市1,2024-05-01,補助,5,,").encode("cp932")
    )
    import_awards(path)
    assert OutsideAward.objects.values_list("name", "area_id").get() == ("株式会社髙﨑", "012033")


def test_an_officer_sees_what_else_a_firm_received_and_the_applicant_does_not(
    world: World, tmp_path: Path
) -> None:
    application, person = world.submitted()
    path = tmp_path / "x.csv"
    path.write_text(
        rows(
            f"{application.case.organisation.corporate_number},架空,,2024-05-01,よその補助金,123456,,経済産業省"
        )
    )
    call_command("import_subsidy_awards", str(path), stdout=StringIO(), stderr=StringIO())
    officer, applicant = Client(), Client()
    officer.force_login(world.officer)
    applicant.force_login(person)
    number = application.case.number
    page = officer.get(f"/cases/{number}/").content.decode()
    assert ("よその補助金" in page, "123,456" in page, "gBizINFO" in page) == (True, True, True)
    assert "よその補助金" not in applicant.get(f"/cases/{number}/").content.decode()


def test_accounts_belong_to_firms_of_the_portal_and_name_their_source(
    world: World, firm: Organisation, tmp_path: Path
) -> None:
    head = "法人番号,年度,売上高,営業利益,人件費,減価償却費,従業員数,出典\n"
    path = tmp_path / "figures.csv"
    path.write_text(
        rows(
            f'{firm.corporate_number},2024,"100,000,000",▲500,1,2,12,調査',
            "9000020011002,2024,1,1,1,1,1,調査",
            f"{firm.corporate_number},昔,1,1,1,1,1,調査",
            f"{firm.corporate_number},2024,1,1,1,1,0,調査",
            f"{firm.corporate_number},2023,1,1,1,1,1,",
            head=head,
        )
    )
    out = StringIO()
    call_command("import_figures", str(path), stdout=out, stderr=StringIO())
    assert out.getvalue().strip() == "5 rows read, 1 taken, 4 refused."
    assert FirmFigures.objects.values_list("sales", "profit", "employees").get() == (
        100_000_000,
        -500,
        12,
    )
    path.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="the head lacks"):
        call_command("import_figures", str(path))


def test_denominators_are_of_the_21_areas_only(areas: None, tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text(
        "コード,事業所数,時点,出典\n011100,4000,2021-06-01,経済センサス\n999999,1,2021-06-01,x\n011011,0,2021-06-01,x\n011029,5,,x\n"
    )
    report = import_establishments(path)
    assert (report.stored, report.refused) == (1, 3)


def topology() -> dict[str, object]:
    """Two areas that share an arc, quantised, as TopoJSON: unit squares of a tenth of a degree."""
    arcs = [
        [[0, 0], [0, 10]],
        [[0, 10], [-10, 0], [0, -10], [10, 0]],
        [[0, 0], [10, 0], [0, 10], [-10, 0]],
    ]
    shapes_ = [
        {"type": "Polygon", "arcs": [[0, 1]], "properties": {"N03_007": "01101"}},
        {"type": "MultiPolygon", "arcs": [[[2, -1]]], "properties": {"N03_007": "01102"}},
        {"type": "Polygon", "arcs": [[0, 1]], "properties": {"N03_007": "13101"}},
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [0.01, 0.01], "translate": [141.0, 43.0]},
        "arcs": arcs,
        "objects": {"n03": {"type": "GeometryCollection", "geometries": shapes_}},
    }


def test_topojson_with_shared_arcs_gives_the_shapes_of_the_known_areas() -> None:
    found = shapes.read(topology(), ["011011", "011029"])
    assert sorted(found) == ["011011", "011029"]
    side = 0.1 * shapes.DEGREE
    for rings in found.values():
        assert shapes.area(rings[0]) == pytest.approx(
            side * side * 0.7313537, rel=1e-3
        )  # the cosine of 43 degrees
    west, east = (shapes.centre(found[code][0])[0] for code in ("011011", "011029"))
    assert west < east


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Point"},
        {"arcs": []},
        {"objects": {"x": {"geometries": [{"type": "LineString", "arcs": [0], "properties": {}}]}}},
        {"objects": {"x": {"geometries": []}}},
    ],
)
def test_a_file_without_the_areas_is_refused_and_the_old_shapes_stay(
    areas: None, tmp_path: Path, change: dict[str, object]
) -> None:
    area = Area.objects.get(code="011011")
    Boundary.objects.create(area=area, rings=[], label=[0, 0], source="old")
    path = tmp_path / "n03.topojson"
    path.write_text(json.dumps(topology() | change))
    with pytest.raises(CommandError, match="cannot be taken in"):
        call_command("import_boundaries", str(path))
    assert Boundary.objects.get().source == "old"


def test_a_simplified_ring_leaves_out_only_what_lies_on_its_way() -> None:
    ring = [(0.0, 0.0), (1.0, 0.001), (2.0, 0.0), (2.0, 2.0), (1.0, 2.5), (0.0, 2.0), (0.0, 0.0)]
    assert shapes.simplified(ring, 0.01) == [p for p in ring if p != (1.0, 0.001)]
