"""Fields and buttons of forms, with the classes of the look."""

from collections.abc import Collection, Mapping, Sequence

from django import template
from django.forms import (
    BoundField,
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    SelectMultiple,
    Textarea,
)
from django.forms.widgets import FileInput, MultiWidget
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal.types import Context
from portal.ui.controls import control_id

register = template.Library()

_BUTTON_LOOKS = (
    ("delete", "danger"),
    ("danger", "danger"),
    ("link", "text"),
    ("secondary", "line"),
    ("outline", "line"),
)
_CLASSES = (
    (Textarea, "textarea"),
    (Select, "select"),
    (SelectMultiple, "select"),
    (FileInput, "file-input"),
)


@register.simple_tag
def widget(field: BoundField, small: bool = False) -> SafeString:
    """The control of a field with the class of the look."""
    control = field.field.widget
    if isinstance(control, CheckboxInput | RadioSelect | CheckboxSelectMultiple | MultiWidget):
        return field.as_widget()
    name = next((found for kind, found in _CLASSES if isinstance(control, kind)), "input")
    width = control.attrs.get("class", "")
    classes = " ".join(filter(None, [name, f"{name}--s" if small else "", width]))
    return field.as_widget(attrs={"class": classes})


# the word said of the fields of a form that it names so
NEEDED = (
    ("must", "NEEDED_TO_BE_WHOLE"),
    ("sometimes", "NEEDED_SOMETIMES"),
    ("later", "NEEDED_TO_APPLY"),
)


@register.inclusion_tag("components/need.html")
def need(asked: BoundField | bool | str) -> Context:
    """Whether it may be left empty, by the field itself; one that is asked for in some cases alone
    (`NEEDED_SOMETIMES` of its form) says when in its help; one of `NEEDED_TO_APPLY` only later; one of
    `NEEDED_TO_BE_WHOLE` may be empty as long as what it belongs to is a sketch.
    """
    if isinstance(asked, str):
        return {"need": asked}
    if not isinstance(asked, BoundField):
        return {"need": "must" if asked else ""}
    if asked.field.required:
        return {"need": "must"}
    for word, told in NEEDED:
        if asked.name in getattr(asked.form, told, ()):
            return {"need": word}
    return {"need": ""}


@register.simple_tag
def beside(asked: BoundField) -> SafeString:
    """Marks a field that goes only with some answers of another one (`SHOWN_BESIDE` of its form: name →
    (the other's name, its answers)); portal.js folds it away with all others.
    """
    told: Mapping[str, tuple[str, Collection[str]]] = getattr(asked.form, "SHOWN_BESIDE", {})
    if asked.name not in told:
        return SafeString()
    other, answers = told[asked.name]
    return format_html(
        'data-beside="{}" data-answers="{}"', asked.form.add_prefix(other), " ".join(answers)
    )


@register.filter
def at_control(asked: BoundField) -> str:
    """The id that a link to a field names."""
    return control_id(asked)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, CheckboxInput)


@register.filter
def is_group(field: BoundField) -> bool:
    return isinstance(field.field.widget, RadioSelect | CheckboxSelectMultiple | MultiWidget)


@register.filter
def button_look(tags: Sequence[str]) -> str:
    """allauth says what a button is for; the look follows."""
    return next((look for tag, look in _BUTTON_LOOKS if tag in tags), "solid")
