"""docs/security.md answers each requirement of ASVS 5.0, levels 1 and 2, once: with a test that is there, or with a reason."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture.test_house import ROOT, tree

PAGE = ROOT / "docs/security.md"
LIST = Path(__file__).parent / "asvs_5_0.txt"
STATES = {"kept", "not tested", "operation", "does not apply", "not kept"}
# these ask for something written down: the page that says it is the proof
ASK_FOR_A_PAGE = {"2.1", "5.1", "6.1", "7.1", "8.1", "11.1", "13.1", "14.1", "15.1", "16.1"}
NUMBER = r"\d+\.\d+\.\d+"
FEWEST = 10  # letters of a reason


class Row(NamedTuple):
    """A row of the table; `numbers` and `proofs` as they stand in its first and last column."""

    numbers: list[str]
    asked: str
    state: str
    here: str
    proofs: list[str]


def rows(text: str) -> list[Row]:
    return [row for line in text.splitlines() if (row := read(line)) is not None]


def read(line: str) -> Row | None:
    cells = [cell.strip() for cell in line.split("|")[1:-1]]
    if len(cells) != 5 or not re.match(NUMBER, cells[0]):
        return None
    numbers, asked, state, here, proofs = cells
    return Row(re.findall(NUMBER, numbers), asked, state, here, re.findall(r"`([^`]+)`", proofs))


def required() -> dict[str, int]:
    """Number of each requirement → its level."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return {number: int(level) for number, level in pairs}


@cache
def named_in(module: str) -> set[str]:
    path = ROOT / module
    if not path.is_file():
        return set()
    functions = (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))
    return {node.name for node in functions if node.name.startswith("test_")}


def is_there(proof: str) -> bool:
    module, is_test, name = proof.partition("::")
    return name in named_in(module) if is_test else (ROOT / proof).exists()


def faults(row: Row) -> Iterator[str]:
    if row.state not in STATES:
        yield f"no state: {row.state}"
    if not row.asked or (row.state != "kept" and len(row.here) < FEWEST):
        yield "without words"
    yield from (f"not there: {proof}" for proof in row.proofs if not is_there(proof))
    pages = all(number.rpartition(".")[0] in ASK_FOR_A_PAGE for number in row.numbers)
    proved = [proof for proof in row.proofs if "::" in proof or pages]
    if row.state == "kept" and not proved:
        yield "kept by no test"
    if row.state == "operation" and not row.proofs:
        yield "no page tells the operator"


def test_each_row_has_its_state_and_its_proof() -> None:
    found = {row.numbers[0]: list(faults(row)) for row in rows(PAGE.read_text(encoding="utf-8"))}
    assert {number: said for number, said in found.items() if said} == {}


def missing(text: str) -> list[str]:
    return [proof for proof in re.findall(r"`(tests/[^`]+)`", text) if not is_there(proof)]


def test_every_test_that_the_page_names_is_there() -> None:
    """Beside the requirements, too: what attacks have tried, and what goes beyond."""
    assert missing(PAGE.read_text(encoding="utf-8")) == []
    assert missing("`tests/architecture/test_security_table.py::test_of_nothing`") != []


def test_each_requirement_is_answered_once() -> None:
    answered = Counter(n for row in rows(PAGE.read_text(encoding="utf-8")) for n in row.numbers)
    assert answered == dict.fromkeys(required(), 1)


def test_the_list_is_whole() -> None:
    assert Counter(required().values()) == {1: 70, 2: 183}


GOOD = "| 3.3.2 | asked | kept | so | `tests/architecture/test_security_table.py::test_the_list_is_whole` |"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (GOOD, None),
        (GOOD.replace("whole", "gone"), "not there"),
        (GOOD.replace("tests/architecture/test_s", "tests/test_s"), "not there"),
        (GOOD.replace("kept", "perhaps"), "no state"),
        ("| 3.3.2 | asked | kept | so | |", "kept by no test"),
        ("| 3.3.2 | asked | kept | so | `docs/security.md` |", "kept by no test"),
        ("| 14.1.1 | asked | kept | so | `docs/security.md` |", None),
        ("| 3.3.2 | asked | not kept | later | |", "without words"),
        ("| 3.3.2 | asked | does not apply | there is nothing of the kind | |", None),
        ("| 3.3.2 | asked | operation | the proxy does it for all | |", "no page"),
    ],
)
def test_what_is_wrong_in_a_row_is_found(row: str, fault: str | None) -> None:
    said = [text for found in rows(row) for text in faults(found)]
    assert len(rows(row)) == 1
    assert any(text.startswith(fault) for text in said) if fault else not said
