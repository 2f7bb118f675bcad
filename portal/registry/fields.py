"""Form fields that know the registry."""

from django import forms

from portal.registry import corporate_number
from portal.ui.forms import ReadText


class CorporateNumber(ReadText):
    """法人番号 in any width; cleaned to thirteen digits, the mistake explained."""

    read = staticmethod(corporate_number.clean)
    widget = forms.TextInput(attrs={"inputmode": "numeric", "class": "w-16", "autocomplete": "off"})
