"""The house keeps its directions: imports run one way, one door writes, every address says who may enter."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from portal.workflow.graph import life_cycles

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("portal", "grants", "startups", "reports")


def modules() -> Iterator[Path]:
    for floor in FLOORS:
        yield from (p for p in sorted((ROOT / floor).rglob("*.py")) if "migrations" not in p.parts)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """(dotted name, inside a function?) of every import, TYPE_CHECKING included."""
    whole = tree(path)
    inner = {
        id(n)
        for f in ast.walk(whole)
        if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for n in ast.walk(f)
    }
    for node in ast.walk(whole):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in inner) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", id(node) in inner


def test_the_contracts_name_every_room_in_the_order_of_the_settings() -> None:
    """The directions themselves are kept by import-linter: see pyproject.toml."""
    stated = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = stated["tool"]["importlinter"]["contracts"]
    layers = {
        tuple(found.get("containers", ())): found["layers"]
        for found in contracts
        if "layers" in found
    }
    assert layers[()] == list(FLOORS[::-1])
    for floor in FLOORS:
        rooms = [
            name.removeprefix(f"{floor}.") for name in settings.ROOMS if name.startswith(floor)
        ]
        assert layers[(floor,)] == rooms[::-1]


def test_nothing_is_imported_inside_a_function() -> None:
    wrong = [
        f"{path.relative_to(ROOT)} {name}"
        for path in modules()
        if path.name != "apps.py"
        for name, inner in imports(path)
        if inner
    ]
    assert wrong == []


def test_an_app_that_is_ready_only_calls_its_registrations() -> None:
    wrong = []
    for path in (path for path in modules() if path.name == "apps.py"):
        room = ".".join(path.relative_to(ROOT).parts[:2])
        wanted = f"from {room} import registrations\nregistrations.register()"
        done = [
            "\n".join(ast.unparse(line) for line in node.body)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef)
        ]
        if done != [wanted] * path.with_name("registrations.py").exists():
            wrong.append(room)
    assert wrong == []


def test_ports_are_filled_by_registrations_alone() -> None:
    wrong = []
    for path in (path for path in modules() if path.name not in ("registrations.py", "ports.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        ports = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".ports")
            for alias in node.names
        }
        wrong += [
            f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node.func)}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in ("add", "fill", "join")
            and ast.unparse(node.func.value) in ports
        ]
    assert wrong == []


def test_no_module_hides_what_it_holds() -> None:
    names = {part for path in modules() for part in (path.stem, *path.parts)}
    assert names.isdisjoint({"utils", "services", "helpers", "pages"})


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_what_the_map_names_is_there(page: str) -> None:
    named = set(re.findall(r"`([\w./-]+/[\w.-]*)`", (ROOT / page).read_text(encoding="utf-8")))
    assert len(named) > 10
    outside = {"/var/lib/sapporo-grants-portal"}
    assert [path for path in sorted(named - outside) if not (ROOT / path).exists()] == []


def test_a_word_is_translated_now_by_one_name_and_later_by_another() -> None:
    meant = {"_": "gettext", "_lazy": "gettext_lazy"}
    wrong = [
        f"{path.relative_to(ROOT)}: {alias.name} as {alias.asname}"
        for path in modules()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for alias in node.names
        if alias.asname and meant.get(alias.asname) != alias.name
    ]
    assert wrong == []


def test_modules_are_short() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in modules()
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


# rows that are never written: the trial of a form asks as a real application would
UNSAVED = {"grants/applications/trial_views.py"}


def test_life_cycle_rows_are_born_by_the_door_alone() -> None:
    names = {model.__name__ for model in life_cycles()}
    wrong = []
    for path in modules():
        if str(path.relative_to(ROOT)) in UNSAVED:
            assert ".save(" not in path.read_text(encoding="utf-8")
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call):
                continue
            text = ast.unparse(node.func)
            made = text in names or any(
                text.startswith(f"{n}.objects.")
                and text.endswith(("create", "bulk_create", "get_or_create", "update_or_create"))
                for n in names
            )
            if made:
                wrong.append(f"{path.relative_to(ROOT)}: {text}")
    assert wrong == []


def test_no_state_is_written_around_the_door() -> None:
    wrong = []
    for path in modules():
        for node in ast.walk(tree(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "update"
            ):
                wrong += [
                    f"{path.relative_to(ROOT)}:{node.lineno}"
                    for k in node.keywords
                    if k.arg == "state"
                ]
    assert wrong == []


def test_the_day_of_a_moment_is_asked_of_the_clock() -> None:
    """A stamp is kept in UTC; its own `.date()` is the day before for whoever files before nine in the morning."""
    allowed = {
        "portal/clock.py",
        "reports/statistics/releasing/snapshot.py",
    }  # the latter: moments without a zone, of pandas
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        if path.relative_to(ROOT).as_posix() not in allowed
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and not node.args
    ]
    assert wrong == []


def routes(
    resolver: URLResolver | None = None, prefix: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern))
        else:
            yield prefix + str(entry.pattern), entry


def test_every_address_of_ours_states_who_may_enter() -> None:
    silent = [
        route
        for route, entry in routes()
        if entry.callback.__module__.split(".")[0] in FLOORS
        and not hasattr(entry.callback, "access")
    ]
    assert silent == []


@pytest.mark.parametrize("model", life_cycles(), ids=lambda m: m.__name__)
def test_every_state_has_words_and_can_be_reached(model: type) -> None:
    targets = {spec.target for spec in model.specs().values()}  # type: ignore[attr-defined]
    assert set(model.STATES) == targets  # type: ignore[attr-defined]
    assert all(str(state.label) for state in model.STATES)  # type: ignore[attr-defined]


def test_labels_of_rooms_are_package_and_room() -> None:
    ours = {
        config.label for config in apps.get_app_configs() if config.name.split(".")[0] in FLOORS
    }
    assert ours == {room.replace(".", "_") for room in settings.ROOMS}
