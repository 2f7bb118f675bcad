"""How a room asks what only later rooms know.

The room that asks keeps its ports in a module `ports` of its own, with their types; later rooms
fill them in their `registrations`. Everything in a port is plain data about code: no state of the
running system.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from portal.types import Context, Given, Row, Text

if TYPE_CHECKING:
    from django.forms import BaseForm

    from portal.cases.models import Case
    from portal.types import User, Visitor

T = TypeVar("T")


class Port(Generic[T]):
    """One thing that exactly one later room fills in."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._filled: list[T] = []

    def fill(self, value: T) -> None:
        if self._filled:
            raise ValueError(f"the port {self.name} is filled twice")
        self._filled.append(value)

    @property
    def is_filled(self) -> bool:
        return bool(self._filled)

    @property
    def value(self) -> T:
        if not self._filled:
            raise LookupError(f"the port {self.name} is empty: no room fills it")
        return self._filled[0]


def every_port() -> list[Port[object]]:
    """The ports of all rooms, in the order of the rooms."""
    modules = [
        import_module(f"{room.name}.ports")
        for room in apps.get_app_configs()
        if room.module is not None and module_has_submodule(room.module, "ports")
    ]
    return [port for module in modules for port in vars(module).values() if isinstance(port, Port)]


class Registry(Generic[T]):
    """Names to entries, in the order of registration; a name is taken once."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._entries: dict[str, T] = {}

    def add(self, name: str, entry: T) -> T:
        if name in self._entries:
            raise ValueError(f"{self._what} {name!r} is registered twice")
        self._entries[name] = entry
        return entry

    def __getitem__(self, name: str) -> T:
        if name not in self._entries:
            raise KeyError(f"no {self._what} {name!r}; known: {', '.join(self._entries)}")
        return self._entries[name]

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def values(self) -> list[T]:
        return list(self._entries.values())

    def items(self) -> list[tuple[str, T]]:
        return list(self._entries.items())


@dataclass(frozen=True, kw_only=True)
class NoticeKind:
    """A notice: its name, the function (subject, **given) -> frozen facts, and the title of its
    paper where that is not its name.
    """

    label: Text
    facts: Callable[..., dict[str, object]]
    title: str = ""


@dataclass(frozen=True)
class Entrance:
    """How one applies to the calls of a kind: the words of the button and where it leads,
    `url(call)`.
    """

    label: Text
    url: Callable[[Row], str]
    hint: Text = ""


@dataclass(frozen=True)
class Section:
    """A section that a later room adds to the application form of some kinds of call, behind the
    plan.

    `form`: a section form; `rows(answers)`: (name of the answer, label, text) as both sides read
    the frozen answers.
    """

    group: Text
    label: Text
    form: type[BaseForm]
    kinds: tuple[str, ...]
    rows: Callable[[Given], list[tuple[str, Text, str]]]
    # frozen answers → municipalities whose staff may see the case
    scope: Callable[[Given], list[str]] | None = None
    seats: Callable[[Given], int] | None = None  # frozen answers → how many seats they ask for


notice_kinds: Registry[NoticeKind] = Registry("notice kind")
sections: Registry[Section] = Registry("section")
# (template, context)
home_cards: Registry[Callable[[Visitor], tuple[str, Context] | None]] = Registry("home card")
# may (user, application) read what is marked secret
clearances: Registry[Callable[[User, Row], bool]] = Registry("clearance")
notice_drawers: Registry[Callable[[Row], bytes]] = Registry("drawer")
entrances: Registry[Entrance] = Registry("entrance")  # kind of call → how one applies
# public: (label, number)
challenge_counts: Registry[Callable[[Row], list[tuple[Text, int]]]] = Registry(
    "count about a challenge"
)
# (pilot, user) → (template, context)
pilot_parts: Registry[Callable[[Row, Visitor], tuple[str, Context] | None]] = Registry(
    "part of a pilot's public page"
)
published_results: Registry[Callable[[Row], Context]] = Registry("published results")
call_panels: Registry[Callable[[Row, User], tuple[str, Context] | None]] = Registry(
    "panel of a call"
)
# (call, frame) of each line that has more or less left
money_moved: Registry[Callable[[set[tuple[int, str]]], None]] = Registry("listener for moved money")
# called with the awards
money_fixed: Registry[Callable[[list[Row]], None]] = Registry("listener for fixed amounts")
# award → yen that came back
money_returned: Registry[Callable[[Row], int]] = Registry("source of returned money")
# case → yen that reached the recipient
money_paid: Registry[Callable[[Case], int]] = Registry("source of paid money")
# (step of the road, sentence)
later_life: Registry[Callable[[Case], tuple[int, Text] | None]] = Registry("later life")
other_calls: Registry[Callable[[Row], list[Row]]] = Registry("list of other open calls")
