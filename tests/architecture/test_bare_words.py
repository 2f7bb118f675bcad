"""Product code and templates ask for a state, never for its word: a word mistyped compares to nothing
and nobody hears of it.
"""

import re

import pytest

from portal.workflow.graph import life_cycles
from tests.architecture.bare_words import bare_words
from tests.architecture.test_house import ROOT, modules

WORDS = {state.value for model in life_cycles() for state in model.STATES}
# no state of a life cycle: a line of an applicant's task list is locked
OTHERS = {("grants/applications/correcting.py", "locked")}
# in templates: what has a `state` and no life cycle
NO_LIFE_CYCLE = {"task", "remark"}
ASKED_IN_TEMPLATE = re.compile(r"(\w+)\.state\s*(?:==|!=|\bin\b|\bnot in\b|\|)")


def test_product_code_compares_states_not_words() -> None:
    found = {
        (str(path.relative_to(ROOT)), word)
        for path in modules()
        for _line, word in bare_words(path.read_text(encoding="utf-8"), WORDS)
    }
    assert found == OTHERS


def test_templates_do_not_ask_for_a_state() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {asked}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for asked in ASKED_IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))
        if asked not in NO_LIFE_CYCLE
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        'award.state == "active"',
        '"active" != award.state',
        'award.state in ("active", "closed")',
        'rows["state"] == "active"',
        'rows["state"].isin(["active"])',
        'Award.objects.filter(state="active")',
        'Q(case__award__state__in=["active", "closed"])',
        'transition(source=("active",), target=AwardState.CLOSED)',
        '{"active": 1}.get(award.state)',
        '{"active": 1}[award.state]',
        '"active" in (before, row.state)',
        'match award.state:\n    case "active":\n        pass',
    ],
)
def test_a_bare_word_is_found(source: str) -> None:
    assert "active" in {word for _line, word in bare_words(source, {"active"})}


@pytest.mark.parametrize(
    "source",
    ["award.state == AwardState.ACTIVE", 'perform(award, "active")', 'row.kind == "active"'],
)
def test_what_is_no_state_is_left_alone(source: str) -> None:
    assert list(bare_words(source, {"active"})) == []
