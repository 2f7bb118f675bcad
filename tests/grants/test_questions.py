"""What a form asks: kinds, limits, headings, and questions that are asked only for some answers."""

from datetime import date
from types import SimpleNamespace
from typing import cast

import pytest
from django.utils import translation

from grants.applications.answers import of_questions
from grants.applications.models import Application
from grants.applications.plan_forms import PlanForm
from grants.programmes.blinding import Blind
from grants.programmes.editing import document
from grants.programmes.parameters import look, read
from grants.programmes.parts import Bilingual
from grants.programmes.questions import OnlyWhen, Question, holds
from tests.grants.test_sketches import TELEWORK

FORM = """
[[headings]]
key = "first"
title = { ja = "いまの姿", en = "Now" }
hint = { ja = "分かる範囲で", en = "As far as you know" }

[[headings]]
key = "later"
title = { ja = "効果", en = "Effect" }

[[questions]]
key = "effect"
kind = "number"
heading = "later"
least = 1
most = 50
label = { ja = "増える人数", en = "More people" }
only_when = { question = "way", value = "雇う" }

[[questions]]
key = "way"
kind = "choice"
heading = "first"
label = { ja = "進め方", en = "How" }
choices = [{ ja = "雇う", en = "Hire" }, { ja = "頼む", en = "Order" }]

[[questions]]
key = "tools"
kind = "several"
heading = "first"
label = { ja = "使うもの", en = "Tools" }
choices = [{ ja = "端末", en = "Laptop" }, { ja = "回線", en = "Line" }, { ja = "机", en = "Desk" }]

[[questions]]
key = "cost"
kind = "yen"
heading = "later"
required = false
label = { ja = "月の費用", en = "Monthly cost" }
only_when = { question = "tools", value = "回線" }

[[questions]]
key = "begins"
kind = "date"
label = { ja = "始める日", en = "Begins" }
"""
WHOLE = TELEWORK.split("[[questions]]")[0] + FORM + TELEWORK[TELEWORK.index("\n[[documents]]") :]
GIVEN = {
    "title": "在宅勤務",
    "q_begins_y": "2027",
    "q_begins_m": "4",
    "q_begins_d": "1",
    "q_way": "雇う",
    "q_tools-0": "on",
    "q_tools-2": "on",
    "q_effect": "３人",
}


def form(**typed: str) -> PlanForm:
    given = {name: text for name, text in (GIVEN | typed).items() if text}
    application = cast("Application", SimpleNamespace(call=None, stated=read(WHOLE)))
    return PlanForm(given, application=application)


def test_questions_stand_under_their_headings() -> None:
    made = form()
    assert list(made.fields) == ["title", "q_begins", "q_way", "q_tools", "q_effect", "q_cost"]
    assert made.HEADINGS == {"q_way": ("いまの姿", "分かる範囲で"), "q_effect": ("効果", "")}


def test_answers_are_kept_and_read_by_their_kind() -> None:
    made = form(q_effect="３")
    assert made.is_valid(), made.errors
    content = made.content()
    assert content == {
        "title": "在宅勤務",
        "q_begins": "2027-04-01",
        "q_way": "雇う",
        "q_tools": "端末\n机",
        "q_effect": 3,
    }
    rows = {label: text for _part, label, text in of_questions(read(WHOLE).asked, content)}
    assert rows.pop("始める日").startswith("2027年4月1日")
    assert rows == {"進め方": "雇う", "使うもの": "端末、机", "増える人数": "3"}
    cost = form(**{"q_tools-1": "on", "q_cost": "1200000"}, q_effect="3")
    assert cost.is_valid(), cost.errors
    rows = {label: text for _part, label, text in of_questions(read(WHOLE).asked, cost.content())}
    assert rows["月の費用"] == "1,200,000円"
    with translation.override("en"):
        english = dict(row[1:] for row in of_questions(read(WHOLE).asked, content))
    assert english["Tools"] == "Laptop、Desk"


