"""A page that writes says what was refused in one way: `portal/workflow/writing.py`."""

import ast

from tests.architecture.test_house import ROOT, modules

KEPT = "shows again what was typed, which another had changed"
SUBMITS = "hands in what was looked over: shows what has changed since, and bears a storage away"
EXCEPTIONS = {
    "grants/applications/views.py": SUBMITS,
    "grants/completion/views.py": f"{KEPT}; {SUBMITS}",
    "grants/followup/views.py": f"{KEPT}; {SUBMITS}",
    "startups/challenges/staff_views.py": KEPT,
}
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
    assert by_hand == set(EXCEPTIONS)
