"""The office's page of the words by which supports are found."""

from collections import defaultdict

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from grants.programmes.finding import adding, vocabulary
from grants.programmes.finding.adding import KEEPERS
from grants.programmes.models import Programme, SearchWord
from grants.programmes.states import ProgrammeState
from portal import jptext
from portal.accounts.models import User
from portal.types import Context, Given, Sent, SignedIn
from portal.ui.forms import Text
from portal.workflow.access import staff
from portal.workflow.writing import press, write


class WordForm(forms.Form):
    word = Text(
        label=_lazy("ことば"),
        max_length=40,
        help_text=_lazy("窓口や電話で聞いたとおりに（例：レジ）。"),
    )

    def __init__(self, data: Sent = None) -> None:
        super().__init__(data)
        topics = [(key, str(topic)) for key, topic in vocabulary.topics().items()]
        self.fields["topic"] = forms.ChoiceField(
            label=_lazy("示す目的"), choices=[("", _lazy("選んでください")), *topics]
        )

    def clean_word(self) -> str:
        word = str(self.cleaned_data["word"])
        if len(jptext.loose_key(word)) < 2:
            raise forms.ValidationError(_lazy("2文字以上のことばにしてください。"))
        return word


@staff(*KEEPERS, "auditor")
def word_list(request: SignedIn) -> HttpResponse:
    """Each purpose with its words; a form that adds one, for whoever keeps them."""
    form = WordForm(request.POST or None)

    def save(data: Given) -> SearchWord:
        return adding.add(data["word"], data["topic"], by=request.user)

    return write(
        request,
        form,
        save,
        template="grants/programmes/words.html",
        context=lambda: {
            "topics": _table(request.user),
            "may_keep": request.user.has_role(*KEEPERS),
        },
        done=_lazy("ことばを加えました。いまから、さがす画面に効きます。"),
        then="word_list",
        once=True,
    )


def _table(reader: User) -> list[Context]:
    """The purposes: their shipped words, those of the office and whether the reader may take them out,
    and the programmes that state them.
    """
    added = list(SearchWord.objects.select_related("added_by"))
    stating: defaultdict[str, list[Programme]] = defaultdict(list)
    for programme in Programme.objects.filter(state=ProgrammeState.APPROVED):
        for key in programme.stated.topics:
            stating[key].append(programme)
    return [
        {
            "topic": topic,
            "added": [(row, adding.may_change(row, reader)) for row in added if row.topic == key],
            "programmes": stating[key],
        }
        for key, topic in vocabulary.topics().items()
    ]


@require_POST
@staff(*KEEPERS)
def word_remove(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(SearchWord.objects.select_related("added_by"), pk=pk)
    if not adding.may_change(row, request.user):
        raise PermissionDenied
    return press(
        request,
        lambda: adding.remove(row, by=request.user),
        back="word_list",
        done=_lazy("ことばを外しました。"),
    )
