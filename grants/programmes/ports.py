"""What the public pages and the page of a call ask of later rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from portal.ports import Port, Registry
from portal.types import Context, Text

if TYPE_CHECKING:
    from grants.programmes.models import Call, Programme
    from portal.types import Case, User, Visitor


@dataclass(frozen=True, kw_only=True)
class Entrance:
    """How one applies to the calls of a kind: the words of the button and where it leads."""

    label: Text
    url: Callable[[Call], str]
    hint: Text = ""
    begins: bool = True  # by the press itself; else it leads to a page


@dataclass(frozen=True, kw_only=True)
class Left:
    """What a frame has left, in yen, slots or seats: at least `least`, less than `below` where it is not
    told exactly.
    """

    unit: str
    whole: int
    least: int
    below: int | None = None


@dataclass(frozen=True, kw_only=True)
class LastYear:
    """What the published statistics say of a programme in the year before: corporations that applied and
    were awarded (None where it is withheld), median days of a stage, and where it stands.
    """

    year: int
    address: str
    applied: int | None
    awarded: int | None
    days_to_decision: int | None
    days_to_payment: int | None

    @property
    def share(self) -> int | None:
        """Per cent."""
        return round(100 * self.awarded / self.applied) if self.applied and self.awarded else None


entrances: Registry[Entrance] = Registry("entrance")  # by kind of call
# the template of the part of a page that says whom to ask who finds nothing
whom_to_ask: Port[str] = Port("whom_to_ask")
# (call, page to come back to) → the address where one asks for help to find an IT firm to apply with
partner_search: Port[Callable[[Call, str], str]] = Port("partner_search")
# the template of what a person does with a search of the public list
keep_search: Port[str] = Port("keep_search")
# (template, context), or None where the room has no say
home_cards: Registry[Callable[[Visitor], tuple[str, Context] | None]] = Registry("home card")
call_panels: Registry[Callable[[Call, User], tuple[str, Context] | None]] = Registry(
    "panel of a call"
)
# the cases of those who are writing an application to a call
drafts_in: Port[Callable[[Call], Iterable[Case]]] = Port("drafts_in")
# (call, by) where a call is called off
called_off: Registry[Callable[[Call, User], None]] = Registry("listener for calls called off")
# (call, by): whoever waits for a decision of a call that was called off gets an end instead
end_undecided: Port[Callable[[Call, User], None]] = Port("end_undecided")
# what of its budget is not promised to anybody, in yen
set_free: Port[Callable[[Call], int]] = Port("set_free")
# where other rules hold from now on, while the call still states the earlier ones
rules_changed: Registry[Callable[[Call], None]] = Registry("listener for changed rules")
# the cases of those who have applied and wait for a decision
undecided_in: Port[Callable[[Call], Iterable[Case]]] = Port("undecided_in")
# (programme, municipalities, fiscal year, last day of the projects) → why a call cannot run so long
past_its_year: Port[Callable[[Programme, Sequence[str], int, date], list[str]]] = Port(
    "past_its_year"
)
# why the results of a call cannot be out yet
undecided: Port[Callable[[Call], list[str]]] = Port("undecided")
# (frame, lots) of a lottery that is drawn: number, receipt number and value of each
drawn_order: Port[Callable[[Call], Iterable[tuple[str, Iterable[tuple[int, str, str]]]]]] = Port(
    "drawn_order"
)
# by frame, what is not promised to anybody yet
room_left: Port[Callable[[Call], Mapping[str, Sequence[Left]]]] = Port("room_left")
# the frames in which applications wait for a decision
frames_waiting: Port[Callable[[Call], set[str]]] = Port("frames_waiting")
# None: the published statistics do not tell of that year
last_year: Port[Callable[[Call], LastYear | None]] = Port("last_year")
published_results: Port[Callable[[Call], Context]] = Port("published_results")
