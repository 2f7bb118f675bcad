"""The budget book on screen, and the making of a call with its lines."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.budget.models import CHANGERS, BudgetLine, appropriate, book, carry_over
from grants.budget.panels import READERS
from grants.programmes.forms import CallForm
from grants.programmes.models import EDITORS, Call, Programme, said
from grants.programmes.states import ProgrammeState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand, office
from portal.types import SignedIn
from portal.ui.forms import Text, Yen
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.door import begin
from portal.workflow.errors import Forbidden
from portal.workflow.writing import Tried, trying, write


class AppropriateForm(forms.Form):
    amount = Yen(label=_lazy("増やす額（円または件数）"), least=1)
    note = Text(label=_lazy("根拠（補正予算、流用など）"), max_length=120)


class CarryForm(forms.Form):
    carried = Yen(label=_lazy("繰り越す額（円）"), least=1)
    basis = Text(label=_lazy("根拠（繰越明許費、事故繰越など）"), max_length=120)


@staff(*READERS)
def line_list(request: SignedIn) -> HttpResponse:
    calls = Call.objects.within(request.user, *READERS)
    lines = (
        BudgetLine.objects.filter(call__in=calls)
        .select_related("call__programme")
        .order_by("-fiscal_year", "call__programme__order", "call", "frame", "unit")
    )
    rows = [(line, said(line.call.stated.frame(line.frame).name)) for line in lines]
    return render(request, "grants/budget/list.html", {"rows": rows})


@staff(*READERS)
def line_page(request: SignedIn, pk: int) -> HttpResponse:
    """One line's book: every entry, and what is left. Finance officers add appropriations here."""
    calls = Call.objects.within(request.user, *READERS)
    line = get_object_or_404(
        BudgetLine.objects.filter(call__in=calls).select_related("call__programme"), pk=pk
    )
    refused = office(*CHANGERS).reasons(request.user, line)
    may_book = not refused
    carrying = "carried" in request.POST
    form = AppropriateForm(None if carrying else request.POST or None) if may_book else None
    carry = (
        CarryForm(request.POST if carrying else None)
        if may_book and line.unit == "yen" and line.may_carry
        else None
    )
    if request.method == "POST" and refused:
        raise Forbidden(*refused)
    tried = Tried()
    if carry is not None and carry.is_bound and carry.is_valid():
        with trying() as tried:
            carry_over(
                line,
                carry.cleaned_data["carried"],
                by=request.user,
                note=carry.cleaned_data["basis"],
            )
        if tried.is_done:
            messages.success(request, _("繰越を記録しました。"))
            return redirect("budget_line", pk=pk)
    if form is not None and form.is_bound and form.is_valid():
        with trying() as tried:
            appropriate(
                line, form.cleaned_data["amount"], by=request.user, note=form.cleaned_data["note"]
            )
        if tried.is_done:
            messages.success(request, _("予算を増やしました。"))
            return redirect("budget_line", pk=pk)
    entries = page_of(
        request, line.entries.select_related("case", "booked_by").order_by("-pk"), 100
    )
    context = {
        "line": line,
        "page": entries,
        "form": form,
        "carry": carry,
        "reasons": tried.reasons,
        "refused": refused if request.user.has_role(*CHANGERS) else [],
        "frame": said(line.call.stated.frame(line.frame).name),
    }
    if any(f is not None and f.errors for f in (form, carry)):
        tried.status = 422
    return render(request, "grants/budget/page.html", context, status=tried.status)


@staff("programme_officer")
def call_new(request: SignedIn, pk: int) -> HttpResponse:
    """Open a call from an approved programme: its parameters are frozen, its budget lines made."""
    programme = get_object_or_404(Programme, pk=pk, state=ProgrammeState.APPROVED)
    form = CallForm(
        request.POST or None, programme=programme, initial={"fiscal_year": clock.today().year}
    )
    return write(
        request,
        form,
        lambda _data: open_call(programme, form, by=request.user),
        template="grants/budget/call_new.html",
        context={"programme": programme},
        done=_("公募回を作りました。承認は別の職員が行います。"),
    )


@transaction.atomic
def open_call(programme: Programme, form: CallForm, *, by: User) -> Call:
    data = form.cleaned_data
    briefings = []
    if data.get("briefing_on"):
        briefings = [
            {
                "at": f"{data['briefing_on'].isoformat()}T14:00:00+09:00",
                "place": data["briefing_place"],
            }
        ]
    call = begin(
        Call,
        by=by,
        programme=programme,
        fiscal_year=data["fiscal_year"],
        round_no=data["round_no"],
        periods=form.periods(),
        decision_on=data["decision_on"],
        project_ends_on=data["project_ends_on"],
        briefings=briefings,
        municipality_codes=[data["funder"].pk] if data.get("funder") else None,
    )
    make_lines(call, form.budgets(), by=by)
    return call


def make_lines(call: Call, budgets: list[tuple[str, str, int]], *, by: User) -> None:
    """A line with its first appropriation for each (frame, unit, amount)."""
    demand(by, call, *EDITORS)
    for frame, unit, amount in budgets:
        line = BudgetLine.objects.create(
            call=call, frame=frame, unit=unit, fiscal_year=call.fiscal_year
        )
        book(line, "appropriation", amount, by=by, note="当初予算")
