"""What an application form asks: questions under headings, how each is answered, and when it is asked at all."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext as _
from pydantic import Field

from grants.programmes.parts import Bilingual, Key, Part

if TYPE_CHECKING:
    from grants.programmes.consistency import Fault

QuestionKind = Literal["long", "line", "number", "yen", "date", "choice", "several"]
Sign = Literal["is", "is_not", "at_least", "at_most"]
COUNTED = ("number", "yen")
CHOSEN = ("choice", "several")


class Heading(Part):
    """What stands above the questions that name it, in the order of the headings."""

    key: Key
    title: Bilingual
    hint: Bilingual | None = None


class OnlyWhen(Part):
    """An answer to a question that comes before. `value`: of a choice its Japanese words, of a number its
    figures, of a day 2027-04-01.
    """

    question: Key
    sign: Sign = "is"
    value: str = Field(min_length=1)


class Question(Part):
    key: Key
    label: Bilingual
    heading: Key | None = None
    hint: Bilingual | None = None
    example: Bilingual | None = None  # an answer as one may write it, to be read beside the field
    kind: QuestionKind = "long"
    required: bool = True
    limit: int = Field(default=1000, ge=1, le=4000)
    # of a number or a sum
    least: int | None = Field(default=None, ge=0, le=10**12)
    most: int | None = Field(default=None, ge=0, le=10**12)
    choices: tuple[Bilingual, ...] = ()
    only_when: OnlyWhen | None = None


def in_order(
    questions: tuple[Question, ...], headings: tuple[Heading, ...]
) -> tuple[Question, ...]:
    """As the form asks: first those without a heading."""
    place = {heading.key: n for n, heading in enumerate(headings, 1)}
    return tuple(sorted(questions, key=lambda q: place.get(q.heading or "", 0)))


def holds(when: OnlyWhen, about: Question, answer: object) -> bool:
    """Is the answer to the question that it is about so? What was not answered is so in no way."""
    if answer in (None, "", []):
        return False
    if isinstance(answer, list):
        return (when.value in answer) is (when.sign == "is")
    wanted = _read(about, when.value)
    match when.sign:
        case "is":
            return answer == wanted
        case "is_not":
            return answer != wanted
        case "at_least":
            return _order(answer) >= _order(wanted)
        case "at_most":
            return _order(answer) <= _order(wanted)


def _order(value: object) -> int:
    return value.toordinal() if isinstance(value, date) else value if isinstance(value, int) else 0


def _read(about: Question, value: str) -> object:
    """The value as an answer to the question is read. Raises ValueError where it is none."""
    if about.kind in COUNTED:
        return int(value)
    if about.kind == "date":
        return date.fromisoformat(value)
    if value not in {choice.ja for choice in about.choices}:
        raise ValueError(value)
    return value


def faults(questions: tuple[Question, ...], headings: tuple[Heading, ...]) -> "Iterator[Fault]":
    """What is wrong between questions, each alone being good."""
    known = {heading.key for heading in headings}
    asked = in_order(questions, headings)
    before = {q.key: {b.key: b for b in asked[: asked.index(q)]} for q in questions}
    for n, question in enumerate(questions):
        here = ("questions", n)
        if question.heading is not None and question.heading not in known:
            yield (*here, "heading"), _("この見出しがありません。選び直してください。")
        if question.kind in CHOSEN and len(question.choices) < 2:
            yield (*here, "choices"), _("選んで答える質問には、選択肢を2つ以上書いてください。")
        if None not in (question.least, question.most) and _order(question.least) > _order(
            question.most
        ):
            yield (*here, "most"), _("最も大きい数が、最も小さい数より小さくなっています。")
        if question.only_when is not None:
            for name, reason in _of_condition(question.only_when, before[question.key]):
                yield (*here, "only_when", name), reason


def _of_condition(when: OnlyWhen, before: Mapping[str, Question]) -> "Iterator[tuple[str, str]]":
    about = before.get(when.question)
    if about is None:
        yield "question", _("この質問より前にある質問を選んでください。")
        return
    if about.kind in ("long", "line"):
        yield "question", _("文章で答える質問は、条件に使えません。")
        return
    if about.kind in CHOSEN and when.sign in ("at_least", "at_most"):
        yield "sign", _("選んで答える質問は、「である」か「でない」だけで比べられます。")
    try:
        _read(about, when.value)
    except ValueError:
        yield "value", _unread(about)


def _unread(about: Question) -> str:
    if about.kind in COUNTED:
        return _("数字だけで書いてください（例：10）。")
    if about.kind == "date":
        return _("年-月-日で書いてください（例：2027-04-01）。")
    return _("その質問の選択肢から選んでください。")
