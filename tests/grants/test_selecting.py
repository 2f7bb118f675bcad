"""Every way of selecting and every kind of question has its answer; an unknown one is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from django import forms

from grants.applications.plan_forms import question_field
from grants.programmes.catalogue import selection_words
from grants.programmes.parameters import Tie
from grants.programmes.parts import Bilingual
from grants.programmes.questions import Question, QuestionKind
from grants.programmes.selecting import Selection, compared_with, is_drawn, is_scored
from grants.reviews import rules
from portal.ui.forms import Day, LongText, Number, Text, Yen

METHODS: tuple[Selection, ...] = get_args(Selection)
ANSWERS: list[Callable[[Any], object]] = [is_scored, is_drawn, compared_with, selection_words]
NEW: Any = "auction"


def entrant(n: int) -> rules.Entrant:
    return rules.Entrant(n, f"DX8-{n:04}", 100, datetime(2026, 11, n, tzinfo=UTC))


def question(kind: Any) -> Question:
    text = Bilingual(ja="問い", en="Question")
    return Question.model_construct(key="q", label=text, kind=kind, choices=(text,))


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda f: f.__name__)
def test_what_a_method_means_is_said_of_each_and_of_no_other(
    answer: Callable[[Any], object],
) -> None:
    assert all(answer(method) is not None for method in METHODS)
    with pytest.raises(AssertionError):
        answer(NEW)


def test_scores_decide_in_one_method_and_lots_in_another() -> None:
    assert [m for m in METHODS if is_scored(m)] == ["competitive"]
    assert [m for m in METHODS if is_drawn(m)] == ["lottery"]
    assert {m: compared_with(m) for m in METHODS} == {
        "first_come": "none",
        "competitive": "intake",
        "lottery": "call",
    }


def test_a_method_without_an_order_is_not_sorted_by_score() -> None:
    rows = [entrant(1), entrant(2)]
    assert all(sorted(r.pk for r in rules.order(rows, m, seed="s")) == [1, 2] for m in METHODS)
    with pytest.raises(AssertionError):
        rules.order(rows, NEW)
    with pytest.raises(AssertionError):
        rules.ranking(rows, NEW, budget=None)


def test_every_rule_for_equal_scores_has_an_order_and_an_unknown_one_none() -> None:
    rows = [entrant(2), entrant(1)]
    for tie in get_args(Tie):
        assert [r.pk for r in rules.order(rows, "competitive", tie=tie)] == [1, 2]
    with pytest.raises(AssertionError):
        rules.order(rows, "competitive", tie=NEW)


def test_every_kind_of_question_has_its_own_control_and_an_unknown_one_none() -> None:
    controls = {kind: type(question_field(question(kind))) for kind in get_args(QuestionKind)}
    assert controls == {
        "long": LongText,
        "line": Text,
        "number": Number,
        "yen": Yen,
        "date": Day,
        "several": forms.MultipleChoiceField,
        "choice": forms.ChoiceField,
    }
    with pytest.raises(AssertionError):
        question_field(question("slider"))
