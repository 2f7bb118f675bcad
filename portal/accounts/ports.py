"""What the room of people and organisations asks of later rooms, and what it tells them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Protocol, TypeVar

from portal.ports import Port, Registry
from portal.types import Given, Row, Text

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from portal.types import Case, Organisation, Turn, User


M = TypeVar("M", bound="Model")
T = TypeVar("T")

APPLY_TO = "apply_to"  # in a session: the call that somebody wanted before they could begin


class SendMail(Protocol):
    """Queue one mail to an address in the caller's transaction.

    `holds_key`: its text opens an account, and is forgotten once sent.
    """

    def __call__(
        self, *, subject: str, body: str, address: str, holds_key: bool = False
    ) -> object: ...


@dataclass
class HangingCases:
    """Said by later rooms: the cases that hang on a row that has none of its own, and that its acts
    decide about.
    """

    joined: dict[type[Model], Callable[[Row], QuerySet[Case]]] = field(
        default_factory=dict, init=False
    )

    def join(self, model: type[M], cases: Callable[[M], QuerySet[Case]]) -> None:
        self.joined[model] = cases

    def knows(self, row: Model) -> bool:
        return type(row) in self.joined

    def of(self, row: Model) -> QuerySet[Case]:
        return self.joined[type(row)](row)


class IdentitySaid(Protocol):
    """Ask the office to look at what the people of a proved firm say of it otherwise than proved."""

    def __call__(
        self, organisation: Organisation, said: Given, /, *, by: User, words: str
    ) -> object: ...


class RecordChanged(Protocol):
    def __call__(self, organisation: Organisation, /, *, by: User) -> object: ...


@dataclass(frozen=True, kw_only=True)
class OwnTable:
    """What a room keeps of a person, as that person reads it: `rows(user)`, each as long as `head`."""

    label: Text
    head: tuple[Text, ...]
    rows: Callable[[User], Iterable[Sequence[object]]]


class HearLetter(Protocol):
    """Take the code of registered post that a person who cannot sign in reads out; what it shows is
    done, and given, by `then`. Raises Forbidden, NotReady; a wrong code is counted all the same.
    """

    def __call__(self, person: User, code: str, /, *, by: User, then: Callable[[], T]) -> T: ...


class TakenAway(Protocol):
    """Hear that access of a person was taken away: `key` is the row's, or the person's where their own
    account is meant; `until`, the last day of a role. The kinds: `portal/accounts/taking_again.py`.
    """

    def __call__(
        self, kind: str, key: int, /, *, person: int, until: date | None = None
    ) -> None: ...


hear_letter: Port[HearLetter] = Port("hear_letter")
own_tables: Registry[OwnTable] = Registry("table of what is kept of a person")
send_mail: Port[SendMail] = Port("send_mail")
# (code, name) of each programme
programme_choices: Port[Callable[[], list[tuple[str, str]]]] = Port("programme_choices")
# the firms' cases that the person sees and that are not over, with the applicant's turn, by its day
open_cases: Port[Callable[[User, Collection[Organisation]], list[tuple[Case, Turn | None]]]] = Port(
    "open_cases"
)
hanging_cases = HangingCases()
identity_said: Port[IdentitySaid] = Port("identity_said")
# tells the people of a firm that one of them, or the office, changed its record
record_changed: Port[RecordChanged] = Port("record_changed")
# what of it nobody has looked at yet: (column, what stands, what is said instead)
said_otherwise: Port[Callable[[Organisation], Sequence[tuple[Text, str, str]]]] = Port(
    "said_otherwise"
)
organisation_changed: Registry[Callable[[Organisation], None]] = Registry(
    "listener for a changed organisation"
)
# told of a new password, and of sessions that the office ends: whatever opens something of the person
# without signing in ends with them
sessions_ended: Registry[Callable[[User], None]] = Registry("listener for ended sessions")
taken_away: Registry[TakenAway] = Registry("listener for access that is taken away")
# also of who is away, who stands in then, and who joined a firm, whose cases are nobody's of theirs
roles_changed: Registry[Callable[[User], None]] = Registry("listener for a person's changed roles")


def tell_taken(kind: str, key: int, *, person: int, until: date | None = None) -> None:
    for hear in taken_away.values():
        hear(kind, key, person=person, until=until)
