"""Two versions of an application beside each other, in the words of the form."""

from collections.abc import Collection, Iterator
from datetime import date

from django import forms as django_forms
from django.utils.translation import gettext as _

from grants.applications import drafts, instead, rules
from grants.applications.content import Content
from grants.applications.cost_forms import ItemForm
from grants.applications.models import Application
from grants.programmes.models import said
from portal.ui.in_words import choice_in_words
from portal.ui.templatetags import ui

Shown = tuple[str, str, str]  # label, before, after
# what is stored beside a name that people read (the code of an area, of an industry), or follows
# from other answers
_BESIDE = {
    "organisation.area",
    "organisation.municipality",
    "organisation.prefecture",
    "organisation.industry",
    "organisation.kind",
}


def differences(
    application: Application, before: Content, after: Content, cited: Collection[str] = ()
) -> list[Shown]:
    """What differs, in the order of the form and in its words; documents by what they are, with
    their names.

    Parts that remarks cite are left out: what became of them stands beside the remark.
    """
    labels, fields = _fields(application)
    found = [
        (
            _label(application, path, labels),
            in_words(fields.get(_plain(path)), old),
            in_words(fields.get(_plain(path)), new),
        )
        for path, (old, new) in rules.changed(before, after).items()
        if path not in _BESIDE
        and not path.startswith(("documents.", "instead.", "aid.trace."))
        and not any(rules.covers(part, path) for part in cited)
    ]
    return found + list(_documents(application, before, after, cited))


def _fields(application: Application) -> tuple[dict[str, str], dict[str, django_forms.Field]]:
    """Dotted path of an answer → its label, and → its field."""
    fields: dict[str, django_forms.Field] = {}
    for key, form in drafts.form_classes(application).items():
        fields |= {
            f"{key}.{name}": field for name, field in form(application=application).fields.items()
        }
    if application.stated.unit == "yen":
        items = ItemForm(application=application).fields
        fields |= {f"costs.items.{name}": field for name, field in items.items()}
    labels = {path: str(field.label) for path, field in fields.items()}
    return labels | _others(), fields


def _others() -> dict[str, str]:
    """Labels of what is frozen with the answers and is no field of the form."""
    return {
        "organisation.corporate_number": _("法人番号"),
        "organisation.area_name": _("本社のある区・市町村"),
        "organisation.industry_name": _("主な業種"),
        "aid.eligible": _("対象の費用"),
        "aid.amount": _("補助される額"),
    }


def _plain(path: str) -> str:
    """The path without the numbers of rows."""
    return ".".join(part for part in path.split(".") if not part.isdigit())


def _label(application: Application, path: str, labels: dict[str, str]) -> str:
    row = next((part for part in path.split(".") if part.isdigit()), "")
    plain = _plain(path)
    if plain in labels and plain.startswith("costs.items."):
        return _("経費%(n)sの%(what)s") % {"n": row, "what": labels[plain]}
    section = path.partition(".")[0]
    known = section in drafts.form_classes(application)
    name = labels.get(plain) or (
        str(drafts.title_of(application, section)) if known else _("ほかの記載")
    )
    return f"{name}（{row}）" if row else name


def in_words(field: django_forms.Field | None, text: str) -> str:
    """As people read it: the words of a choice, days, sums with commas."""
    words = choice_in_words(field, text) if field is not None else None
    if words is not None:
        return words
    if text in ("True", "False"):
        return _("はい") if text == "True" else _("いいえ")
    if text.isdecimal() and len(text) < 16:
        return (
            f"{int(text):,}"
            if len(text) > 3 and not text.startswith("0") and len(text) != 13
            else text
        )
    try:
        return ui.day(date.fromisoformat(text)) if len(text) == 10 else text
    except ValueError:
        return text


def _documents(
    application: Application, before: Content, after: Content, cited: Collection[str]
) -> Iterator[Shown]:
    titles = {wanted.key: said(wanted.name) for wanted in application.stated.documents}
    old, new = _by_key(before), _by_key(after)
    for key in sorted(key for key in {*old, *new} if f"documents.{key}" not in cited):
        if old.get(key, {}).keys() != new.get(key, {}).keys():
            was, now = ("、".join(side.get(key, {}).values()) for side in (old, new))
            yield titles.get(key, _("書類")), was, now


def _by_key(content: Content) -> dict[str, dict[str, str]]:
    """What stands for each document: by what it is told apart → as people read it."""
    found: dict[str, dict[str, str]] = {}
    for document in content.get("documents", []):
        found.setdefault(document["key"], {})[document["sha256"]] = document["name"]
    for row in instead.of_content(content):
        found.setdefault(row["key"], {})[instead.in_words(row)] = instead.in_words(row)
    return found