def test_what_is_not_asked_is_neither_wrong_nor_answered() -> None:
    made = form(q_way="頼む", q_effect="たくさん")
    assert made.is_valid(), made.errors
    assert "q_effect" not in made.content()
    asked = form(q_effect="")
    assert asked.errors == {"q_effect": ["この答えが要ります。"]}
    assert made.NEEDED_SOMETIMES == ["q_effect"]
    assert made.SHOWN_BESIDE == {"q_effect": ("q_way", ["雇う"])}
    assert made.fields["q_effect"].help_text == "「進め方」が「雇う」のときだけ。 1～50"


@pytest.mark.parametrize(
    ("typed", "said"),
    [("0", "1以上の数を入力してください。"), ("51", "50以下の数を入力してください。")],
)
def test_numbers_keep_within_their_limits(typed: str, said: str) -> None:
    assert form(q_effect=typed).errors == {"q_effect": [said]}


def question(kind: str) -> Question:
    text = {"ja": "はい", "en": "Yes"}
    return Question.model_validate({"key": "q", "label": text, "kind": kind, "choices": [text]})


@pytest.mark.parametrize(
    ("kind", "sign", "value", "so", "not_so"),
    [
        ("choice", "is", "はい", "はい", "いいえ"),
        ("choice", "is_not", "はい", "いいえ", "はい"),
        ("several", "is", "はい", ["はい", "いいえ"], ["いいえ"]),
        ("several", "is_not", "はい", ["いいえ"], ["はい"]),
        ("number", "at_least", "10", 10, 9),
        ("yen", "at_most", "10", 10, 11),
        ("number", "is", "0", 0, 1),
        ("date", "at_least", "2027-04-01", date(2027, 4, 1), date(2027, 3, 31)),
        ("date", "at_most", "2027-04-01", date(2027, 4, 1), date(2027, 4, 2)),
    ],
)
def test_a_condition_holds(kind: str, sign: str, value: str, so: object, not_so: object) -> None:
    when = OnlyWhen.model_validate({"question": "q", "sign": sign, "value": value})
    answers: tuple[object, ...] = (so, not_so, None, "", [])
    assert [holds(when, question(kind), a) for a in answers] == [True, *[False] * 4]


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        (
            ('value = "雇う"', 'value = "増やす"'),
            ("only_when", "value"),
            "選択肢から選んでください",
        ),
        (('question = "way"', 'question = "cost"'), ("only_when", "question"), "前にある質問"),
        (('question = "way"', 'question = "effect"'), ("only_when", "question"), "前にある質問"),
        (('value = "雇う"', 'value = "雇う", sign = "at_least"'), ("only_when", "sign"), "だけで"),
        (('question = "way"', 'question = "begins"'), ("only_when", "value"), "年-月-日で"),
        (('heading = "later"', 'heading = "none"'), ("heading",), "見出しがありません"),
        (("least = 1", "least = 60"), ("most",), "小さくなっています"),
        (('key = "effect"', 'key = "effect"\nchoices = []'), (), ""),
        (('kind = "number"', 'kind = "choice"'), ("choices",), "2つ以上"),
    ],
)
def test_questions_that_do_not_go_together_are_told_at_their_field(
    change: tuple[str, str], path: tuple[str, ...], said: str
) -> None:
    assert look(document.loads(WHOLE))[1] == []
    _made, problems = look(document.loads(WHOLE.replace(*change, 1)))
    told = [(problem.path, said in problem.reason) for problem in problems]
    assert (("questions", 0, *path), True) in told if path else told == []


def test_two_questions_of_one_key_are_told_apart() -> None:
    _made, problems = look(document.loads(WHOLE.replace('key = "tools"', 'key = "way"', 1)))
    assert ("questions", 2, "key") in [problem.path for problem in problems]


def test_a_hidden_answer_is_not_told_by_what_is_asked_for_it_alone() -> None:
    """Also where that leads on to further questions."""
    way = Question(key="way", label=Bilingual(ja="進め方", en="How"), kind="choice")
    effect = way.model_copy(
        update={"key": "effect", "only_when": OnlyWhen(question="way", value="雇う")}
    )
    when = OnlyWhen(question="effect", sign="at_least", value="3")
    more, other = (
        way.model_copy(update={"key": "more", "only_when": when}),
        way.model_copy(update={"key": "other"}),
    )
    closed = Blind(questions=("way",)).closed([way, effect, more, other])
    assert closed == {"way", "effect", "more"}
