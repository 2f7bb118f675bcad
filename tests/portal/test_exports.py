"""What leaves the house: spreadsheets that no program takes for formulas, logs without addresses, the reading on record."""

import json
import logging

import pytest
from django.test import Client

from portal.cases.models import Reading
from portal.sheets import safe_cell
from portal.ui.middleware import JsonFormatter
from tests.conftest import World


@pytest.mark.parametrize("text", ["=1+1", "+81", "-5", "@x", "\tx", "\rx"])
def test_a_cell_is_never_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_ordinary_cells_stay_as_they_are() -> None:
    assert [safe_cell(v) for v in ("株式会社", 5, None, "a=b")] == ["株式会社", "5", "", "a=b"]


def test_the_export_is_streamed_complete_and_on_record(world: World, client: Client) -> None:
    application, _person = world.submitted()
    application.case.organisation.name = "=HYPERLINK(1)"
    application.case.organisation.save()
    client.force_login(world.officer)
    text = b"".join(client.get("/cases/export.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines()[1].startswith(f"{application.case.receipt_number},")
    assert "'=HYPERLINK(1)" in text
    assert Reading.objects.filter(person=world.officer, what="case_list.export").count() == 1


def test_a_log_line_holds_no_address() -> None:
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "mail to %s failed", ("person@firms.example",), None)
    assert json.loads(JsonFormatter().format(record))["message"] == "mail to [address] failed"
