"""What a page showed of a row that has no version: its form carries a mark of it, so that whoever
writes second is told, and writes over nobody's words.
"""

from hashlib import sha256

from django import forms
from django.utils.translation import gettext as _

from portal.workflow.errors import Stale


def mark(*values: object) -> str:
    return sha256(repr(values).encode()).hexdigest()[:16]


class ShownForm(forms.Form):
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)


def demand_unchanged(seen: str, *values: object) -> None:
    """Raises Stale where the row, locked and read anew, is another than the page showed."""
    if seen != mark(*values):
        raise Stale(
            _(
                "この内容は、ページを開いたあとで、ほかの方が先に書き換えました。"
                "ページを開き直し、いまの内容を確かめてから、もう一度行ってください。"
            )
        )
