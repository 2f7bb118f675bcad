"""What the room of closures asks of later rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from portal.ports import Port

if TYPE_CHECKING:
    from portal.closures.models import Closure
    from portal.types import Case, User


@dataclass(frozen=True, kw_only=True)
class Postponed:
    """A running deadline that a closure moves: of which case, on whose side, what is to be done, and
    who of the office has it.
    """

    case: Case
    side: str
    what: str
    before: date
    after: date
    people: tuple[User, ...]

    @property
    def names(self) -> str:
        return "、".join(person.name for person in self.people)


# (closure, who confirmed it): moves every running deadline of its office, inside the door, and tells
# the people concerned
postpone: Port[Callable[[Closure, User], list[Postponed]]] = Port("postpone")
# (person, keys of cases) → those that the person may see
visible_cases: Port[Callable[[User, Collection[int]], set[int]]] = Port("visible_cases")
