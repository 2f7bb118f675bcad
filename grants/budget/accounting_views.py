"""Pages of the hand-over to the accounting system: what is handed out, what came back, and the layout of both."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.budget import accounting
from grants.budget.access import lines_for
from grants.budget.accounting_forms import AnswersForm, HandOverForm, LayoutForm
from grants.budget.layouts import OUT, WAYS, layout_of
from grants.budget.models import CHANGERS, BudgetEntry
from portal.accounts.models import User
from portal.cases.models import Case, Reading
from portal.cases.visibility import interested
from portal.registry.models import Municipality
from portal.sheets import csv_download
from portal.types import SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.workflow.access import staff
from portal.workflow.writing import Tried, trying, turn_back, write


@staff(*CHANGERS)
def accounting_page(request: SignedIn) -> HttpResponse:
    """Choose what is handed out, and read in what came back."""
    towns = _towns(request.user)
    asked = HandOverForm(request.GET or None, towns=towns)
    upload = AnswersForm(request.POST or None, request.FILES or None, towns=towns)
    tried = Tried(status=422 if request.method == "POST" else 200)
    faults: list[tuple[int, str]] = []
    if request.method == "POST" and upload.is_valid():
        town, text = upload.cleaned_data["town"], upload.cleaned_data["file"]
        with trying() as tried:
            entries = _entries(request.user, town)
            n, faults = accounting.take_in(text, town, entries, by=request.user)
        if tried.is_done and not faults:
            messages.success(request, _("%(n)s件の状態を読み込みました。") % {"n": n})
            return redirect("budget_accounting")
        tried.status = 422
    chosen = _chosen(request.user, asked) if asked.is_valid() else None
    context = {
        "asked": asked,
        "upload": upload,
        "towns": towns,
        "ways": WAYS.items(),
        "reasons": tried.reasons,
        "faults": faults[:200],
        "n": None if chosen is None else chosen.count(),
        "hidden": None if chosen is None else _hidden(request.user, chosen).count(),
    }
    return render(request, "grants/budget/accounting.html", context, status=tried.status)


@staff(*CHANGERS)
@limited(EXPORTS)
def accounting_csv(request: SignedIn) -> HttpResponse:
    """The entries that were chosen, in the layout of their municipality; which cases it names is kept
    as a reading. What somebody has an interest in is handed out by somebody else.
    """
    asked = HandOverForm(request.GET or None, towns=_towns(request.user))
    if not asked.is_valid():
        return redirect("budget_accounting")
    town = asked.cleaned_data["town"]
    chosen = _chosen(request.user, asked)
    entries = chosen.exclude(pk__in=_hidden(request.user, chosen).values("pk")).order_by("pk")
    with trying() as tried:
        layout = layout_of(town.pk, OUT)
        rows = list(entries.select_related("line__call__programme", "case__organisation"))
        data = accounting.file(rows, layout)
    if not tried.is_done:
        return turn_back(request, tried.reasons, reverse("budget_accounting"))
    accounting.noted_hand_over(town, len(rows), by=request.user)
    Reading.note(request.user, "budget_accounting.export")
    return csv_download(f"accounting-{town.pk}.csv", data)


@staff(*CHANGERS)
def accounting_layout(request: SignedIn, code: str, way: str) -> HttpResponse:
    town = get_object_or_404(_towns(request.user), pk=code)
    form = LayoutForm(request.POST or None, way=way, layout=layout_of(town.pk, way))
    return write(
        request,
        form,
        lambda _data: accounting.keep_layout(town, way, form.layout, by=request.user),
        template="grants/budget/layout.html",
        context={"town": town, "way": WAYS[way]},
        done=_("レイアウトを保存しました。"),
        then="budget_accounting",
    )


def _towns(user: User) -> QuerySet[Municipality]:
    """Whose money somebody's lines are."""
    funders = lines_for(user).order_by().values("call__municipality_codes__0")
    return Municipality.objects.filter(pk__in=funders)


def _entries(user: User, town: Municipality) -> QuerySet[BudgetEntry]:
    lines = lines_for(user).filter(unit="yen", call__municipality_codes__0=town.pk)
    return BudgetEntry.objects.filter(line__in=lines)


def _chosen(user: User, asked: HandOverForm) -> QuerySet[BudgetEntry]:
    data = asked.cleaned_data
    found = _entries(user, data["town"]).filter(line__fiscal_year=data["year"])
    return found.filter(asked.between())


def _hidden(user: User, entries: QuerySet[BudgetEntry]) -> QuerySet[BudgetEntry]:
    """Entries of cases in which somebody has an interest."""
    own = Case.objects.filter(interested(user))
    return entries.filter(Q(case__in=own))
