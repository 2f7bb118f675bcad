"""The house keeps its directions: imports run one way, one door writes, every address says who may enter."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import URLPattern, URLResolver, get_resolver

from portal.workflow.checks import life_cycles

ROOT = Path(__file__).resolve().parents[2]
FLOORS = ("portal", "grants", "startups", "reports")
ROOMS = {
    "portal": (
        "ui",
        "registry",
        "audit",
        "workflow",
        "accounts",
        "cases",
        "documents",
        "notices",
        "approvals",
        "correspondence",
    ),
    "grants": (
        "programmes",
        "budget",
        "applications",
        "reviews",
        "awards",
        "completion",
        "payments",
        "recovery",
        "followup",
        "seats",
    ),
    "startups": ("challenges", "proposals", "matching", "pilots", "rollouts", "concierge"),
    "reports": ("papers", "statistics", "opendata"),
}
COMPOSITION = {"portal/settings.py", "portal/urls.py"}
# the frame of pages marks its views like every other room; workflow.access imports nothing of the house
ACCESS = "portal.workflow.access"


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


def place(name: str) -> tuple[int, int] | None:
    """(floor, room) of a dotted name; room -1 for what stands on the floor itself."""
    parts = name.split(".")
    if parts[0] not in FLOORS:
        return None
    rooms = ROOMS[parts[0]]
    room = rooms.index(parts[1]) if len(parts) > 1 and parts[1] in rooms else -1
    return FLOORS.index(parts[0]), room


def test_imports_run_one_way() -> None:
    wrong = []
    for path in modules():
        relative = path.relative_to(ROOT).as_posix()
        here = place(relative.removesuffix(".py").replace("/", "."))
        if relative in COMPOSITION or here is None:
            continue
        for name, _inner in imports(path):
            there = place(name)
            if there is None or there[1] == -1 or name.startswith(ACCESS):
                continue
            if there[0] > here[0] or (there[0] == here[0] and there[1] > here[1] >= 0):
                wrong.append(f"{relative} imports {name}")
    assert wrong == []


def test_the_product_imports_no_tool() -> None:
    """A production may lie somewhere without tools/ and tests/."""
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in modules()
        for name, _inner in imports(path)
        if name.split(".")[0] in ("tools", "tests")
    ]
    assert wrong == []


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


def test_no_room_is_called_utils() -> None:
    names = {part for path in modules() for part in (path.stem, *path.parts)}
    assert names.isdisjoint({"utils", "services", "helpers"})


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


def test_life_cycle_rows_are_born_by_the_door_alone() -> None:
    names = {model.__name__ for model in life_cycles()}
    wrong = []
    for path in modules():
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
    assert ours == {
        f"{floor}_{room}"
        for floor, rooms in ROOMS.items()
        for room in rooms
        if (ROOT / floor / room / "apps.py").exists()
    }
