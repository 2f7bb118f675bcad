"""The import of corporations: both encodings, the agency's own fields decide, history kept, bad rows reported, run twice the same."""

import csv
import io
import re
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from django import forms
from django.core.management import CommandError, call_command
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from grants.applications.freezing import frozen_content
from portal import clock
from portal.registry import corporations, fields, files, reference, seats
from portal.registry.corporate_number import fictitious
from portal.registry.models import (
    Area,
    Branch,
    Corporation,
    CorporationChange,
    Industry,
    PostalCode,
)
from portal.registry.ports import corporations_changed
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
    n: int,
    *,
    process: str = "01",
    day: str = "2025-04-01",
    name: str = "株式会社架空",
    seq: int = 1,
    latest: str = "1",
    **other: str,
) -> list[str]:
    """A row published on the day of its change, unless told otherwise."""
    values = dict.fromkeys(HEADER, "") | {
        "sequenceNumber": str(seq),
        "corporateNumber": fictitious(n),
        "process": process,
        "changeDate": day,
        "name": name,
        "kind": "301",
        "correct": "0",
        "updateDate": day,
        "latest": latest,
        "prefectureName": "北海道",
        "cityName": "札幌市中央区",
        "streetNumber": "北一条西二丁目",
        "prefectureCode": "01",
        "cityCode": "101",
        "postCode": "0600001",
        "furigana": "カクウ",
    }
    return list((values | other).values())


def write(
    path: Path, rows: list[list[str]], *, encoding: str = "cp932", header: bool = False
) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows([HEADER, *rows] if header else rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "header"), [("cp932", False), ("utf-8", True), ("utf-8-sig", True)]
)
def test_both_forms_of_the_file_are_read(
    db: None, tmp_path: Path, encoding: str, header: bool
) -> None:
    report = corporations.import_file(
        write(tmp_path / "f.csv", [row(1), row(2)], encoding=encoding, header=header)
    )
    assert (report.read, report.stored, report.refused) == (2, 2, 0)
    assert (
        Corporation.objects.get(number=fictitious(1)).address == "北海道札幌市中央区北一条西二丁目"
    )


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


def test_bad_rows_are_reported_with_line_and_reason_and_the_rest_goes_in(
    db: None, tmp_path: Path
) -> None:
    wrong = row(2)
    wrong[1] = "1234567890123"
    rows = [
        row(1),
        wrong,
        row(3, day="not a day"),
        row(4, process="42"),
        row(5, name=""),
        row(6),
        row(7, updateDate=""),
        row(8, latest=""),
        row(9, seq=10**20),
        row(10, cityName="長" * 21),
    ]
    report = corporations.import_file(write(tmp_path / "f.csv", rows))
    assert [line for line, _reason in report.faults] == [2, 3, 4, 5, 7, 8, 9, 10]
    assert "check digit" in report.faults[0][1]
    assert Corporation.objects.count() == 2


# -- which row counts --------------------------------------------------------------------------------------------------
def state() -> tuple[str, bool, str]:
    found = Corporation.objects.get()
    return found.name, found.is_closed, found.city


CLOSED = {"process": "21", "closeDate": "2025-05-01", "closeCause": "01"}


def test_the_sequence_that_starts_anew_every_day_decides_within_the_day_only(
    db: None, tmp_path: Path
) -> None:
    days = [
        [row(1, day="2025-04-01", name="株式会社一日", seq=1743)],
        [
            row(
                1,
                process="12",
                day="2025-04-01",
                updateDate="2025-04-02",
                name="株式会社途中",
                seq=4,
                latest="0",
            ),
            row(
                1,
                process="11",
                day="2025-04-01",
                updateDate="2025-04-02",
                name="株式会社二日",
                seq=5,
            ),
        ],
    ]
    for n, rows in enumerate(days):
        corporations.import_file(write(tmp_path / f"{n}.csv", rows))
    assert state()[0] == "株式会社二日"


