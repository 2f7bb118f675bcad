"""The budget book on screen, and the pages that make and put right a call with its lines."""

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.budget import calls, changes, classifying, copying, handed_out, settling
from grants.budget.access import lines_for, lines_kept
from grants.budget.classification import LEVELS
from grants.budget.forms import (
    CarryForm,
    LineFilter,
    PlanForm,
    TransferForm,
    VoteForm,
)
from grants.budget.models import (
    CHANGERS,
    BudgetChange,
    BudgetEntry,
    BudgetLine,
    ClassificationProposal,
)
from grants.budget.panels import READERS, rows_of
from grants.budget.ports import revenue_by_year
from grants.programmes.forms import CallForm
from grants.programmes.models import Call, Programme, said
from grants.programmes.states import CALL_UNANNOUNCED
from portal import clock, jptext
from portal.accounts.models import User
from portal.accounts.permissions import demand, office
from portal.cases.models import Case
from portal.cases.visibility import interested
from portal.sheets import csv_response, xlsx_response
from portal.types import Given, SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.errors import Forbidden
from portal.workflow.sent_forms import demand_first
from portal.workflow.writing import Tried, press, trying, write


@staff(*READERS)
def line_list(request: SignedIn) -> HttpResponse:
    form = _filtered(request)
    context = {
        "form": form,
        "rows": rows_of(form.found()),
        "revenue": revenue_by_year.value(request.user),
    }
    return render(request, "grants/budget/list.html", context)


@staff(*READERS)
@limited(EXPORTS)
def line_csv(request: SignedIn) -> HttpResponse:
    """The lines as they are shown, as CSV."""
    return csv_response("budget.csv", handed_out.table(_filtered(request).found()))


@staff(*READERS)
@limited(EXPORTS)
def line_workbook(request: SignedIn) -> FileResponse:
    """The same as a workbook."""
    return xlsx_response("budget.xlsx", handed_out.table(_filtered(request).found()))


def _filtered(request: SignedIn) -> LineFilter:
    lines = (
        lines_for(request.user)
        .annotate(waiting=_waiting())
        .order_by("-fiscal_year", "call__programme__order", "call", "frame", "unit")
    )
    return LineFilter(request.GET or None, lines=list(lines))


def _waiting() -> Q:
    """Does something that was proposed about a line wait for another person?"""
    changed = BudgetChange.objects.filter(line=OuterRef("pk"), closed_at=None)
    of_call = Q(whole_call=True, line__call=OuterRef("call"))
    placed = ClassificationProposal.objects.filter(Q(line=OuterRef("pk")) | of_call, closed_at=None)
    return Exists(changed) | Exists(placed)


@staff(*READERS)
def line_page(request: SignedIn, pk: int) -> HttpResponse:
    """One line's book: every entry, what is left and what is proposed. Finance officers propose
    changes here, and confirm those of others.
    """
    line = get_object_or_404(lines_for(request.user), pk=pk)
    refused = office(*CHANGERS).reasons(request.user, line)
    may_book = not refused
    carrying = "carried" in request.POST
    voting = "voted" in request.POST
    typed_more = None if carrying or voting else request.POST or None
    form = PlanForm(typed_more, line=line) if may_book else None
    vote = VoteForm(request.POST if voting else None) if may_book and line.debt else None
    carry = (
        CarryForm(
            request.POST if carrying else None,
            line=line,
            number=request.GET.get("case", "")[:31],
            yen=jptext.whole(request.GET.get("yen", ""), 0),
        )
        if may_book
        else None
    )
    if carry is not None and not (carrying or carry.ways):
        carry = None
    if request.method == "POST" and refused:
        raise Forbidden(*refused)
    tried = Tried()
    wanted: tuple[str, int, str, Case | None] | None = None
    if carry is not None and carry.is_bound and carry.is_valid():
        typed = carry.cleaned_data
        wanted = (typed["way"], typed["carried"], typed["basis"], typed["number"])
    if vote is not None and vote.is_bound and vote.is_valid():
        wanted = ("voted", vote.cleaned_data["voted"], vote.cleaned_data["vote"], None)
    if form is not None and form.is_bound and form.is_valid():
        typed = form.cleaned_data
        wanted = (typed["kind"], typed["amount"], typed["note"], None)
    if wanted is not None:
        kind, amount, note, case = wanted
        with trying() as tried:
            demand_first(request)
            changes.propose(line, kind, amount, by=request.user, note=note, case=case)
        if tried.is_done:
            messages.success(request, _("提案しました。別の職員が確認すると、帳簿に載ります。"))
            return redirect("budget_line", pk=pk)
    beside = ("line__call__programme", "to__call__programme")
    entries = page_of(
        request,
        BudgetEntry.objects.filter(Q(line=line) | Q(to=line))
        .select_related("case", "booked_by", "change__proposed_by", *beside)
        .prefetch_related("answers")
        .order_by("-booked_at", "-pk"),
        100,
    )
    proposed = list(
        BudgetChange.objects.filter(Q(line=line) | Q(to=line), closed_at=None).select_related(
            "proposed_by", "case", *beside
        )
    )
    about = [*(entry.case_id for entry in entries), *(change.case_id for change in proposed)]
    of_interest = Case.objects.filter(
        interested(request.user), pk__in=[pk for pk in about if pk is not None]
    )
    context = {
        "line": line,
        "page": entries,
        "closed": set(of_interest.values_list("pk", flat=True)),
        "form": form,
        "carry": carry,
        "vote": vote,
        "changes": proposed,
        "classifications": classifying.open_of(line).select_related("proposed_by"),
        "may_book": may_book,
        "reasons": tried.reasons,
        "over": settling.closed([line]).get(line.pk),
        "refused": refused if request.user.has_role(*CHANGERS) else [],
        "frame": said(line.call.stated.frame(line.frame).name),
    }
    if any(f is not None and f.errors for f in (form, carry, vote)):
        tried.status = 422
    return render(request, "grants/budget/page.html", context, status=tried.status)


