"""What leaves the house: spreadsheets that no program takes for formulas, logs without what was typed, the reading on record."""

import ast
import csv
import io
import json
import logging
import sys
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, OperationalError
from django.test import Client, RequestFactory

from portal import sheets
from portal.cases.models import Case, Reading
from portal.logs import JsonFormatter
from tests.architecture.test_house import ROOT, modules
from tests.conftest import World


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+81",
        "-5",
        "@x",
        "\tx",
        "\rx",
        "\nx",
        "＝1+1",
        "＋81",
        "－5",
        "＠x",
        " =1",
        "　＝1",
        "\n=1",
        "\t＋1",
    ],
)
def test_a_text_is_never_a_formula(text: str) -> None:
    assert sheets.cell(text) == f"'{text}"


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [sheets.cell(v) for v in ("株式会社", 5, -5, 0.5, None, "a=b", " 空白", True)] == [
        "株式会社",
        5,
        -5,
        0.5,
        "",
        "a=b",
        " 空白",
        "true",
    ]


def test_a_moment_is_written_as_the_clock_in_sapporo_showed_it() -> None:
    moment = datetime(2026, 11, 30, 23, 5, 17, 123456, ZoneInfo("UTC"))
    assert [sheets.cell(v) for v in (moment, date(2026, 12, 1))] == [
        "2026-12-01 08:05",
        "2026-12-01",
    ]


def test_one_module_writes_csv_and_two_write_workbooks() -> None:
    """Whoever writes a table for spreadsheets goes through the guard: a new writer elsewhere fails here."""
    found: dict[str, set[str]] = {}
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if name in (
                "csv.writer",
                "csv.DictWriter",
                "xlsxwriter.Workbook",
                "openpyxl.Workbook",
                "Workbook",
            ):
                found.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
    assert found == {
        "csv.writer": {"portal/sheets.py"},
        "xlsxwriter.Workbook": {"portal/sheets.py", "reports/statistics/releasing/files.py"},
    }


def test_the_export_is_streamed_complete_and_on_record(world: World, client: Client) -> None:
    application, _person = world.submitted()
    application.case.organisation.name = "＝HYPERLINK(1)"
    application.case.organisation.save()
    client.force_login(world.officer)
    text = b"".join(client.get("/cases/export.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines()[1].startswith(f"{application.case.receipt_number},")
    assert "'＝HYPERLINK(1)" in text
    kept = Reading.objects.filter(person=world.officer, what="case_list.export").order_by("pk")
    assert [row.case for row in kept] == [None, application.case]


def test_the_export_says_the_day_of_sapporo(world: World, client: Client) -> None:
    application, _person = world.submitted()
    late = datetime(2026, 11, 30, 23, 59, 58, 999999, ZoneInfo("UTC"))
    Case.objects.filter(pk=application.case_id).update(submitted_at=late)
    client.force_login(world.officer)
    text = b"".join(client.get("/cases/export.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert [row["提出"] for row in csv.DictReader(io.StringIO(text))] == ["2026-12-01 08:59"]


def test_a_log_line_holds_no_address() -> None:
    record = logging.LogRecord(
        "x", logging.ERROR, "f", 1, "mail to %s failed", ("person@firms.example",), None
    )
    assert json.loads(JsonFormatter().format(record))["message"] == "mail to [address] failed"


def logged(error: Exception, after: Exception) -> dict[str, str]:
    """The line of a failure that came of another."""
    try:
        try:
            raise error
        except Exception as cause:
            raise after from cause
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "f", 1, "failed", (), sys.exc_info())
    found: dict[str, str] = json.loads(JsonFormatter().format(record))
    return found


def test_a_log_line_says_where_it_failed_and_not_what_was_typed() -> None:
    typed = "山田"
    error = logged(IntegrityError(f"DETAIL: Failing row contains ({typed})"), ValueError(typed))[
        "error"
    ]
    assert typed not in error
    assert all(part in error for part in ("IntegrityError", "ValueError", "test_exports.py"))


def test_a_log_line_says_what_the_machine_lacks() -> None:
    assert (
        "connection refused"
        in logged(OperationalError("connection refused"), ValueError())["error"]
    )


def test_a_log_line_of_a_request_holds_no_address_typed_by_hand() -> None:
    record = logging.LogRecord(
        "django.request", logging.WARNING, "f", 1, "Not Found: %s", ("/cases/山田の案件/",), None
    )
    record.request, record.status_code = RequestFactory().get("/cases/山田の案件/"), 404
    assert json.loads(JsonFormatter().format(record))["message"] == "404 GET (no such page)"
