"""Where the control of a field stands, and what is wrong of those of a page."""

from django import forms


def control_id(asked: forms.BoundField) -> str:
    """Where a link to a field leads: its control; of a set of choices, the first."""
    if isinstance(asked.field.widget, forms.RadioSelect):  # of check boxes, too
        return f"{asked.auto_id}_0"
    return asked.id_for_label


def faults(*sent: forms.BaseForm | None) -> list[tuple[str, str]]:
    """(id of the control, label and what is wrong) of every field at fault, for the summary at the
    top of a page of forms.
    """
    return [
        (control_id(form[name]), f"{form[name].label}：{text}")
        if name in form.fields and not form[name].is_hidden
        else ("", str(text))
        for form in sent
        if form is not None and form.is_bound
        for name, texts in form.errors.items()
        for text in texts
    ]