@staff(*CHANGERS)
def line_transfer(request: SignedIn, pk: int) -> HttpResponse:
    """Propose that money of a line goes to another of its 款."""
    line = get_object_or_404(lines_for(request.user), pk=pk, unit="yen")
    demand(request.user, line, *CHANGERS)
    form = TransferForm(request.POST or None, targets=_targets(request.user, line))

    def propose(data: Given) -> BudgetChange:
        return changes.propose(line, "transfer", by=request.user, **data)

    return write(
        request,
        form,
        propose,
        template="grants/budget/transfer.html",
        context={"line": line, "frame": said(line.call.stated.frame(line.frame).name)},
        done=_("提案しました。別の職員が確認すると、帳簿に載ります。"),
        then=reverse("budget_line", args=[line.pk]),
        once=True,
    )


def _targets(user: User, line: BudgetLine) -> QuerySet[BudgetLine]:
    """Where money of a line may go: lines of its year, its municipality and its 款."""
    if not line.is_classified:
        return BudgetLine.objects.none()
    found = lines_kept(user).filter(
        unit="yen",
        debt=None,
        fiscal_year=line.fiscal_year,
        chapter_code=line.chapter_code,
        call__municipality_codes__0=line.funder,
    )
    return found.exclude(pk=line.pk).order_by(*(f"{name}_code" for name in LEVELS), "pk")


@require_POST
@staff(*CHANGERS)
def change_confirm(request: SignedIn, pk: int) -> HttpResponse:
    change = _change_for(request.user, pk)
    return press(
        request,
        lambda: changes.confirm(change, by=request.user),
        back=reverse("budget_line", args=[change.line_id]),
        done=_("確認し、帳簿に載せました。"),
    )


@require_POST
@staff(*CHANGERS)
def change_take_back(request: SignedIn, pk: int) -> HttpResponse:
    change = _change_for(request.user, pk)
    return press(
        request,
        lambda: changes.take_back(change, by=request.user),
        back=reverse("budget_line", args=[change.line_id]),
        done=_("提案を取り下げました。"),
    )


def _change_for(user: User, pk: int) -> BudgetChange:
    return get_object_or_404(BudgetChange, pk=pk, line__in=lines_for(user))


@staff("programme_officer")
def call_new(request: SignedIn, pk: int) -> HttpResponse:
    """Open a call from an approved programme: its parameters are frozen, its budget lines made. `from`:
    the earlier call of any revision of it that the form begins with, a year later.
    """
    programme = get_object_or_404(Programme, pk=pk).in_force
    if not programme.is_approved:
        raise Http404
    demand(request.user, programme, "programme_officer")
    wanted = Call.objects.filter(pk=jptext.whole(request.GET.get("from"), 0))
    earlier = wanted.filter(programme__code=programme.code).select_related("programme").first()
    copied = copying.of(earlier) if earlier is not None else None
    form = CallForm(
        request.POST or None,
        programme=programme,
        initial=copied.initial if copied else {"fiscal_year": clock.today().year},
    )
    if copied is not None:
        form.note(copied.notes)
    return write(
        request,
        form,
        lambda _data: calls.open_call(programme, form, by=request.user),
        template="grants/budget/call_new.html",
        context={"programme": programme, "earlier": earlier},
        done=_("公募回を作りました。承認は別の職員が行います。"),
    )


@staff("programme_officer")
def call_edit(request: SignedIn, pk: int) -> HttpResponse:
    """Put right a call that nobody saw yet; one that was approved is approved anew."""
    call = get_object_or_404(
        Call.objects.select_related("programme"), pk=pk, state__in=CALL_UNANNOUNCED
    )
    demand(request.user, call, "programme_officer")
    programme = call.programme.in_force
    form = CallForm(
        request.POST or None, programme=programme, initial=calls.as_it_is(call), call=call
    )
    return write(
        request,
        form,
        lambda _data: calls.revise_call(call, form, by=request.user),
        template="grants/budget/call_edit.html",
        context={"call": call, "programme": programme},
        done=_("公募回を直しました。承認は別の職員が行います。"),
    )
