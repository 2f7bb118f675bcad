"""How the answers of a filing are shown to people."""

from datetime import date

from django import forms

from grants.followup import filing as writing
from grants.followup.models import Filing
from portal.types import Given
from portal.ui.templatetags.ui import full_day


def submitted(filing: Filing) -> list[tuple[str, str]]:
    """(label, answer) of what was submitted, in the reader's language."""
    return _read(writing.form_of(filing), filing.content)


def typed(filing: Filing) -> list[tuple[str, str]]:
    """The same of what would be submitted now; nothing while it cannot be read."""
    form = writing.form_of(filing)
    return _read(form, writing.plain_of(form)) if form.is_bound and form.is_valid() else []


def _read(form: forms.Form, content: Given) -> list[tuple[str, str]]:
    found = []
    for name, field in form.fields.items():
        value = content.get(name)
        if value in (None, ""):
            continue
        if isinstance(field, forms.ChoiceField):
            # pairs: none of these forms groups its choices
            text = str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
        elif isinstance(value, int):
            text = f"{value:,}"
        else:
            text = (
                full_day(date.fromisoformat(value))
                if name in ("on", "ends_on", "started_on", "stopped_on", "closed_on", "filed_on")
                else str(value)
            )
        found.append((str(field.label), text))
    return found
