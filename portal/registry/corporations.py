"""Import of the National Tax Agency's files of corporations: 30 columns, full or differential,
streamed, in any order.

Which row of a corporation counts is decided by the agency's own fields. Whenever it changes or
corrects anything (訂正) it publishes the corporation's rows anew, so the newest `updateDate`
supersedes all earlier days, whatever the dates of the changes in them: a closure that is missing
there was withdrawn. Of one day the row marked `latest` counts; where that row is not in the file
(the firm has left the area of an extract), the last by `sequenceNumber`, which starts anew every
day.

Source of the layout: 国税庁法人番号公表サイト, リソース定義書. The raw file is CP932 without a header; UTF-8 with one
is read too.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from portal import clock, jptext
from portal.registry.corporate_number import is_valid
from portal.registry.models import Corporation, CorporationChange
from portal.registry.ports import corporations_changed

COLUMNS = 30
BATCH = 2000


class Unusable(ValueError):
    """A file that is not taken in at all, with the reason."""


@dataclass
class Report:
    """What an import did. `faults`: (line, reason), at most 1,000 kept; `refused` counts all.

    `stored`: what is new or different afterwards; repeats, older rows and rows that change nothing
    are not counted.
    """

    read: int = 0
    stored: int = 0
    refused: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.refused += 1
        if len(self.faults) < 1000:
            self.faults.append((line, reason))


def open_text(path: Path, errors: str = "surrogateescape") -> IO[str]:
    """The file as text: UTF-8 (with or without mark) where its beginning decodes so, else CP932."""
    with path.open("rb") as raw:
        head = raw.read(65536)
    try:
        head[: head.rfind(b"\n") + 1 or len(head)].decode("utf-8")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "cp932"
    return path.open(encoding=encoding, errors=errors, newline="")


# -- rows ----------------------------------------------------------------------------------------
_LENGTHS = [(f.attname, f.max_length) for f in Corporation._meta.concrete_fields if f.max_length]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _required(text: str, what: str) -> date:
    day = _day(text)
    if day is None:
        raise ValueError(f"no date of {what}")
    return day


def _closed_on(process: str, closed: date | None, changed: date) -> date | None:
    """A revived record is open by what it is; a number taken back stands for nothing from that day."""
    if process == CorporationChange.REVIVED:
        return None
    return closed or (changed if process == CorporationChange.DELETED else None)


def _checked(row: list[str]) -> tuple[str, str, str]:
    """Number, process and name. Raises ValueError with the reason."""
    number, process, name = row[1], row[2], row[6]
    if not is_valid(number):
        raise ValueError(f"check digit of {number!r} is wrong")
    if process not in CorporationChange.PROCESSES:
        raise ValueError(f"unknown process {process!r}")
    if not name and process != CorporationChange.DELETED:
        raise ValueError("no name")
    if row[23] not in ("0", "1"):
        raise ValueError(f"{row[23]!r} says neither latest nor past")
    if not (row[0].isascii() and row[0].isdecimal() and len(row[0]) < 19):
        raise ValueError(f"{row[0]!r} is no sequence number")
    if "\0" in "".join(row):
        raise ValueError("a sign that is no letter")
    return number, process, name


def parse(row: list[str]) -> Corporation:
    """A row of the file as the state it describes. Raises ValueError with the reason."""
    number, process, name = _checked(row)
    changed_on, updated_on = _required(row[5], "change"), _required(row[4], "publication")
    if updated_on > clock.today():  # it would count before all that is published until then
        raise ValueError(f"{updated_on} has not come yet")
    corporation = Corporation(
        number=number,
        name=name,
        name_key=jptext.search_key(name)[:200],
        kana=row[28],
        kind=row[8],
        prefecture=row[9],
        city=row[10],
        street=row[11] or row[16],
        area_code=(row[13] + row[14]) if row[13] and row[14] else "",
        postal_code=row[15],
        closed_on=_closed_on(process, _day(row[18]), changed_on),
        close_cause=row[19],
        successor=row[20],
        process=process,
        changed_on=changed_on,
        updated_on=updated_on,
        latest=row[23] == "1",
        sequence=int(row[0]),
    )
    for name, most in _LENGTHS:
        if len(getattr(corporation, name)) > most:
            raise ValueError(f"{name} is longer than {most} letters")
    return corporation


def _fits(line: int, row: list[str]) -> None:
    """Raises Unusable where the file is of another kind, is cut off or was read in a wrong
    encoding.
    """
    if len(row) != COLUMNS:
        raise Unusable(
            f"line {line} has {len(row)} columns instead of {COLUMNS}: another kind of file, or cut off"
        )
    if row[9] and row[9][-1] not in "都道府県":
        raise Unusable(
            f"line {line} names no prefecture in its tenth column: another kind of file or encoding"
        )


def _rows(text: IO[str]) -> Iterator[tuple[int, list[str]]]:
    """(line, row). Raises Unusable."""
    reader = csv.reader(text, strict=True)
    try:
        for row in reader:
            if reader.line_num == 1 and row and row[0].strip().lower() == "sequencenumber":
                _heads(row)
            elif row:
                _fits(reader.line_num, row)
                yield reader.line_num, row
    except UnicodeDecodeError as error:
        raise Unusable(
            f"after line {reader.line_num} there are letters that are neither CP932 nor UTF-8: "
            "another encoding, or cut off"
        ) from error
    except csv.Error as error:
        raise Unusable(
            f"line {reader.line_num} is no row of a CSV file ({error}): "
            "another kind of file, or cut off"
        ) from error


def _heads(row: list[str]) -> None:
    if len(row) != COLUMNS:
        raise Unusable(f"the head has {len(row)} columns instead of {COLUMNS}")


def _parsed(rows: Iterable[tuple[int, list[str]]], report: Report) -> Iterator[Corporation]:
    """The rows that can be taken; the others go to the report."""
    for line, row in rows:
        report.read += 1
        try:
            corporation = parse(row)
        except ValueError as error:
            report.refuse(line, str(error))
        else:
            yield corporation


# -- the end state -------------------------------------------------------------------------------
_COLUMNS = [f.attname for f in Corporation._meta.concrete_fields]
# the first decide; the last two only break ties
_ORDER = (
    "updated_on",
    "latest",
    "sequence",
    "changed_on",
    "process",
)
_SAYS = [name for name in _COLUMNS if name not in ("number", "updated_on", "latest", "sequence")]


def _of(table: str, names: Iterable[str]) -> str:
    return f"({', '.join(f'{table}.{name}' for name in names)})"


_TABLES = """
DROP TABLE IF EXISTS incoming, newest, altered;
CREATE TEMP TABLE incoming (LIKE portal_registry_corporation) ON COMMIT DROP
"""
_NEWEST = f"""
CREATE TEMP TABLE newest ON COMMIT DROP AS SELECT DISTINCT ON (number) * FROM incoming
ORDER BY number, {", ".join(f"{name} DESC" for name in _ORDER)}
"""  # noqa: S608  the columns are our own
_ALTERED = f"""
CREATE TEMP TABLE altered ON COMMIT DROP AS
SELECT newest.number FROM newest LEFT JOIN portal_registry_corporation AS known USING (number)
WHERE known.number IS NULL
   OR {_of("newest", _ORDER)} > {_of("known", _ORDER)}
  AND {_of("newest", _SAYS)} IS DISTINCT FROM {_of("known", _SAYS)};
