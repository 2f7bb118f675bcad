"""A programme that there was not: a sketch of it, begun from the file of another or from nothing."""

import re
from collections.abc import Callable, Iterable
from typing import TypedDict

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import entries
from grants.programmes.models import Programme, Sketch
from portal.accounts.permissions import demand
from portal.registry.models import Municipality
from portal.types import Given, SignedIn
from portal.ui.forms import Text
from portal.workflow.access import staff
from portal.workflow.door import begin
from portal.workflow.errors import NotReady
from portal.workflow.writing import write


class NewProgrammeForm(forms.Form):
    """Who a new programme is; all else begins as the one says that it is made from."""

    ja = Text(label=_lazy("制度の名称"), max_length=120)
    en = Text(label=_lazy("英語の名称"), max_length=160)
    code = Text(
        label=_lazy("アドレスに使う名前"),
        max_length=20,
        help_text=_lazy(
            "英小文字で始まる英小文字・数字・_（例：telework）。あとから変えられません。"
        ),
    )
    letters = Text(
        label=_lazy("受付番号の頭の文字"),
        max_length=4,
        help_text=_lazy("英大文字2～4字（例：TW）"),
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not re.fullmatch("[a-z][a-z0-9_]*", code):
            raise forms.ValidationError(_("英小文字で始まる英小文字・数字・_で書いてください。"))
        is_sketched = Sketch.objects.live().filter(code=code).exists()
        if is_sketched or Programme.objects.filter(code=code).exists():
            raise forms.ValidationError(_("この名前の制度は、もうあります。"))
        return code

    def clean_letters(self) -> str:
        letters = str(self.cleaned_data["letters"])
        if not re.fullmatch("[A-Z]{2,4}", letters):
            raise forms.ValidationError(_("英大文字2～4字で書いてください。"))
        if any(row.stated.prefix == letters for row in Programme.objects.all()):
            raise forms.ValidationError(_("この文字は、ほかの制度の受付番号に使われています。"))
        return letters


class EmptyProgrammeForm(NewProgrammeForm):
    """One that begins from nothing says whose it is."""

    municipalities = forms.MultipleChoiceField(
        label=_lazy("職員が案件を見られる市町村"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(row.code, str(row)) for row in Municipality.objects.all()],
    )


@staff("programme_officer")
def programme_new(request: SignedIn, pk: int) -> HttpResponse:
    """Begin another programme from this one: under its own name, without what papers published of this."""
    programme = get_object_or_404(Programme, pk=pk)
    demand(request.user, programme, "programme_officer")

    def make(given: Given) -> Sketch:
        try:
            text = entries.of_another(programme.text, **_who(given))
        except entries.Unwritable as error:
            raise NotReady(
                _(
                    "この制度のファイルは、書き写せる形になっていません。ほかの制度から作ってください。"
                )
            ) from error
        return _begun(request, given, text, programme.municipality_codes)

    return _write(request, NewProgrammeForm(request.POST or None), make, programme=programme)


@staff("programme_officer")
def programme_empty(request: SignedIn) -> HttpResponse:
    """Begin a programme from nothing."""

    def make(given: Given) -> Sketch:
        towns = given["municipalities"]
        text = entries.of_nothing(municipalities=towns, **_who(given))
        return _begun(request, given, text, towns)

    return _write(request, EmptyProgrammeForm(request.POST or None), make)


class _Who(TypedDict):
    code: str
    prefix: str
    name: dict[str, str]


def _who(given: Given) -> _Who:
    return {
        "code": given["code"],
        "prefix": given["letters"],
        "name": {"ja": given["ja"], "en": given["en"]},
    }


def _begun(request: SignedIn, given: Given, text: str, towns: Iterable[str]) -> Sketch:
    return begin(
        Sketch, by=request.user, code=given["code"], text=text, municipality_codes=list(towns)
    )


def _write(
    request: SignedIn,
    form: NewProgrammeForm,
    make: Callable[[Given], Sketch],
    programme: Programme | None = None,
) -> HttpResponse:
    return write(
        request,
        form,
        make,
        template="grants/programmes/staff_new.html",
        context={"programme": programme, "back": programme or "programme_list"},
        done=_("新しい制度の下書きを作りました。部分ごとに書いてください。"),
    )
