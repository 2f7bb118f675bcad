"""A programme's own words on one kind of paper: typed in fields, seen on a specimen, and proposed as the
next revision of its file.
"""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST
from pydantic import ValidationError

from grants.programmes import entries, specimens, wordings
from grants.programmes.forms import demand_readable
from grants.programmes.mistakes import said
from grants.programmes.models import Programme
from grants.programmes.views import write_anew
from grants.programmes.wordings import FIELDS, LIMITS, STANDARD, Wording
from portal.accounts.permissions import demand
from portal.notices.ports import draw_notice
from portal.types import Context, Given, Sent, SignedIn
from portal.types import Text as Label
from portal.ui.forms import LongText, Text
from portal.ui.limits import PAPERS, limited
from portal.workflow.access import staff
from portal.workflow.papers import pdf
from portal.workflow.ports import notice_kinds
from portal.workflow.writing import trying, write

TOO_LONG: dict[str, Label] = {"max_length": _lazy("%(limit_value)d文字までにしてください。")}
ALONE = f"{{{STANDARD}}}"  # the standard sentence, and nothing of one's own


class WordingForm(forms.Form):
    """What is wrong with it is said in the words of the file (`Wording`)."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    form = Text(
        label=_lazy("様式の番号"),
        required=False,
        max_length=LIMITS["form"],
        error_messages=TOO_LONG,
        help_text=_lazy("要綱に定めがあるときだけ（例：様式第4号）。"),
    )
    body = LongText(
        label=_lazy("本文"),
        required=False,
        rows=8,
        max_length=LIMITS["body"],
        error_messages=TOO_LONG,
        help_text=_lazy(
            "{standard}の所に、標準の文が入ります。空のままなら、標準の文だけになります。"
        ),
    )
    note = LongText(
        label=_lazy("なお書き"),
        required=False,
        rows=5,
        max_length=LIMITS["note"],
        error_messages=TOO_LONG,
        help_text=_lazy("書面の下に小さく入ります。"),
    )

    def __init__(self, data: Sent = None, *, programme: Programme, paper: str) -> None:
        self.programme, self.paper = programme, paper
        self.kept = wordings.of_paper(programme.stated, paper)
        words = self.kept.words if self.kept else {}
        body = words.get("body") or ALONE
        super().__init__(data, initial={**words, "body": body, "seen": programme.version})

    def clean_body(self) -> str:
        body = str(self.cleaned_data["body"])
        return "" if body == ALONE else body

    @property
    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in LIMITS}

    def read(self) -> Wording | None:
        """What was typed as an entry of the file; None where nothing was, and what is wrong is said."""
        try:
            return Wording.model_validate({"paper": self.paper, **self.words})
        except ValidationError as error:
            for found in error.errors():
                name = str(found["loc"][0]) if found["loc"] else None
                self.add_error(name, said(found))
        return None


class ProposalForm(WordingForm):
    """Words to be put into the file; empty ones where there are some take these back."""

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if self.errors:
            return data
        kept = self.kept.words if self.kept else dict.fromkeys(LIMITS, "")
        if self.kept and self.words == kept:
            raise forms.ValidationError(_lazy("いまの文言から変わっていません。"))
        if (any(self.words.values()) or not self.kept) and self.read() is None:
            return data
        try:
            text = entries.with_words(self.programme.text, self.paper, self.words)
        except entries.Unwritable as error:
            raise forms.ValidationError(
                _lazy(
                    "この制度ファイルの書き方では、ここから直せません。制度ファイルの[[texts]]を直してください。"
                )
            ) from error
        demand_readable(text)
        return {"text": text, "seen": data["seen"]}


class SpecimenForm(WordingForm):
    """Words to be shown; where there are none, the standard ones are."""

    def clean(self) -> Given:
        data: Given = super().clean() or {}
        if not self.errors and any(self.words.values()):
            data["wording"] = self.read()
        return data


def _own(request: SignedIn, pk: int, paper: str) -> Programme:
    programme = get_object_or_404(Programme, pk=pk)
    demand(request.user, programme, "programme_officer")
    if paper not in notice_kinds:
        raise Http404
    return programme


def _about(programme: Programme, paper: str) -> Context:
    return {
        "programme": programme,
        "paper": paper,
        "label": notice_kinds[paper].label,
        "fields": FIELDS,
        "proposed": programme.proposed,
    }


TEMPLATE = "grants/programmes/staff_wording.html"


@staff("programme_officer")
def wording(request: SignedIn, pk: int, paper: str) -> HttpResponse:
    """The words of one paper; saved, they are a proposal that another person approves."""
    programme = _own(request, pk, paper)
    if programme.is_retired and request.method != "POST":
        return redirect(programme)
    return write(
        request,
        ProposalForm(request.POST or None, programme=programme, paper=paper),
        lambda data: write_anew(programme, by=request.user, **data),
        template=TEMPLATE,
        context=_about(programme, paper),
        done=_lazy("提案しました。別の職員が承認すると、そのあとに作る公募の書面に入ります。"),
        then=lambda made: reverse("programme_page", args=[made.pk]) + "#texts",
    )


@require_POST
@staff("programme_officer")
@limited(PAPERS)
def specimen(request: SignedIn, pk: int, paper: str) -> HttpResponse:
    """The paper in the words as they are typed, saved nowhere; the page again where they are wrong."""
    programme = _own(request, pk, paper)
    form = SpecimenForm(request.POST, programme=programme, paper=paper)
    status, reasons = 422, list[str]()
    if form.is_valid():
        with trying() as tried:
            shown = specimens.of(programme.stated, paper, form.cleaned_data.get("wording"))
            return pdf(draw_notice.value(shown), f"見本_{shown.facts['title']}.pdf")
        status, reasons = tried.status, tried.reasons
    about = _about(programme, paper)
    return render(request, TEMPLATE, {**about, "form": form, "reasons": reasons}, status=status)
