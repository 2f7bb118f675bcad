"""What this room fills in elsewhere."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy


def register() -> None:
    # the framework's own sentence says what a field is, not what to do
    forms.Field.default_error_messages["required"] = _lazy("入力するか、選んでください。")
