"""The controls of a field, each with the place of its value: what it shows, and what is written of what was
typed. What cannot be read is written as it was typed, and the check of the whole file says what is wrong.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from django import forms
from django.utils.translation import gettext as _

from grants.programmes.editing import choosing_from, kinds
from grants.programmes.editing.document import Path, Value, value_at
from grants.programmes.editing.kinds import Kind, Typed
from grants.programmes.editing.shapes import Field, Lines
from grants.programmes.interest import percent_said
from portal import parsing
from portal.parsing import Unclear
from portal.types import Given
from portal.types import Text as Label
from portal.ui.forms import FieldOptions, LongText, Number, Text, Yen

LONGEST = 4_000  # of one text
MORE_LINES = 2  # empty ones below those that there are


@dataclass(frozen=True)
class Control:
    """`written`: what becomes of a cleaned value in the file, None where nothing is stated."""

    path: Path
    kind: Kind
    field: forms.Field
    shown: object
    written: Callable[[object], Value]
    is_needed: bool = False


def _or_nothing(typed: object) -> Value:
    return typed or None


def made(part: Field | Lines, base: Path, stated: Given) -> dict[str, Control]:
    """Name → control, of a field of the row or the page at `base`."""
    if isinstance(part, Lines):
        return dict(_lines(part, base, stated))
    where = base + tuple(part.path.split("."))
    return _of_field(part, part.path.replace(".", "-"), where, stated)


def lines_at(part: Lines, base: Path) -> Path:
    return base + tuple(part.path.split("."))


def _lines(part: Lines, base: Path, stated: Given) -> list[tuple[str, Control]]:
    where = lines_at(part, base)
    rows = value_at(stated, where)
    count = (len(rows) if isinstance(rows, list) else 0) + MORE_LINES
    found = list[tuple[str, Control]]()
    for n in range(count):
        for one in part.parts:
            label = _("%(list)s %(n)s：%(part)s") % {
                "list": part.label,
                "n": n + 1,
                "part": one.label,
            }
            inner = (one.path,) if one.path else ()
            name = "-".join((part.path.replace(".", "-"), str(n), *inner))
            line = Field(one.path, label, one.help, one.lines, one.choices)
            several = _of_field(line, name, (*where, n, *inner), stated)
            found += [
                (k, replace(one, is_needed=False)) for k, one in several.items()
            ]  # or no line
    return found


def _of_field(part: Field, name: str, where: Path, stated: Given) -> dict[str, Control]:
    typed = _typed(where, part, stated)
    value = value_at(stated, where)
    is_given = part.path == "key"  # where none is typed
    is_needed = typed.is_required and not is_given and _has_parent(where, stated)
    if value is None and _has_parent(where, stated):
        value = typed.default
    if typed.kind is Kind.BOTH:
        texts = value if isinstance(value, dict) else {"ja": value}
        labels = {"ja": part.label, "en": _("%(label)s（英語）") % {"label": part.label}}
        return {
            f"{name}-{language}": Control(
                (*where, language),
                Kind.TEXT,
                _text(label, part.help if language == "ja" else "", part.lines),
                texts.get(language) or "",
                _or_nothing,
                is_needed,
            )
            for language, label in labels.items()
        }
    control = _control(part, where, typed, value, stated)
    return {name: replace(control, is_needed=is_needed)}


def plain(where: Path) -> str:
    """The path without the numbers of rows."""
    return ".".join(step for step in where if isinstance(step, str))


def _typed(where: Path, part: Field, stated: Given) -> Typed:
    typed = kinds.of(plain(where))
    if isinstance(where[-1], int):  # a line that is a value itself
        return Typed(Kind.CHOICE, typed.literal)
    # a text that names something else, where there is something to choose from
    if part.choices and typed.kind is Kind.TEXT and _offered(part, where, typed, stated):
        return replace(typed, kind=Kind.CHOICE)
    return typed


def _offered(part: Field, where: Path, typed: Typed, stated: Given) -> list[tuple[str, str]]:
    """What it is chosen from."""
    return choosing_from.of(part.choices, plain(where), typed.literal, stated, where[:2])


def _has_parent(where: Path, stated: Given) -> bool:
    """What is in a part that may be left out has no value while that part is."""
    parents = [where[:n] for n in range(1, len(where)) if isinstance(where[n - 1], str)]
    return all(
        not kinds.is_optional(plain(parent)) or value_at(stated, parent) is not None
        for parent in parents
    )


def _text(label: Label, help_text: Label, lines: int) -> forms.Field:
    if lines:
        return LongText(
            label=label, help_text=help_text, required=False, rows=lines, max_length=LONGEST
        )
    return Text(label=label, help_text=help_text, required=False, max_length=LONGEST)


def _control(part: Field, where: Path, typed: Typed, value: Value, stated: Given) -> Control:
    asked: FieldOptions = {"label": part.label, "help_text": part.help, "required": False}
    match typed.kind:
        case Kind.NUMBER | Kind.YEN:
            kept = KeptYen(**asked) if typed.kind is Kind.YEN else KeptNumber(**asked)
            return Control(where, typed.kind, kept, value, lambda typed: typed)
        case Kind.YES | Kind.THERE:
            there = bool(value) if typed.kind is Kind.YES else value_at(stated, where) is not None
            return Control(
                where, typed.kind, forms.BooleanField(**asked), there, lambda typed: bool(typed)
            )
        case Kind.CHOICE:
            return _choice(part, where, typed, value, stated)
        case Kind.SEVERAL:
            return _several(part, where, typed, value, stated)
        case Kind.NUMBERS:
            shown = "、".join(map(str, value)) if isinstance(value, list | tuple) else value
            empty: Value = [] if typed.default else None
            return Control(
                where,
                typed.kind,
                _text(part.label, part.help, 0),
                shown,
                lambda typed: (
                    [_number(one) for one in re.split(r"[、,，\s]+", str(typed)) if one] or empty
                ),
            )
        case Kind.RATE | Kind.PERCENT:
            shown = percent_said(value) if isinstance(value, Fraction) else value
            narrow = Text(max_length=20, **asked)
            narrow.widget.attrs["class"] = "w-6"
            return Control(where, typed.kind, narrow, shown, _narrow)
        case Kind.DAY:
            day = Text(max_length=40, **asked)
            return Control(where, typed.kind, day, value, _day)
    whole = _text(part.label, part.help, part.lines)
    return Control(where, typed.kind, whole, value, _or_nothing)


def _choice(part: Field, where: Path, typed: Typed, value: Value, stated: Given) -> Control:
    offered = _offered(part, where, typed, stated)
    shown = "" if value is None else str(value)
    if shown and shown not in dict(offered):
        offered.append((shown, shown))
    control = forms.ChoiceField(
        label=part.label,
        help_text=part.help,
        required=False,
        choices=[("", _("選んでください")), *offered],
    )
    literal = {str(one): one for one in typed.literal}
    return Control(
        where, typed.kind, control, shown, lambda typed: literal.get(str(typed), typed) or None
    )


def _several(part: Field, where: Path, typed: Typed, value: Value, stated: Given) -> Control:
    shown = [str(one) for one in value] if isinstance(value, list | tuple) else []
    offered = _offered(part, where, typed, stated)
    offered += [(one, one) for one in shown if one not in dict(offered)]
    control = forms.MultipleChoiceField(
        label=part.label,
        help_text=part.help,
        required=False,
        choices=offered,
        widget=forms.CheckboxSelectMultiple,
    )
    empty: Value = [] if typed.default else None

    def written(chosen: object) -> Value:
        """Those that were there stay in their order; new ones come behind."""
        picked = list(chosen) if isinstance(chosen, list) else []
        kept = [one for one in shown if one in picked]
        return kept + [one for one in picked if one not in kept] or empty

    return Control(where, typed.kind, control, shown, written)


class _Kept(Yen):
    """What is no number is kept as it was typed."""

    def clean(self, value: object) -> object:
        try:
            return super().clean(value)
        except forms.ValidationError:
            return Text(required=False, max_length=LONGEST).clean(str(value))


class KeptYen(_Kept):
    pass


class KeptNumber(_Kept, Number):
    pass


def _number(text: str) -> Value:
    try:
        return parsing.count(text, counters="")
    except Unclear:
        return text


def _narrow(typed: object) -> Value:
    """Figures and signs of any width, as the file writes them; "3分の2" is a fraction, too."""
    text = "".join(unicodedata.normalize("NFKC", str(typed or "")).replace("%", "").split())
    return re.sub(r"^(\d+)分の(\d+)$", r"\2/\1", text) or None


def _day(typed: object) -> Value:
    if not typed:
        return None
    try:
        return parsing.day_of_parts(str(typed), "", "")
    except Unclear:
        return str(typed)