def test_the_row_marked_latest_counts_wherever_it_stands(db: None, tmp_path: Path) -> None:
    rows = [row(1, name="株式会社いま", seq=3), row(1, name="株式会社むかし", seq=9, latest="0")]
    corporations.import_file(write(tmp_path / "f.csv", rows))
    assert state()[0] == "株式会社いま"


@pytest.mark.parametrize(
    "published_anew",
    [
        [
            row(1, day="2015-10-05", updateDate="2025-06-01", correct="1", seq=7)
        ],  # the closure is missing: it never was
        [
            row(1, day="2015-10-05", updateDate="2025-06-01", correct="1", seq=7, latest="0"),
            row(
                1,
                day="2025-05-01",
                updateDate="2025-06-01",
                correct="1",
                seq=8,
                latest="0",
                **CLOSED,
            ),
            row(
                1,
                process="22",
                day="2025-05-20",
                updateDate="2025-06-01",
                correct="1",
                seq=9,
                closeDate="2025-05-01",
            ),
        ],  # revived
        [
            row(1, day="2015-10-05", updateDate="2025-06-01", correct="1", seq=7, latest="0")
        ],  # and moved out of the extract
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_a_closure_that_was_withdrawn_ends_as_open(
    db: None, tmp_path: Path, published_anew: list[list[str]], backwards: bool
) -> None:
    files = [
        [row(1, day="2015-10-05")],
        [row(1, day="2025-05-01", seq=2000, **CLOSED)],
        published_anew,
    ]
    for n, rows in enumerate(reversed(files) if backwards else files):
        corporations.import_file(write(tmp_path / f"{n}.csv", rows))
    assert not Corporation.objects.get().is_closed


def test_a_corrected_closure_keeps_the_corrected_day(db: None, tmp_path: Path) -> None:
    corporations.import_file(
        write(tmp_path / "1.csv", [row(1, day="2025-05-01", seq=2000, **CLOSED)])
    )
    corrected = row(
        1,
        process="21",
        day="2025-04-20",
        updateDate="2025-06-01",
        correct="1",
        closeDate="2025-04-20",
        closeCause="01",
    )
    assert corporations.import_file(write(tmp_path / "2.csv", [corrected])).stored == 1
    assert Corporation.objects.get().closed_on == date(2025, 4, 20)


def test_a_row_of_a_day_to_come_is_refused_and_later_ones_still_count(
    db: None, tmp_path: Path
) -> None:
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    rows = [row(1), row(1, name="株式会社先取り", seq=2, updateDate=tomorrow)]
    report = corporations.import_file(write(tmp_path / "1.csv", rows))
    assert report.faults == [(2, f"{tomorrow} has not come yet")]
    today = row(1, name="株式会社真実", seq=3, updateDate=clock.today().isoformat())
    corporations.import_file(write(tmp_path / "2.csv", [today]))
    assert Corporation.objects.get().name == "株式会社真実"


def test_a_number_taken_back_stands_for_nothing(db: None, tmp_path: Path) -> None:
    rows = [row(1), row(1, process="99", day="2025-05-01", name="", seq=2)]
    assert corporations.import_file(write(tmp_path / "f.csv", rows)).refused == 0
    found = Corporation.objects.get()
    assert (found.is_closed, found.is_deleted, found.closed_on) == (True, True, date(2025, 5, 1))


def test_any_order_of_files_full_or_daily_and_repeated_ends_in_the_same_state(
    db: None, tmp_path: Path
) -> None:
    files = [
        [
            row(1, day="2025-04-01", name="株式会社甲", seq=900),
            row(2, day="2025-04-01", name="株式会社乙", seq=901),
        ],
        [row(1, day="2025-04-20", updateDate="2025-05-02", seq=12, name="株式会社甲", **CLOSED)],
        [
            row(
                1,
                day="2025-04-01",
                updateDate="2025-05-09",
                name="株式会社甲",
                seq=3,
                latest="0",
                correct="1",
            ),
            row(
                1,
                process="12",
                day="2025-04-10",
                updateDate="2025-05-09",
                name="株式会社甲",
                seq=4,
                correct="1",
                cityName="小樽市",
            ),
            row(
                2, process="11", day="2025-05-07", updateDate="2025-05-09", name="株式会社丙", seq=5
            ),
        ],
        [  # the full file of the end of the month: the same state, numbered anew
            row(
                1,
                process="12",
                day="2025-04-10",
                updateDate="2025-05-09",
                name="株式会社甲",
                seq=70,
                correct="1",
                cityName="小樽市",
            ),
            row(
                2,
                process="11",
                day="2025-05-07",
                updateDate="2025-05-09",
                name="株式会社丙",
                seq=71,
            ),
        ],
    ]
    paths = [write(tmp_path / f"{n}.csv", rows) for n, rows in enumerate(files)]
    ends, histories = set(), set()
    for order in permutations(paths):
        Corporation.objects.all().delete()
        CorporationChange.objects.all().delete()
        for path in (*order, order[0]):
            corporations.import_file(path)
        shown = Corporation.objects.order_by("name").values_list(
            "name", "closed_on", "city", "updated_on", "sequence"
        )
        ends.add(tuple(shown))
        histories.add(
            frozenset(
                CorporationChange.objects.values_list(
                    "corporation", "process", "changed_on", "name", "address"
                )
            )
        )
    assert ends == {
        (
            ("株式会社丙", None, "札幌市中央区", date(2025, 5, 9), 71),
            ("株式会社甲", None, "小樽市", date(2025, 5, 9), 70),
        )
    }
    assert len(histories) == 1


def test_what_is_known_already_is_not_counted_and_nobody_is_told(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[list[str]] = []
    monkeypatch.setitem(corporations_changed._entries, "test", told.append)
    first, renamed = row(1), row(1, process="11", day="2025-06-01", name="株式会社新名")
    paths = [
        write(tmp_path / f"{n}.csv", rows)
        for n, rows in enumerate([[first, first], [renamed, row(2)], [first]])
    ]
    assert [corporations.import_file(path).stored for path in (*paths, *paths)] == [
        1,
        2,
        0,
        0,
        0,
        0,
    ]
    assert told == [[fictitious(1)], sorted([fictitious(1), fictitious(2)])]


# -- files that cannot be used -----------------------------------------------------------------------------------------
def _bytes(rows: list[list[str]], encoding: str = "cp932") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


GOOD = _bytes([row(1), row(2)])
UNUSABLE = {
    "empty": b"",
    "cut off in a row": GOOD[: -len(_bytes([row(2)])) // 2],
    "cut off in a letter": GOOD[: GOOD.rindex("カク".encode("cp932")) + 1],
    "cut off in a quoted field": GOOD + b'3,"4',
    "EUC-JP": _bytes([row(1), row(2)], "euc_jp"),
    "UTF-16": _bytes([row(1), row(2)], "utf-16"),
    "UTF-8 that turns into CP932": _bytes([row(n) for n in range(1, 2000)], "utf-8") + GOOD,
    "other columns": _bytes([row(1), row(2)[:29]]),
    "another kind of file": "法人番号,法人名,所在地\n".encode("cp932"),
    "a head of another layout": _bytes([HEADER[:28], row(1)], "utf-8"),
    "nothing to take": _bytes([row(1, process="42"), row(2, process="42")]),
}


@pytest.mark.parametrize("content", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_an_unusable_file_changes_nothing_and_says_why(
    db: None, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    with pytest.raises(
        CommandError, match=r"^f\.csv cannot be used: .+\. Nothing was imported\.$"
    ) as refused:
        call_command("import_corporations", str(path))
    assert refused.value.returncode == 1
    assert not Corporation.objects.exists()
    assert not CorporationChange.objects.exists()


def test_a_day_without_changes_is_no_fault(db: None, tmp_path: Path) -> None:
    report = corporations.import_file(write(tmp_path / "f.csv", [], encoding="utf-8", header=True))
    assert (report.read, report.stored, report.refused) == (0, 0, 0)


def test_reference_data_loads_twice_to_the_same_rows(db: None) -> None:
    first = reference.load()
    assert reference.load() == first
    assert (first["Municipality"], first["Area"], first["Industry"], first["PostalCode"]) == (
        12,
        21,
        99,
        1641,
    )
    assert Branch.objects.filter(bank_id="0501").exists()


def test_one_postal_code_may_lie_in_two_wards(db: None) -> None:
    reference.load()
    assert set(PostalCode.objects.filter(code="0040000").values_list("area__name", flat=True)) == {
        "厚別区",
        "清田区",
    }
    assert str(Area.objects.get(code="011011")) == "札幌市中央区"
    assert Industry.objects.get(code="39").name == "情報サービス業"


def test_names_are_read_in_the_readers_language_and_frozen_in_japanese(world: World) -> None:
    application, _person = world.submitted()
    case, industry = application.case, Industry.objects.get(code="39")
    area = Area.objects.get(code="011011")
    with override("en"):
        frozen = frozen_content(application, [])["organisation"]
        assert str(industry) == "39 Information services"
        assert str(area) == "Chuo-ku, Sapporo"
        assert case.shown_programme == application.call.stated.name.en
        assert case.shown_call == f"FY{application.call.fiscal_year}, call 1"
    assert (str(industry), str(area)) == ("39 情報サービス業", "札幌市中央区")
    assert (case.shown_programme, case.shown_call) == (
        application.call.stated.name.ja,
        application.call.label,
    )
    assert case.organisation.area is not None
    assert frozen["area_name"] == case.organisation.area.full_name
    assert Industry.objects.exclude(name_en="").exclude(major_name_en="").count() == 99


def test_a_trade_is_chosen_under_its_major_group_without_asking_the_database(
    django_assert_num_queries: DjangoAssertNumQueries, world: World
) -> None:
    class Asked(forms.Form):
        trade = fields.trade(label="業種", nobody="選んでください")

    with django_assert_num_queries(0):
        shown = str(Asked())
    assert shown.count("<optgroup") == 20
    for words in ('<optgroup label="M 宿泊業、飲食サービス業">', "76 飲食店", "食堂・カフェ 76"):
        assert words in shown
    typed = Asked({"trade": "58"})
    assert typed.is_valid()
    assert typed.cleaned_data["trade"].code == "58"
    assert not Asked({"trade": "M"}).is_valid()


def test_the_trades_that_are_named_as_examples_are_those() -> None:
    names = {code: row.name for code, row in files.industries().items()}
    assert [names[code] for code in re.findall(r"[0-9]{2}", str(fields.TRADE_EXAMPLES))] == [
        "飲食料品小売業",
        "飲食店",
        "洗濯・理容・美容・浴場業",
        "総合工事業",
        "情報サービス業",
    ]


def test_prefectures_are_said_in_the_readers_language() -> None:
    with override("en"):
        assert all(seats.said(name).isascii() for name in seats.PREFECTURES)
        assert "('青森県', 'Aomori')" in str(seats.choices())
        assert str(seats.of("青森県")) == seats.said("青森県") == "Aomori"
    assert str(seats.of("青森県")) == "青森県"


def test_an_address_in_latin_letters_stands_apart_from_its_ward() -> None:
    seat = seats.Seat(files.areas()["011011"])
    assert seat.whole("Minami 1-jo Nishi 5-chome 1-2").endswith("区 Minami 1-jo Nishi 5-chome 1-2")
    assert seat.whole("南１条").endswith("区南１条")
    assert seats.Seat(prefecture="青森県").whole("Aomori-shi 1") == "青森県 Aomori-shi 1"
