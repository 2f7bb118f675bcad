"""What a firm is after, and the day on which somebody wishes to hear of a call again."""

from django import forms
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.finding.vocabulary import topics
from portal.types import Sent
from portal.ui.forms import Day


class AimsForm(forms.Form):
    def __init__(self, data: Sent = None, *, aims: list[str]) -> None:
        super().__init__(data, initial={"topics": aims})
        self.fields["topics"] = forms.MultipleChoiceField(
            label=_lazy("したいこと"),
            required=False,
            choices=[(key, str(topic)) for key, topic in topics().items()],
            widget=forms.CheckboxSelectMultiple,
            help_text=_lazy("いくつでも選べます。選ばないときは、目的を問わずに示します。"),
        )


class RemindForm(forms.Form):
    day = Day(
        label=_lazy("知らせる日"),
        help_text=_lazy("この日の朝、まだ受け付けていれば、メールでお知らせします。"),
    )
