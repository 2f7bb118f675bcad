"""The section of the questions that the call itself asks (計画と効果)."""

from collections.abc import Mapping
from typing import TypedDict, assert_never

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.forms import SectionForm
from grants.programmes.models import said
from grants.programmes.questions import COUNTED, OnlyWhen, Question, Sign, holds
from portal.types import Context, Given
from portal.types import Text as Words
from portal.ui.forms import Day, LongText, Number, Text, Yen


class Asked(TypedDict):
    """What every control of a question takes."""

    label: str
    required: bool
    help_text: str


class Boxes(forms.CheckboxSelectMultiple):
    """A box a choice, each under a name of its own: what is typed into a draft is one text a name."""

    def value_from_datadict(
        self, data: Mapping[str, object], files: object, name: str
    ) -> list[str]:
        return [
            str(value) for n, (value, _label) in enumerate(self.choices) if data.get(f"{name}-{n}")
        ]

    def create_option(
        self,
        name: str,
        value: str | int,
        label: int | str,
        selected: bool,
        index: int,
        subindex: int | None = None,
        attrs: Context | None = None,
    ) -> Context:
        option: Context = super().create_option(
            f"{name}-{index}", value, label, selected, index, subindex, attrs
        )
        return option


class PlanForm(SectionForm):
    """The questions of the call's own form version."""

    title = Text(
        label=_lazy("事業の名称"),
        max_length=80,
        help_text=_lazy("通知書に載ります。何をするかが分かる短い名前にしてください。"),
    )

    def build(self) -> None:
        headings = {heading.key: heading for heading in self.stated.headings}
        self.questions = {f"q_{question.key}": question for question in self.stated.asked}
        self.HEADINGS: dict[str, tuple[str, str]] = {}  # above the first of its fields
        for name, question in self.questions.items():
            field = question_field(question)
            if isinstance(field, Text) and question.example:
                field.example = said(question.example)
            if heading := headings.pop(question.heading or "", None):
                hint = said(heading.hint) if heading.hint else ""
                self.HEADINGS[name] = said(heading.title), hint
            self.fields[name] = field
            if question.only_when is not None:
                self._ask_only(name, question.only_when)

    def _ask_only(self, name: str, when: OnlyWhen) -> None:
        """When it is asked stands in its help; by choices, a browser folds it away meanwhile."""
        field, other = self.fields[name], f"q_{when.question}"
        field.required = False
        told = asked_when(when, self.questions[other])
        field.help_text = f"{told} {field.help_text}".strip()
        is_plain = self.questions[other].kind == "choice" and when.sign == "is"
        if is_plain and not any(sign.isspace() for sign in when.value):
            self.SHOWN_BESIDE = {**self.SHOWN_BESIDE, name: (other, [when.value])}

    SHOWN_BESIDE: Mapping[str, tuple[str, list[str]]] = {}

    @property
    def NEEDED_SOMETIMES(self) -> list[str]:
        asked = self.questions.items()
        return [name for name, question in asked if question.required and question.only_when]

    def clean(self) -> Given:
        """What is not asked is neither wrong nor answered; what is asked only now may be missing."""
        data: Given = super().clean() or {}
        for name, question in self.questions.items():
            if (when := question.only_when) is None:
                continue
            other = f"q_{when.question}"
            if not holds(when, self.questions[other], data.get(other)):
                data.pop(name, None)
                self.errors.pop(name, None)
            elif question.required and not data.get(name) and name not in self.errors:
                self.add_error(name, _lazy("この答えが要ります。"))
        return data

    @property
    def minutes(self) -> int:
        """How long the answers take, roughly: three minutes for a long one, one for a short, told in fives."""
        long = sum(isinstance(field, LongText) for field in self.fields.values())
        return -(-(len(self.fields) + 2 * long) // 5) * 5


SIGNS: Mapping[Sign, Words] = {
    "is": _lazy("「%(question)s」が「%(value)s」のときだけ。"),
    "is_not": _lazy("「%(question)s」が「%(value)s」でないときだけ。"),
    "at_least": _lazy("「%(question)s」が%(value)s以上（以後）のときだけ。"),
    "at_most": _lazy("「%(question)s」が%(value)s以下（以前）のときだけ。"),
}


def asked_when(when: OnlyWhen, about: Question) -> str:
    """When a question is asked, by the words of the one that comes before."""
    words = {choice.ja: said(choice) for choice in about.choices}
    value = f"{int(when.value):,}" if when.value.isdecimal() else words.get(when.value, when.value)
    return str(SIGNS[when.sign]) % {"question": said(about.label), "value": value}


def question_field(question: Question) -> forms.Field:
    """The control of a question. A kind without one fails the type check."""
    hint = said(question.hint) if question.hint else ""
    asked: Asked = {
        "label": said(question.label),
        "required": question.required,
        "help_text": f"{hint} {_limits(question)}".strip(),
    }
    match question.kind:
        case "number":
            return Number(least=question.least, validators=_at_most(question.most), **asked)
        case "yen":
            return Yen(least=question.least, validators=_at_most(question.most), **asked)
        case "date":
            return Day(**asked)
        case "choice":
            choices = [("", str(_("選んでください"))), *_choices(question)]
            return forms.ChoiceField(choices=choices, **asked)
        case "several":
            return forms.MultipleChoiceField(choices=_choices(question), widget=Boxes, **asked)
        case "line":
            return Text(max_length=question.limit, **asked)
        case "long":
            return LongText(max_length=question.limit, **asked)
        case _:
            assert_never(question.kind)


def _choices(question: Question) -> list[tuple[str, str]]:
    return [(choice.ja, said(choice)) for choice in question.choices]


def _limits(question: Question) -> str:
    """What an answer keeps within, as its help says."""
    if question.kind in ("line", "long"):
        return _("%(n)s字まで") % {"n": question.limit}
    least, most = (None if n is None else f"{n:,}" for n in (question.least, question.most))
    if question.kind not in COUNTED or (least is None and most is None):
        return ""
    if most is None:
        return _("%(n)s以上") % {"n": least}
    if least is None:
        return _("%(n)s以下") % {"n": most}
    return _("%(least)s～%(most)s") % {"least": least, "most": most}


def _at_most(most: int | None) -> list[MaxValueValidator]:
    if most is None:
        return []
    return [MaxValueValidator(most, _("%(n)s以下の数を入力してください。") % {"n": f"{most:,}"})]
