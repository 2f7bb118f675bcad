"""The office's pages of 暴力団排除の照会: what goes out, and what comes back."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import inquiring
from grants.applications.check_ledger import Inquiry
from portal.cases.models import Reading
from portal.sheets import csv_response
from portal.types import SignedIn
from portal.ui.forms import Day, Text
from portal.workflow.access import proves_again, staff
from portal.workflow.writing import trying, write

HEAD = ["受付番号", "氏名", "カナ", "生年月日", "性別", "住所"]


class SendForm(forms.Form):
    """To whom, and under which ordinance."""

    addressee = Text(label=_lazy("照会先"), max_length=80, initial=inquiring.ADDRESSEE)
    ordinance = Text(label=_lazy("根拠の条例"), max_length=120, initial=inquiring.ORDINANCE)
    number = Text(label=_lazy("照会の文書番号"), max_length=60, required=False)


class AnswerForm(forms.Form):
    """What came back, on which paper."""

    result = forms.ChoiceField(
        label=_lazy("回答"),
        choices=[row for row in Inquiry.RESULTS if row[0]],
        widget=forms.RadioSelect,
    )
    answered_on = Day(label=_lazy("回答の日"))
    answer_number = Text(label=_lazy("回答の文書番号"), max_length=60)


@staff("programme_officer")
@proves_again
def inquiry(request: SignedIn) -> HttpResponse:
    """The officers of every case that is still unchecked, as one file; and what was asked already.

    Each reading of a list is logged.
    """
    applications = list(inquiring.to_ask(request.user))
    form = SendForm(request.POST or None)
    reasons: list[str] = []
    if form.is_bound and form.is_valid():
        with trying() as tried:
            rows = inquiring.send(applications, by=request.user, **form.cleaned_data)
        if tried.is_done:
            return csv_response("inquiry.csv", [HEAD, *rows])
        reasons = tried.reasons
    context = {
        "applications": applications,
        "asked": inquiring.asked(request.user),
        "form": form,
        "reasons": reasons,
    }
    status = 422 if form.errors or reasons else 200
    return render(request, "grants/applications/inquiry.html", context, status=status)


@staff("programme_officer")
def inquiry_answer(request: SignedIn, pk: int) -> HttpResponse:
    """One inquiry and its answer. Opening it is logged."""
    rows = inquiring.asked(request.user).select_related(
        "application__case__organisation", "sent_by", "entered_by"
    )
    row = get_object_or_404(rows, pk=pk)
    Reading.note(request.user, "inquiry", row.application.case)
    return write(
        request,
        AnswerForm(request.POST or None),
        lambda typed: inquiring.answer(row, by=request.user, **typed),
        template="grants/applications/inquiry_answer.html",
        context={"row": row},
        done=_("回答を記録しました。"),
        then=reverse("inquiry"),
    )
