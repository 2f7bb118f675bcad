"""A port is filled exactly once, or the portal does not start."""

import dataclasses
import importlib
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from portal import wsgi
from portal.ports import Port, Registry, every_port, rooms_with_ports
from portal.workflow.ports import rewrite_turns

ROOT = Path(__file__).resolve().parents[2]


def test_a_port_gives_what_it_is_filled_with() -> None:
    port: Port[int] = Port("seats_left")
    port.fill(3)
    assert port.value == 3


def test_a_port_filled_twice_stops_the_start() -> None:
    port: Port[int] = Port("seats_left")
    port.fill(3)
    with pytest.raises(ValueError, match="the port seats_left is filled twice"):
        port.fill(3)


def test_a_name_of_a_registry_taken_twice_stops_the_start() -> None:
    registry: Registry[int] = Registry("case kind")
    registry.add("pilot", 1)
    with pytest.raises(ValueError, match="case kind 'pilot' is registered twice"):
        registry.add("pilot", 2)


def test_an_empty_port_says_its_name() -> None:
    port: Port[int] = Port("seats_left")
    with pytest.raises(LookupError, match="the port seats_left is empty"):
        port.value  # noqa: B018


def test_an_empty_port_stops_every_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrite_turns, "_filled", [])
    with pytest.raises(SystemCheckError, match="The port rewrite_turns is empty"):
        call_command("check")


def test_an_empty_port_stops_a_web_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewrite_turns, "_filled", [])
    with pytest.raises(SystemCheckError, match="The port rewrite_turns is empty"):
        importlib.reload(wsgi)


def test_the_check_finds_every_port_under_its_own_name() -> None:
    found = {port.name for port in every_port()}
    written = {
        line.split(":")[0]
        for room in ROOT.glob("*/*/ports.py")
        for line in room.read_text(encoding="utf-8").splitlines()
        if ": Port[" in line
    }
    assert found == written
    assert found


def test_entries_are_made_with_keywords() -> None:
    rooms = [importlib.import_module(f"{room.name}.ports") for room in rooms_with_ports()]
    entries = {
        entry
        for room in rooms
        for entry in vars(room).values()
        if isinstance(entry, type) and dataclasses.is_dataclass(entry)
    }
    by_place = {
        f"{entry.__name__}.{field.name}"
        for entry in entries
        for field in dataclasses.fields(entry)
        if field.init and not field.kw_only
    }
    assert len(entries) > 10
    assert by_place == {"TurnWanted.side", "TurnWanted.what"}
