"""What comes from outside: others' awards (gBizINFO), accounts of firms, numbers of establishments, true shapes. A bad row is reported, the rest goes in."""

import csv
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from portal import fiscal, jptext, reading
from portal.accounts.models import Organisation
from portal.registry.corporate_number import is_valid
from portal.registry.corporations import Report, open_text
from portal.registry.models import Area
from reports.statistics import shapes
from reports.statistics.models import Boundary, Establishments, FirmFigures, OutsideAward

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
MOST = 10**14  # yen: about a national budget; more is a slip, and would make sums overflow
BATCH = 5000


class Unfit(ValueError):
    """A file that cannot be taken in at all, with the reason."""


# -- awards of others ----------------------------------------------------------------------------------------------------
def import_awards(path: Path, progress: Callable[[int], None] = lambda _n: None) -> Report:
    """Take in the bulk CSV (eight columns, with or without head) or JSON of the API (v1 or v2). Idempotent. Raises Unfit."""
    report, places = Report(), _places()
    batch: dict[str, tuple[Any, ...]] = {}
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


def _award_rows(path: Path) -> Iterator[tuple[int, dict[str, Any] | csv.Error]]:
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


def _from_api(text: str) -> Iterator[dict[str, Any]]:
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


def award_of(row: dict[str, Any], places: dict[str, str]) -> OutsideAward:
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


def amount_of(text: str) -> int | None:
    """Yen from text such as "1,000,000円" or "-500"; None where nothing is stated. Raises ValueError."""
    if reading.folded(text) in ("", "-", "円"):
        return None
    try:
        value = reading.signed_yen(text)
    except reading.Unclear as unclear:
        raise ValueError(f"{text!r} is no amount") from unclear
    if abs(value) > MOST:
        raise ValueError(f"{text!r} is beyond any budget")
    return value


def day_of(text: str) -> date | None:
    """A day from 2024-05-01, 2024/5/1 or 20240501; None where none is stated. Raises ValueError."""
    if not text:
        return None
    found = re.fullmatch(r"(\d{4})[-/.]?(\d{1,2})[-/.]?(\d{1,2})(?:[T ].*)?", text)
    if not found:
        raise ValueError(f"{text!r} is no day")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError as error:
        raise ValueError(f"{text!r} is no day of the calendar") from error


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
def _store(batch: dict[str, tuple[Any, ...]]) -> None:
    """All at once by COPY; rows already known stay as they are."""
    if not batch:
        return
    columns = ", ".join(_FIELDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS incoming_award (LIKE reports_statistics_outsideaward) ON COMMIT DELETE ROWS"
        )
        cursor.execute("ALTER TABLE incoming_award ALTER id DROP NOT NULL")
        cursor.execute("DELETE FROM incoming_award")
        with cursor.copy(f"COPY incoming_award ({columns}) FROM STDIN") as copy:
            for row in batch.values():
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO reports_statistics_outsideaward ({columns}) SELECT {columns} FROM incoming_award ON CONFLICT (digest) DO NOTHING"  # noqa: S608  the columns are our own
        )


# -- accounts and denominators --------------------------------------------------------------------------------------------
def _read(path: Path, names: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of a CSV with a head of these names (others are passed over). Raises Unfit."""
    with open_text(path) as text:
        reader = csv.DictReader(text)
        if missing := [name for name in names if name not in (reader.fieldnames or [])]:
            raise Unfit(f"the head lacks {', '.join(missing)}")
        for row in reader:
            yield reader.line_num, {name: str(row.get(name) or "").strip() for name in names}


def import_figures(path: Path) -> Report:
    """Accounts of firms known to the portal: 法人番号, 年度, 売上高, 営業利益, 人件費, 減価償却費, 従業員数, 出典; whole yen and people."""
    names = ("法人番号", "年度", "売上高", "営業利益", "人件費", "減価償却費", "従業員数", "出典")
    known = dict(
        Organisation.objects.exclude(corporate_number=None).values_list("corporate_number", "pk")
    )
    report = Report()
    found: dict[tuple[int, int], FirmFigures] = {}
    for line, row in _read(path, names):
        report.read += 1
        number, year = jptext.digits(row["法人番号"]), jptext.digits(row["年度"])
        try:
            if number not in known:
                raise ValueError(f"no firm of the portal has the number {number!r}")
            if not re.fullmatch(r"20\d\d", year):
                raise ValueError(f"{year!r} is no fiscal year")
            if not row["出典"]:
                raise ValueError("no source")
            values = [amount_of(row[name]) for name in names[2:7]]
            if values[4] is not None and not 0 < values[4] <= 10**6:
                raise ValueError("no number of employees")
        except ValueError as error:
            report.refuse(line, str(error))
            continue
        figures = dict(
            zip(("sales", "profit", "personnel", "depreciation", "employees"), values, strict=True)
        )
        found[known[number], int(year)] = FirmFigures(
            organisation_id=known[number], fiscal_year=int(year), source=row["出典"], **figures
        )
        report.stored += 1
    FirmFigures.objects.bulk_create(
        found.values(),
        update_conflicts=True,
        unique_fields=["organisation", "fiscal_year"],
        update_fields=["sales", "profit", "personnel", "depreciation", "employees", "source"],
    )
    return report


def import_establishments(path: Path) -> Report:
    """事業所数 by area: コード (six digits), 事業所数, 時点 (a day), 出典."""
    names = ("コード", "事業所数", "時点", "出典")
    known, report = set(Area.objects.values_list("code", flat=True)), Report()
    for line, row in _read(path, names):
        report.read += 1
        try:
            code, count, day = (
                jptext.digits(row["コード"]).zfill(6),
                amount_of(row["事業所数"]),
                day_of(row["時点"]),
            )
            if code not in known:
                raise ValueError(f"{code!r} is none of the 21 areas")
            if not count or count < 1 or day is None or not row["出典"]:
                raise ValueError("number, day or source is missing")
        except ValueError as error:
            report.refuse(line, str(error))
            continue
        Establishments.objects.update_or_create(
            area_id=code, defaults={"count": count, "as_of": day, "source": row["出典"]}
        )
        report.stored += 1
    return report


# -- shapes ---------------------------------------------------------------------------------------------------------------
@transaction.atomic
def import_boundaries(path: Path, source: str) -> int:
    """Replace all shapes by those of a file; how many areas. Raises Unfit, and then nothing has changed."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        found = shapes.read(data, Area.objects.values_list("code", flat=True))
    except (UnicodeDecodeError, json.JSONDecodeError, shapes.Unreadable) as error:
        raise Unfit(str(error)) from error
    rows = [
        Boundary(area_id=code, rings=rings, label=shapes.centre(rings[0]), source=source)
        for code, rings in found.items()
    ]
    Boundary.objects.all().delete()
    Boundary.objects.bulk_create(rows)
    return len(rows)
