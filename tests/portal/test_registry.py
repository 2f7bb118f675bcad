"""The import of corporations: both encodings, newest wins, history kept, bad rows reported, run twice the same."""

import csv
import io
from pathlib import Path

import pytest
from django.utils.translation import override

from grants.applications import submit
from portal.registry import corporations, reference
from portal.registry.corporate_number import fictitious
from portal.registry.models import Area, Branch, Corporation, CorporationChange, Industry, PostalCode
from tests.conftest import World

HEADER = [
    "sequenceNumber",
    "corporateNumber",
    "process",
    "correct",
    "updateDate",
    "changeDate",
    "name",
    "nameImageId",
    "kind",
    "prefectureName",
    "cityName",
    "streetNumber",
    "addressImageId",
    "prefectureCode",
    "cityCode",
    "postCode",
    "addressOutside",
    "addressOutsideImageId",
    "closeDate",
    "closeCause",
    "successorCorporateNumber",
    "changeCause",
    "assignmentDate",
    "latest",
    "enName",
    "enPrefectureName",
    "enCityName",
    "enAddressOutside",
    "furigana",
    "hihyoji",
]


def row(
    n: int, *, process: str = "01", day: str = "2025-04-01", name: str = "株式会社架空", seq: int = 1, **other: str
) -> list[str]:
    values = dict.fromkeys(HEADER, "") | {
        "sequenceNumber": str(seq), "corporateNumber": fictitious(n), "process": process, "changeDate": day, "name": name, "kind": "301",
        "prefectureName": "北海道", "cityName": "札幌市中央区", "streetNumber": "北一条西二丁目", "prefectureCode": "01", "cityCode": "101",
        "postCode": "0600001", "furigana": "カクウ",
    }  # fmt: skip
    return list((values | other).values())


def write(path: Path, rows: list[list[str]], *, encoding: str = "cp932", header: bool = False) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows] if header else rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize(("encoding", "header"), [("cp932", False), ("utf-8", True), ("utf-8-sig", True)])
def test_both_forms_of_the_file_are_read(db: None, tmp_path: Path, encoding: str, header: bool) -> None:
    report = corporations.import_file(write(tmp_path / "f.csv", [row(1), row(2)], encoding=encoding, header=header))
    assert (report.read, report.stored, report.refused) == (2, 2, 0)
    assert Corporation.objects.get(number=fictitious(1)).address == "北海道札幌市中央区北一条西二丁目"


def test_the_newest_change_wins_whatever_the_order(db: None, tmp_path: Path) -> None:
    new, old = (
        row(1, process="11", day="2025-06-01", name="株式会社新名"),
        row(1, day="2025-04-01", name="株式会社旧名"),
    )
    corporations.import_file(write(tmp_path / "new.csv", [new]))
    corporations.import_file(write(tmp_path / "old.csv", [old]))
    assert Corporation.objects.get().name == "株式会社新名"
    assert sorted(CorporationChange.objects.values_list("process", flat=True)) == ["01", "11"]


def test_running_the_same_file_twice_changes_nothing(db: None, tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", [row(1), row(1, process="12", day="2025-05-01", seq=2)])
    corporations.import_file(path)
    corporations.import_file(path)
    assert (Corporation.objects.count(), CorporationChange.objects.count()) == (1, 2)


def test_a_closure_and_a_merger_are_kept(db: None, tmp_path: Path) -> None:
    merged = row(
        1,
        process="71",
        day="2025-07-01",
        closeDate="2025-07-01",
        closeCause="11",
        successorCorporateNumber=fictitious(2),
    )
    corporations.import_file(write(tmp_path / "f.csv", [row(1), merged]))
    found = Corporation.objects.get()
    assert (found.is_closed, found.successor) == (True, fictitious(2))


def test_bad_rows_are_reported_with_line_and_reason_and_the_rest_goes_in(db: None, tmp_path: Path) -> None:
    wrong = row(2)
    wrong[1] = "1234567890123"
    rows = [row(1), wrong, ["short"], row(3, day="not a day"), row(4, process="42"), row(5, name=""), row(6)]
    report = corporations.import_file(write(tmp_path / "f.csv", rows))
    assert [line for line, _reason in report.faults] == [2, 3, 4, 5, 6]
    assert "check digit" in report.faults[0][1]
    assert Corporation.objects.count() == 2


def test_reference_data_loads_twice_to_the_same_rows(db: None) -> None:
    first = reference.load()
    assert reference.load() == first
    assert (first["Municipality"], first["Area"], first["Industry"], first["PostalCode"]) == (12, 21, 99, 1641)
    assert Branch.objects.filter(bank_id="0501").exists()


def test_one_postal_code_may_lie_in_two_wards(db: None) -> None:
    reference.load()
    assert set(PostalCode.objects.filter(code="0040000").values_list("area__name", flat=True)) == {"厚別区", "清田区"}
    assert str(Area.objects.get(code="011011")) == "札幌市中央区"
    assert Industry.objects.get(code="39").name == "情報サービス業"


def test_names_are_read_in_the_readers_language_and_frozen_in_japanese(world: World) -> None:
    application, _person = world.submitted()
    case, industry = application.case, Industry.objects.get(code="39")
    area = Area.objects.get(code="011011")
    with override("en"):
        frozen = submit.frozen_content(application, [])["organisation"]
        assert str(industry) == "39 Information services"
        assert str(area) == "Chuo-ku, Sapporo"
        assert case.shown_programme == application.call.stated.name.en
        assert case.shown_call == f"FY {application.call.fiscal_year}, call 1"
    assert (str(industry), str(area)) == ("39 情報サービス業", "札幌市中央区")
    assert (case.shown_programme, case.shown_call) == (application.call.stated.name.ja, application.call.label)
    assert frozen["area_name"] == case.organisation.area.full_name
    assert Industry.objects.exclude(name_en="").exclude(major_name_en="").count() == 99
