"""What is asked of the concierge, and what is answered."""

from collections.abc import Mapping

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.models import Call
from portal.accounts.models import Organisation
from portal.types import Given, Sent
from portal.ui.forms import LongText, Text, offer
from startups.concierge.models import KINDS


def only_one(organisations: QuerySet[Organisation]) -> dict[str, int]:
    """Whoever acts for one firm asks for it."""
    known = list(organisations[:2])
    return {"organisation": known[0].pk} if len(known) == 1 else {}


class AskForm(forms.Form):
    kind = forms.ChoiceField(
        label=_lazy("種類"), choices=KINDS, widget=forms.RadioSelect, initial="question"
    )
    title = Text(label=_lazy("件名"), max_length=80)
    text = LongText(
        label=_lazy("内容"),
        rows=6,
        max_length=3000,
        help_text=_lazy(
            "困っていること、試したこと、知りたいこと。まとまっていなくてもかまいません。"
        ),
    )
    is_public = forms.BooleanField(
        label=_lazy("リバースピッチの件名と内容を、だれでも読めるように公表する"),
        required=False,
        help_text=_lazy(
            "市の職員が内容を見てから公表します。公表すると、ほかの市町村の担当課の目にも留まります。秘密や個人の情報は書かないでください。やめるときは、終わりにすると消えます。"
        ),
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(),
        label=_lazy("事業者"),
        required=False,
        empty_label=_lazy("選ばない"),
    )

    def __init__(
        self,
        data: Sent = None,
        *,
        organisations: QuerySet[Organisation],
        begun: Mapping[str, str] | None = None,
    ) -> None:
        """`begun`: what another page begins it with; it is a question then, and offers no pitch."""
        super().__init__(data, initial={**(begun or {}), **only_one(organisations)})
        self.given = {"kind": "question", "is_public": False} if begun else {}
        for name in self.given:
            del self.fields[name]
        offer(self, "organisation", organisations)
        if not organisations.exists():
            del self.fields["organisation"]

    def asked(self) -> Given:
        return {**self.cleaned_data, **self.given}


class TextForm(forms.Form):
    text = LongText(label=_lazy("内容"), rows=5, max_length=3000)


class HandOverForm(forms.Form):
    call = forms.ModelChoiceField(
        Call.objects.none(), label=_lazy("案内する公募回"), empty_label=_lazy("選んでください")
    )
    text = LongText(label=_lazy("添える言葉"), rows=4, max_length=2000)

    def __init__(self, data: Sent = None) -> None:
        super().__init__(data)
        offer(self, "call", Call.objects.public().select_related("programme"))
