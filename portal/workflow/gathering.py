"""What the outermost call of the door gathers for its end: turns to rewrite, notices, mails and
jobs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from portal.types import Given, Json

if TYPE_CHECKING:
    from portal.audit.models import Event
    from portal.types import Case, User
    from portal.workflow.graph import LifeCycle
    from portal.workflow.outgoing import Wording


@dataclass(frozen=True)
class Told:
    """A mail wanted: to the people of a side of a case (`given`: the values that its words name);
    `obj`: the row it is about.
    """

    case: Case
    side: str
    words: Wording
    given: dict[str, object] = field(default_factory=dict)
    obj: LifeCycle | None = None
    by: User | None = None


class Addressed(Protocol):
    """What a mail to one person is about: what it is called, and where that person reads of it."""

    @property
    def told_as(self) -> str: ...

    def address_for(self, user: User, /) -> str: ...


@dataclass(frozen=True)
class Letter:
    """A mail wanted: to one person about a row.

    `given`: the values that the words name, days as days.
    """

    person: User
    obj: Addressed
    words: Wording
    given: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class LetterDraft:
    """A mail as it would be sent: to whom (in words), what it says, and whether it is kept for the
    morning.
    """

    to: tuple[str, ...]
    subject: str
    body: str
    waits: bool


@dataclass(frozen=True)
class MailDraft(LetterDraft):
    """One that is about a case."""

    case: Case


class Cuttable(Protocol):
    """A list of whatever it holds, for its length and for cutting it."""

    def __len__(self) -> int: ...

    def __delitem__(self, cut: slice, /) -> None: ...


@dataclass
class Run:
    """What the outermost call has gathered for its end."""

    by: User
    events: list[Event]
    cases: dict[int, Case] = field(default_factory=dict)
    writes: list[tuple[Callable[[list[object]], None], object]] = field(default_factory=list)
    notices: list[tuple[str, LifeCycle, Given]] = field(default_factory=list)
    jobs: list[tuple[str, dict[str, Json]]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    def touch(self, cases: Iterable[Case]) -> None:
        self.cases.update((case.pk, case) for case in cases)

    def mark(self) -> tuple[int, ...]:
        """How much has been gathered so far."""
        return tuple(len(rows) for rows in self._gathered())

    def forget(self, mark: tuple[int, ...]) -> None:
        """Drop what was gathered since `mark`."""
        for rows, length in zip(self._gathered(), mark, strict=True):
            del rows[length:]

    def write_down(self) -> None:
        """Write what was left to be written together."""
        for write in dict.fromkeys(write for write, _item in self.writes):
            write([item for wanted, item in self.writes if wanted is write])

    def _gathered(self) -> tuple[Cuttable, ...]:
        return self.events, self.writes, self.notices, self.jobs, self.told, self.letters
