"""The day on which a paper was issued, as it stands on it."""

from collections.abc import Collection, Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import issued
from grants.programmes.parts import Required
from portal import clock
from portal.documents.models import Document
from portal.types import Sent
from portal.ui.forms import Day


class IssuedForm(forms.Form):
    on = Day(label=_lazy("書類に書いてある発行日"))

    def __init__(self, data: Sent = None, *, wanted: Required, day: date | None = None) -> None:
        super().__init__(data, prefix=f"{wanted.key}-issued", initial={"on": day})
        self.wanted, self.day = wanted, day
        self.fault = issued.fault(wanted, day, clock.today()) if day else ""
        self.fields["on"].help_text = _("提出の日に、発行から%(n)s日以内のものが使えます。") % {
            "n": wanted.issued_within_days
        }

    @classmethod
    def beside(
        cls, wanted: Required, files: Collection[Document], days: Mapping[str, date]
    ) -> "IssuedForm | None":
        """Where the day is asked of a document that is there."""
        is_there = any(file.key == wanted.key for file in files)
        if not wanted.issued_within_days or not is_there:
            return None
        return cls(wanted=wanted, day=days.get(wanted.key))

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if wrong := issued.fault(self.wanted, day, clock.today()):
            raise forms.ValidationError(wrong)
        return day
