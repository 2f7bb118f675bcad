"""The hand-over to the accounting system: entries of the book as CSV, and what it says of them read back."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.budget.classification import COLUMNS
from grants.budget.layouts import (
    IN,
    NEEDED,
    AccountingAnswer,
    AccountingLayout,
    Layout,
    layout_of,
)
from grants.budget.models import BudgetEntry
from grants.programmes.models import said
from portal import clock, parsing, sheets
from portal.accounts.models import User
from portal.audit.record import record
from portal.registry.models import Municipality
from portal.ui.templatetags.ui import entry_kind
from portal.workflow.errors import NotReady

LESS = ("decommitment", "return", "reversal", "reduction", "supplement_cut", "transfer")
ROWS = 20_000  # of a file that is read in


def _day(entry: BudgetEntry) -> date:
    return clock.day_of(entry.booked_at)


def _firm(entry: BudgetEntry, name: str) -> str:
    return "" if entry.case is None else str(getattr(entry.case.organisation, name) or "")


VALUES: dict[str, Callable[[BudgetEntry], object]] = {
    "entry": lambda entry: entry.pk,
    "day": _day,
    "plain_day": lambda entry: f"{_day(entry):%Y%m%d}",
    "kind": lambda entry: entry_kind(entry.kind),
    "year": lambda entry: entry.line.fiscal_year,
    "call": lambda entry: entry.line.call.code,
    "frame": lambda entry: said(entry.line.call.stated.frame(entry.line.frame).name),
    "number": lambda entry: "" if entry.case is None else entry.case.shown_number,
    "firm": lambda entry: _firm(entry, "name"),
    "corporate_number": lambda entry: _firm(entry, "corporate_number"),
    "amount": lambda entry: entry.amount,
    "signed": lambda entry: -entry.amount if entry.kind in LESS else entry.amount,
    "note": lambda entry: entry.note,
}


def _value(entry: BudgetEntry, field: str) -> object:
    return getattr(entry.line, field) if field in COLUMNS else VALUES[field](entry)


def table(entries: Iterable[BudgetEntry], layout: Layout) -> Iterator[list[object]]:
    yield [heading for _field, heading in layout.columns]
    for entry in entries:
        yield [_value(entry, field) for field, _heading in layout.columns]


def file(entries: Iterable[BudgetEntry], layout: Layout) -> bytes:
    """The CSV in the layout's encoding. Raises NotReady for signs that it does not have."""
    text = "".join(sheets.lines(table(entries, layout))).removeprefix("\ufeff")
    try:
        return text.encode(layout.encoding)
    except UnicodeEncodeError as error:
        sign = text[error.start]
        line = text.count("\n", 0, error.start) + 1
        raise NotReady(
            _(
                "%(line)s行目の「%(sign)s」は、選んだ文字コードにない文字です。レイアウトの文字コードを変えてください。"
            )
            % {"line": line, "sign": sign}
        ) from error


@dataclass(frozen=True)
class Answer:
    """One row of what came back."""

    entry: int
    status: str
    voucher: str
    day: date | None
    reason: str


def read(text: str, layout: Layout) -> tuple[list[Answer], list[tuple[int, str]]]:
    """(answers, faults): each fault with its place in the file, where the names stand in row 1.

    Raises NotReady where a column that is needed is missing.
    """
    reader = csv.DictReader(io.StringIO(text))
    heads = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = heads
    missing = [layout.heading(field) for field in NEEDED[IN] if layout.heading(field) not in heads]
    if missing:
        raise NotReady(_("CSVに列がありません：%(names)s") % {"names": "、".join(missing)})
    answers: list[Answer] = []
    faults: list[tuple[int, str]] = []
    for place, raw in enumerate(reader, 2):
        cells = {
            field: (raw.get(heading) or "").strip() for field, heading in layout.columns if heading
        }
        found = _answer(cells)
        if isinstance(found, str):
            faults.append((place, found))
        else:
            answers.append(found)
    return answers, faults


def _answer(cells: Mapping[str, str]) -> Answer | str:
    """A row as it was meant, or why it is not read."""
    number, status = cells["entry"], cells["status"]
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return _("異動の番号が数字ではありません。")
    if not status:
        return _("状態が空です。")
    if len(status) > 40 or len(cells.get("voucher", "")) > 40:
        return _("状態と伝票の番号は、40字までです。")
    try:
        day = parsing.day(cells["day"]) if cells.get("day") else None
    except parsing.Unclear:
        return _("処理の日を日付として読めません。")
    reason = cells.get("reason", "")[:200]
    return Answer(int(number), status, cells.get("voucher", ""), day, reason)


def faults_among(
    answers: list[Answer], faults: list[tuple[int, str]], known: set[int]
) -> list[tuple[int, str]]:
    """All faults of a file in their order: rows about an entry that is none of the municipality's, or
    about one that an earlier row was about.
    """
    bad = dict(faults)
    seen: set[int] = set()
    places = (place for place in range(2, len(answers) + len(faults) + 2) if place not in bad)
    for place, answer in zip(places, answers, strict=True):
        if answer.entry not in known:
            bad[place] = _("この市町村の帳簿に、この番号の異動はありません。")
        elif answer.entry in seen:
            bad[place] = _("同じ異動の番号が、前の行にもあります。")
        seen.add(answer.entry)
    return sorted(bad.items())


@transaction.atomic
def take_in(
    text: str, municipality: Municipality, entries: QuerySet[BudgetEntry], *, by: User
) -> tuple[int, list[tuple[int, str]]]:
    """Read a file of answers about some of the `entries`: (how many were written, faults by row). All
    of it, or nothing.

    Raises NotReady for a file without its columns, without a row or with too many.
    """
    answers, faults = read(text, layout_of(municipality.pk, IN))
    if not answers and not faults:
        raise NotReady(_("1件も入っていません。"))
    if len(answers) + len(faults) > ROWS:
        raise NotReady(_("1つのファイルは%(n)s行までです。") % {"n": f"{ROWS:,}"})
    asked = {answer.entry for answer in answers}
    known = set(entries.filter(pk__in=asked).values_list("pk", flat=True))
    if found := faults_among(answers, faults, known):
        return 0, found
    rows = [
        AccountingAnswer(
            entry_id=answer.entry,
            status=answer.status,
            voucher=answer.voucher,
            day=answer.day,
            reason=answer.reason,
            read_at=clock.now(),
            read_by=by,
        )
        for answer in answers
    ]
    AccountingAnswer.objects.bulk_create(rows, batch_size=500)
    _note("accounting.answers", municipality, by, n=len(rows))
    return len(rows), []


@transaction.atomic
def keep_layout(municipality: Municipality, way: str, layout: Layout, *, by: User) -> None:
    """The layout of a municipality from now on."""
    AccountingLayout.objects.update_or_create(
        municipality=municipality,
        way=way,
        defaults={
            "encoding": layout.encoding,
            "columns": [list(column) for column in layout.columns],
            "changed_at": clock.now(),
            "changed_by": by,
        },
    )
    _note(
        f"accounting.layout_{way}",
        municipality,
        by,
        encoding=layout.encoding,
        columns=[list(column) for column in layout.columns],
    )


def noted_hand_over(municipality: Municipality, n: int, *, by: User) -> None:
    """A file was handed out."""
    _note("accounting.hand_over", municipality, by, n=n)


def _note(action: str, municipality: Municipality, by: User, **content: object) -> None:
    subject = f"accounting:{municipality.pk}"
    record(chain=subject, action=action, subject=subject, by=by, capacity="office", **content)
