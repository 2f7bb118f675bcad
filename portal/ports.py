"""How a room asks what only later rooms know.

The room that asks keeps its ports in a module `ports` of its own, with their types; later rooms
fill them in their `registrations`. Everything in a port is plain data about code: no state of the
running system.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Generic, TypeVar

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule

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


def rooms_with_ports() -> list[AppConfig]:
    return [
        room
        for room in apps.get_app_configs()
        if room.module is not None and module_has_submodule(room.module, "ports")
    ]


def every_port() -> list[Port[object]]:
    """The ports of all rooms, in the order of the rooms."""
    modules = [import_module(f"{room.name}.ports") for room in rooms_with_ports()]
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

    def add_all(self, entries: Mapping[str, T]) -> None:
        for name, entry in entries.items():
            self.add(name, entry)

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
