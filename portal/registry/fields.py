"""Form fields that know the registry."""

from typing import Any

from django import forms

from portal.registry.corporate_number import clean
from portal.ui.forms import Text


class CorporateNumber(Text):
    """法人番号 in any width; cleaned to thirteen digits, the mistake explained."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 30, **options})
        self.widget.attrs.update({"inputmode": "numeric", "class": "w-16"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return clean(text)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
