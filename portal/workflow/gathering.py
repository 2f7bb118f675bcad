"""What the outermost call of the door gathers for its end: turns to rewrite, notices, mails and jobs."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Told:
    """A mail wanted: to the people of a side of a case (`text`: a message id, `given`: its values); `obj`: the row it is about."""

    case: Any
    side: str
    text: str
    given: dict[str, Any] = field(default_factory=dict)
    obj: Any = None
    by: Any = None


@dataclass(frozen=True)
class Letter:
    """A mail wanted: to one person of the office about a row with an address.

    `text`, and `ask` for what the person is to do, are message ids; `given`: the values of both, days as days.
    """

    person: Any
    obj: Any
    text: str
    ask: str = ""
    given: dict[str, Any] = field(default_factory=dict)


@dataclass
class Run:
    """What the outermost call has gathered for its end."""

    by: Any
    events: list[Any]
    cases: dict[int, Any] = field(default_factory=dict)
    writes: list[tuple[Callable[[list[Any]], None], Any]] = field(default_factory=list)
    notices: list[tuple[str, Any, dict[str, Any]]] = field(default_factory=list)
    jobs: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)

    def touch(self, cases: Iterable[Any]) -> None:
        self.cases.update((case.pk, case) for case in cases)

    def mark(self) -> tuple[int, ...]:
        """How much has been gathered so far."""
        return tuple(len(rows) for rows in self._gathered())

    def forget(self, mark: tuple[int, ...]) -> None:
        """Drop what was gathered since `mark`."""
        for rows, length in zip(self._gathered(), mark, strict=True):
            del rows[length:]

    def _gathered(self) -> tuple[list[Any], ...]:
        return self.events, self.writes, self.notices, self.jobs, self.told, self.letters
