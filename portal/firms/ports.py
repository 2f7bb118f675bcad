"""What the room of firms asks of the rooms that draw papers and keep drafts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from portal.ports import Port

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from portal.types import Case, Organisation, User


@dataclass(frozen=True, kw_only=True)
class PrintedLetter:
    """A letter as it is printed, with its code: it exists in this form alone. `person`: of the firm,
    who lost a second factor and reads the code out. `tells`: what a letter without a code tells of a
    claim; `last_day` of it: until when the firm may answer.
    """

    number: int
    name: str
    postal_code: str
    address: str
    person: str = ""
    code: str
    printed_on: date
    last_day: date | None
    tells: str = ""


# the PDF, a sheet a letter
draw_letters: Port[Callable[[Sequence[PrintedLetter]], bytes]] = Port("draw_letters")
# what a firm has handed in, as far as somebody sees it; the newest first
cases_of: Port[Callable[[Organisation, User], QuerySet[Case]]] = Port("cases_of")
# what a person is writing for a firm; the newest first
drafts_of: Port[Callable[[Organisation, User], QuerySet[Case]]] = Port("drafts_of")
# (office, phone) of whom to call before one comes to the counter: of one programme or call, by its code,
# else of all
offices: Port[Callable[[str], Sequence[tuple[str, str]]]] = Port("offices")
# erases the drafts of people who were never shown to be this firm; how many
erase_drafts: Port[Callable[[Organisation], int]] = Port("erase_drafts")
