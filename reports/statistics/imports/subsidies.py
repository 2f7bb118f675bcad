"""Subsidies of other bodies, from gBizINFO: the bulk CSV, or JSON of its API."""

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection, transaction

from portal import fiscal, jptext
from portal.registry.corporate_number import is_valid
from portal.registry.corporations import Report, open_text
from portal.registry.models import Area
from reports.statistics.imports.cells import Unfit, amount_of, day_of
from reports.statistics.models import OutsideAward

# 法人番号, 法人名, 所在地, 認定日, 補助金等, 金額, 対象, 府省: the eight columns of the bulk file, in this order
COLUMNS = (
    "corporate_number",
    "name",
    "location",
    "certified_on",
    "title",
    "amount",
    "target",
    "issuer",
)
BATCH = 5000


def import_awards(path: Path, progress: Callable[[int], None] = lambda _n: None) -> Report:
    """Take in the bulk CSV (eight columns, with or without head) or JSON of the API (v1 or v2).

    Idempotent. Raises Unfit.
    """
    report, places = Report(), _places()
    batch: dict[str, tuple[object, ...]] = {}
    for line, row in _award_rows(path):
        report.read += 1
        try:
            if isinstance(row, csv.Error):
                raise ValueError(f"no row of a CSV file: {row}")
            award = award_of(row, places)
        except ValueError as error:
            report.refuse(line, str(error))
            continue
        report.stored += 1
        batch[award.digest] = tuple(getattr(award, name) for name in _FIELDS)
        if len(batch) >= BATCH:
            progress(len(batch))
            _store(batch)
            batch = {}
    _store(batch)
    progress(len(batch))
    return report


def _award_rows(path: Path) -> Iterator[tuple[int, dict[str, object] | csv.Error]]:
    """(line, row), or the reason why a line is none."""
    with open_text(path) as text:
        head = text.read(1)
        text.seek(0)
        if head in "{[":
            yield from enumerate(_from_api(text.read()), 1)
            return
        reader = csv.reader(text)
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield reader.line_num, error
                continue
            if not row or (
                reader.line_num == 1 and not re.search(r"\d{13}|\d{12}", "".join(row[:1]))
            ):
                continue
            yield reader.line_num, dict(zip(COLUMNS, row, strict=False)) | {"columns": len(row)}


def _from_api(text: str) -> Iterator[dict[str, object]]:
    """Rows of the API's answer: hojin-infos with their subsidies, or one of them."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise Unfit(f"no JSON: {error}") from error
    firms = data.get("hojin-infos", [data]) if isinstance(data, dict) else data
    if not isinstance(firms, list) or not all(isinstance(firm, dict) for firm in firms):
        raise Unfit("no list of firms")
    for firm in firms:
        rows = firm.get("subsidy") or []
        for row in rows if isinstance(rows, list) else [rows]:
            if not isinstance(row, dict):
                yield {"columns": 1}
                continue
            yield {
                "corporate_number": firm.get("corporate_number"),
                "name": firm.get("name"),
                "location": firm.get("location"),
                "certified_on": row.get("date_of_approval"),
                "title": row.get("title"),
                "amount": row.get("amount"),
                "target": row.get("target"),
                "issuer": row.get("government_departments"),
                "columns": 8,
            }


def award_of(row: dict[str, object], places: dict[str, str]) -> OutsideAward:
    """A row as the award it describes. Raises ValueError with the reason."""
    if row["columns"] != len(COLUMNS):
        raise ValueError(f"{row['columns']} columns instead of {len(COLUMNS)}")
    said = {name: str(row.get(name) or "").strip() for name in COLUMNS}
    if any(
        "\ud800" <= sign <= "\udfff" or sign == "\0" for value in said.values() for sign in value
    ):
        raise ValueError("letters that cannot be decoded")
    number = jptext.digits(said["corporate_number"]).zfill(13)
    if not is_valid(number):
        raise ValueError(f"check digit of {said['corporate_number']!r} is wrong")
    if not said["title"]:
        raise ValueError("no title")
    too_long = [
        name
        for name, most in (
            ("name", 200),
            ("location", 400),
            ("title", 400),
            ("target", 400),
            ("issuer", 200),
        )
        if len(said[name]) > most
    ]
    if too_long:
        raise ValueError(f"{too_long[0]} is longer than its column")
    day = day_of(said["certified_on"])
    return OutsideAward(
        digest=hashlib.sha256("\x1f".join(said[name] for name in COLUMNS).encode()).hexdigest(),
        corporate_number=number,
        name=said["name"],
        location=said["location"],
        certified_on=day,
        fiscal_year=fiscal.fiscal_year(day) if day else None,
        title=said["title"],
        amount=amount_of(said["amount"]),
        target=said["target"],
        issuer=said["issuer"],
        area_id=area_of(said["location"], places),
    )


def _places() -> dict[str, str]:
    """Name as written in an address → code of the area; a ward with its city before the city alone."""
    return {area.full_name: area.code for area in Area.objects.select_related("municipality")}


def area_of(location: str, places: dict[str, str]) -> str | None:
    plain = location.removeprefix("北海道")
    if plain == location and not location.startswith(tuple(places)):
        return None
    plain = re.sub(r"^.{1,4}郡", "", plain)
    return next((code for name, code in places.items() if plain.startswith(name)), None)


_FIELDS = (
    "digest",
    "corporate_number",
    "name",
    "location",
    "certified_on",
    "fiscal_year",
    "title",
    "amount",
    "target",
    "issuer",
    "area_id",
)


@transaction.atomic
def _store(batch: dict[str, tuple[object, ...]]) -> None:
    """All at once by COPY; rows already known stay as they are."""
    if not batch:
        return
    columns = ", ".join(_FIELDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS incoming_award "
            "(LIKE reports_statistics_outsideaward) ON COMMIT DELETE ROWS"
        )
        cursor.execute("ALTER TABLE incoming_award ALTER id DROP NOT NULL")
        cursor.execute("DELETE FROM incoming_award")
        with cursor.copy(f"COPY incoming_award ({columns}) FROM STDIN") as copy:
            for row in batch.values():
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO reports_statistics_outsideaward ({columns}) "  # noqa: S608  the columns are our own
            f"SELECT {columns} FROM incoming_award ON CONFLICT (digest) DO NOTHING"
        )
