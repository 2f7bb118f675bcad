"""The room of statistics keeps its own order: a page reads what was released, and what is released is computed first."""

from tests.architecture.test_house import ROOT, imports, modules

ROOM = "reports.statistics"
# a folder may import those before it; what stands beside the folders (models, jobs, urls) is no part of the order
FOLDERS = ("imports", "pipeline", "releasing", "page", "paper", "views")
ALONE = ("imports",)  # what comes from outside is stored, and read from there


def folder(name: str) -> str | None:
    """The folder of the room in which a dotted name lies."""
    if not name.startswith(f"{ROOM}."):
        return None
    first = name.removeprefix(f"{ROOM}.").split(".")[0]
    return first if first in FOLDERS else None


def test_folders_of_the_statistics_import_one_way() -> None:
    wrong, seen = [], set()
    for path in modules():
        relative = path.relative_to(ROOT).as_posix()
        here = folder(relative.removesuffix(".py").replace("/", "."))
        if here is None:
            continue
        seen.add(here)
        for name, _inner in imports(path):
            there = folder(name)
            if there is None or there == here:
                continue
            if FOLDERS.index(there) > FOLDERS.index(here) or there in ALONE:
                wrong.append(f"{relative} imports {name}")
    assert seen == set(FOLDERS)
    assert wrong == []


def test_every_module_of_the_statistics_lies_in_a_folder_or_is_known_beside_them() -> None:
    beside = {path.stem for path in (ROOT / "reports" / "statistics").glob("*.py")}
    assert beside == {
        "__init__",
        "apps",
        "identity",
        "jobs",
        "models",
        "registrations",
        "urls",
    }
