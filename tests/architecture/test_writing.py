"""A page that writes says what was refused in one way: `portal/workflow/writing.py`."""

import ast

from tests.architecture.test_house import ROOT, modules

REFUSALS = {"Refused", "Forbidden", "NotReady", "WrongState", "Stale", "Changed"}


def caught(handler: ast.ExceptHandler) -> set[str]:
    return (
        {node.id for node in ast.walk(handler.type) if isinstance(node, ast.Name)}
        if handler.type
        else set()
    )


def test_no_view_catches_a_refusal_by_hand() -> None:
    by_hand = {
        str(path.relative_to(ROOT))
        for path in modules()
        if path.stem.endswith("views") or path.parent.name == "views"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler) and caught(node) & REFUSALS
    }
    assert by_hand == set()
