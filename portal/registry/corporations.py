"""Import of the National Tax Agency's file of corporations: 30 columns, streamed, newest change wins, history kept.

Source of the layout: 国税庁法人番号公表サイト, リソース定義書. The raw file is CP932 without a header; UTF-8 with one is read too.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from django.db import connection, transaction

from portal import jptext, ports
from portal.registry.corporate_number import is_valid
from portal.registry.models import Corporation, CorporationChange

COLUMNS = 30
BATCH = 2000


@dataclass
class Report:
    """What an import did. `faults`: (line, reason), at most 1,000 kept; `refused` counts all."""

    read: int = 0
    stored: int = 0
    refused: int = 0
    faults: list[tuple[int, str]] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        self.refused += 1
        if len(self.faults) < 1000:
            self.faults.append((line, reason))


def open_text(path: Path) -> IO[str]:
    """The file as text: UTF-8 (with or without mark) where its beginning decodes so, else CP932."""
    with path.open("rb") as raw:
        head = raw.read(65536)
    try:
        head[: head.rfind(b"\n") + 1 or len(head)].decode("utf-8")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "cp932"
    return path.open(encoding=encoding, errors="surrogateescape", newline="")


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def parse(row: list[str]) -> tuple[Corporation, CorporationChange]:
    """A row of the file as the corporation it describes and the change it reports. Raises ValueError with the reason."""
    if len(row) != COLUMNS:
        raise ValueError(f"{len(row)} columns instead of {COLUMNS}")
    if any("\udc80" <= sign <= "\udcff" for sign in row[6] + row[9] + row[10] + row[11]):
        raise ValueError("letters that cannot be decoded")
    number, process, name = row[1], row[2], row[6]
    if not is_valid(number):
        raise ValueError(f"check digit of {number!r} is wrong")
    if process not in CorporationChange.PROCESSES:
        raise ValueError(f"unknown process {process!r}")
    if not name:
        raise ValueError("no name")
    changed_on = _day(row[5])
    if changed_on is None:
        raise ValueError("no date of change")
    address = f"{row[9]}{row[10]}{row[11]}" or row[16]
    corporation = Corporation(
        number=number, name=name, name_key=jptext.search_key(name)[:200], kana=row[28], kind=row[8], prefecture=row[9],
        city=row[10], street=row[11] or row[16], area_code=(row[13] + row[14]) if row[13] and row[14] else "",
        postal_code=row[15], closed_on=_day(row[18]), close_cause=row[19], successor=row[20], changed_on=changed_on,
        sequence=int(row[0] or 0),
    )  # fmt: skip
    change = CorporationChange(
        corporation_id=number, process=process, changed_on=changed_on, name=name, address=address, successor=row[20]
    )
    return corporation, change


def _rows(text: IO[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text)
    for row in reader:
        if reader.line_num == 1 and row and row[0].strip().lower() == "sequencenumber":
            continue
        if row:
            yield reader.line_num, row


def import_file(path: Path, progress: Callable[[int], None] = lambda _n: None) -> Report:
    """Import a file of any size in batches; a bad row is reported and the rest goes in. Idempotent."""
    report = Report()
    newest: dict[str, Corporation] = {}
    changes: list[CorporationChange] = []
    with open_text(path) as text:
        for line, row in _rows(text):
            report.read += 1
            try:
                corporation, change = parse(row)
            except ValueError as error:
                report.refuse(line, str(error))
                continue
            report.stored += 1
            known = newest.get(corporation.number)
            if known is None or _age(corporation) >= _age(known):
                newest[corporation.number] = corporation
            changes.append(change)
            if len(changes) >= BATCH:
                _store(newest, changes)
                progress(len(changes))
                newest, changes = {}, []
        _store(newest, changes)
        progress(len(changes))
    return report


def _age(corporation: Corporation) -> tuple[date, int]:
    return corporation.changed_on, corporation.sequence


_FIELDS = [f.column for f in Corporation._meta.concrete_fields]
_MERGE = f"""
INSERT INTO portal_registry_corporation AS known ({", ".join(_FIELDS)}) SELECT {", ".join(_FIELDS)} FROM incoming
ON CONFLICT (number) DO UPDATE SET {", ".join(f"{name} = EXCLUDED.{name}" for name in _FIELDS if name != "number")}
WHERE (EXCLUDED.changed_on, EXCLUDED.sequence) >= (known.changed_on, known.sequence)
"""  # noqa: S608  the columns are our own


@transaction.atomic
def _store(newest: dict[str, Corporation], changes: list[CorporationChange]) -> None:
    if not changes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE IF NOT EXISTS incoming (LIKE portal_registry_corporation) ON COMMIT DELETE ROWS"
        )
        cursor.execute("DELETE FROM incoming")
        with cursor.copy(f"COPY incoming ({', '.join(_FIELDS)}) FROM STDIN") as copy:
            for corporation in newest.values():
                copy.write_row([getattr(corporation, f.attname) for f in Corporation._meta.concrete_fields])
        cursor.execute(_MERGE)
    CorporationChange.objects.bulk_create(changes, ignore_conflicts=True)
    for listener in ports.corporations_changed.values():
        listener(newest)


def write_faults(report: Report) -> str:
    out = io.StringIO()
    for line, reason in report.faults:
        out.write(f"line {line}: {reason}\n")
    if report.refused > len(report.faults):
        out.write(f"… and {report.refused - len(report.faults)} more\n")
    return out.getvalue()
