"""The hand-over to the accounting system (財務会計システム): entries of the book as CSV, in the layout of the
municipality whose money it is.
"""

import codecs
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import translation

from grants.budget.classification import COLUMNS
from grants.budget.layouts import AccountingLayout, Layout
from grants.budget.models import BudgetEntry, BudgetLine
from grants.programmes.models import said
from portal import clock, sheets
from portal.accounts.models import User
from portal.audit.record import record
from portal.registry.models import Municipality
from portal.ui.templatetags.ui import entry_kind

# kinds of which a line, or what it promised or paid, has less afterwards
LESS = (
    "decommitment",
    "return",
    "reversal",
    "reduction",
    "supplement_cut",
    "transfer",
    "allotment_cut",
)


class Leg(NamedTuple):
    """One row of the file: a transfer has two, one for each of its lines."""

    entry: BudgetEntry
    line: BudgetLine
    kind: str

    @property
    def day(self) -> date:
        return clock.day_of(self.entry.booked_at)

    @property
    def number(self) -> str:
        return "" if self.entry.case is None else self.entry.case.number

    @property
    def frame(self) -> str:
        return said(self.line.call.stated.frame(self.line.frame).name)

    @property
    def signed(self) -> int:
        return -self.entry.amount if self.kind in LESS else self.entry.amount

    def of_firm(self, name: str) -> str:
        case = self.entry.case
        return "" if case is None else str(getattr(case.organisation, name) or "")


VALUES: dict[str, Callable[[Leg], object]] = {
    "entry": lambda leg: leg.entry.pk,
    "day": lambda leg: leg.day,
    "plain_day": lambda leg: f"{leg.day:%Y%m%d}",
    "kind": lambda leg: entry_kind(leg.kind),
    "year": lambda leg: leg.line.fiscal_year,
    "call": lambda leg: leg.line.call.code,
    "frame": lambda leg: leg.frame,
    "number": lambda leg: leg.number,
    "firm": lambda leg: leg.of_firm("name"),
    "corporate_number": lambda leg: leg.of_firm("corporate_number"),
    "amount": lambda leg: leg.entry.amount,
    "signed": lambda leg: leg.signed,
    "note": lambda leg: leg.entry.note,
}


def legs(entries: Iterable[BudgetEntry]) -> Iterator[Leg]:
    for entry in entries:
        yield Leg(entry, entry.line, entry.kind)
        if entry.to is not None:
            yield Leg(entry, entry.to, "received")


def _value(leg: Leg, field: str) -> object:
    return getattr(leg.line, field) if field in COLUMNS else VALUES[field](leg)


def table(entries: Iterable[BudgetEntry], layout: Layout) -> Iterator[list[object]]:
    yield [heading for _field, heading in layout.columns]
    for leg in legs(entries):
        yield [_value(leg, field) for field, _heading in layout.columns]


def file(entries: Iterable[BudgetEntry], layout: Layout) -> bytes:
    """The CSV in the layout's encoding, in Japanese whoever fetches it; 〓 stands for a sign that the
    encoding does not have, so that one rare name does not hold up all the others.
    """
    with translation.override("ja"):
        return sheets.csv_bytes(table(entries, layout), layout.encoding, errors="geta")


def _geta(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "〓" * (error.end - error.start), error.end


@transaction.atomic
def keep_layout(town: Municipality, way: str, layout: Layout, *, by: User) -> None:
    """The layout of a municipality from now on."""
    columns = [list(column) for column in layout.columns]
    AccountingLayout.objects.update_or_create(
        municipality=town,
        way=way,
        defaults={
            "encoding": layout.encoding,
            "columns": columns,
            "changed_at": clock.now(),
            "changed_by": by,
        },
    )
    note(f"layout_{way}", town, by, encoding=layout.encoding, columns=columns)


def note(what: str, town: Municipality, by: User, **content: object) -> None:
    """Record what was done between the portal and a municipality's accounting system."""
    subject = f"accounting:{town.pk}"
    record(
        chain=subject,
        action=f"accounting.{what}",
        subject=subject,
        by=by,
        before="",
        after="",
        capacity="office",
        **content,
    )


codecs.register_error("geta", _geta)
