"""What a firm says where a paper that follows comes later than it promised."""

from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import late_papers
from grants.applications.versions import LatePaper
from portal.types import Sent
from portal.ui.forms import Day, Text
from portal.ui.templatetags import ui


class MoveForm(forms.Form):
    """A later day, once, with a word to the office."""

    until = Day(label=_lazy("新しい日"))
    because = Text(label=_lazy("担当への一言（遅れるわけ）"), max_length=300)

    def __init__(self, data: Sent = None, *, paper: LatePaper) -> None:
        super().__init__(data, prefix=paper.key)
        self.paper = paper
        words = {"last": ui.full_day(late_papers.last_day(paper))}
        self.fields["until"].help_text = _("%(last)sまでの日にできます。") % words

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        last = late_papers.last_day(self.paper)
        if not self.paper.until < day <= last:
            words = {"first": ui.full_day(self.paper.until), "last": ui.full_day(last)}
            raise forms.ValidationError(
                _("%(first)sより後で、%(last)sまでの日にしてください。") % words
            )
        return day