CREATE UNIQUE INDEX ON altered (number)
"""  # noqa: S608  the columns are our own
_MERGE = f"""
INSERT INTO portal_registry_corporation AS known ({", ".join(_COLUMNS)}) SELECT {", ".join(_COLUMNS)} FROM newest
ON CONFLICT (number) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _COLUMNS if name != "number")}
WHERE {_of("EXCLUDED", _ORDER)} > {_of("known", _ORDER)}
"""  # noqa: S608  the columns are our own
_HISTORY = """
INSERT INTO portal_registry_corporationchange (corporation_id, process, changed_on, name, address, successor)
SELECT number, process, changed_on, name, prefecture || city || street, successor FROM incoming
ORDER BY updated_on, sequence ON CONFLICT DO NOTHING
"""


@transaction.atomic
def import_file(path: Path, progress: Callable[[int], None] = lambda _n: None) -> Report:
    """Import a file of any size; a bad row is reported and the rest goes in.

    Idempotent, and in any order of files.

    All or nothing: raises Unusable, and leaves everything as it was, where the file as a whole
    cannot be right.
    """
    report = Report()
    if not path.stat().st_size:
        raise Unusable("it is empty")
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        with open_text(path, errors="strict") as text:
            _take(cursor, _parsed(_rows(text), report), progress)
        if report.refused and report.refused == report.read:
            raise Unusable("no row can be taken; line {}: {}".format(*report.faults[0]))
        for step in (_NEWEST, _ALTERED, _MERGE, _HISTORY):
            cursor.execute(step)
        report.stored = _tell(cursor)
    return report


def _take(
    cursor: CursorWrapper, corporations: Iterable[Corporation], progress: Callable[[int], None]
) -> None:
    """The rows as they come into a table of their own: no more than one is held."""
    count = 0
    with cursor.copy(f"COPY incoming ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
        for count, corporation in enumerate(corporations, 1):
            copy.write_row([getattr(corporation, name) for name in _COLUMNS])
            if count % BATCH == 0:
                progress(BATCH)
    progress(count % BATCH)


def _tell(cursor: CursorWrapper) -> int:
    """Tell the listeners which corporations are new or different, a batch at a time; how many there
    are.
    """
    count, last = 0, ""
    while True:
        cursor.execute(
            "SELECT number FROM altered WHERE number > %s ORDER BY number LIMIT %s", [last, BATCH]
        )
        numbers = [number for (number,) in cursor.fetchall()]
        if not numbers:
            return count
        count, last = count + len(numbers), numbers[-1]
        for listener in corporations_changed.values():
            listener(numbers)


def write_faults(report: Report) -> str:
    out = io.StringIO()
    for line, reason in report.faults:
        out.write(f"line {line}: {reason}\n")
    if report.refused > len(report.faults):
        out.write(f"… and {report.refused - len(report.faults)} more\n")
    return out.getvalue()
