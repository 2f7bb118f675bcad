"""Pages of the hand-over to the accounting system: what is handed out, what came back, and the layout of both."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.budget import accounting
from grants.budget.access import lines_kept
from grants.budget.accounting_answers import Taken, take_in
from grants.budget.accounting_forms import AnswersForm, HandOverForm, LayoutForm
from grants.budget.layouts import OUT, WAYS, layout_of
from grants.budget.models import CHANGERS, BudgetEntry, BudgetLine
from portal.accounts.models import User
from portal.cases.models import Case, Reading
from portal.cases.visibility import of_interest
from portal.registry.models import Municipality
from portal.sheets import csv_download
from portal.types import SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.workflow.access import staff
from portal.workflow.writing import Tried, trying, write

MOST_FAULTS = 200  # rows of a file that are shown


@staff(*CHANGERS)
def accounting_page(request: SignedIn) -> HttpResponse:
    """Choose what is handed out, and read in what came back."""
    towns = _towns(request.user)
    asked = HandOverForm(request.GET or None, towns=towns)
    upload = AnswersForm(request.POST or None, request.FILES or None, towns=towns)
    tried, taken = Tried(status=422 if upload.errors else 200), Taken()
    if upload.is_bound and upload.is_valid():
        town = upload.cleaned_data["town"]
        with trying() as tried:
            entries = _entries(request.user, town)
            taken = take_in(upload.cleaned_data["file"], town, entries, by=request.user)
        if tried.is_done and not taken.faults:
            messages.success(request, _told(taken))
            return redirect("budget_accounting")
    context = {
        "asked": asked,
        "upload": upload,
        "towns": towns,
        "ways": WAYS.items(),
        "reasons": tried.reasons or _faulty(taken),
        "faults": [*taken.faults.items()][:MOST_FAULTS],
    }
    if asked.is_valid():
        chosen = _chosen(request.user, asked)
        context |= {"n": chosen.count(), "hidden": chosen.filter(_own(request.user)).count()}
    status = 422 if taken.faults else tried.status
    return render(request, "grants/budget/accounting.html", context, status=status)


@staff(*CHANGERS)
@limited(EXPORTS)
def accounting_csv(request: SignedIn) -> HttpResponse:
    """The entries that were chosen, in the layout of their municipality; of each case that it names
    a reading is kept. What somebody has an interest in is handed out by somebody else.
    """
    asked = HandOverForm(request.GET or None, towns=_towns(request.user))
    if not asked.is_valid():
        return redirect("budget_accounting")
    town = asked.cleaned_data["town"]
    beside = ("line__call__programme", "to__call__programme", "case__organisation")
    chosen = _chosen(request.user, asked).exclude(_own(request.user))
    entries = list(chosen.select_related(*beside).order_by("pk"))
    data = accounting.file(entries, layout_of(town.pk, OUT))
    accounting.note("hand_over", town, request.user, entries=len(entries))
    named = {entry.case_id for entry in entries if entry.case_id}
    Reading.note_each(request.user, "accounting.file", Q(pk__in=named), f"accounting:{town.pk}")
    return csv_download(f"accounting-{town.pk}.csv", data)


@staff(*CHANGERS)
def accounting_layout(request: SignedIn, code: str, way: str) -> HttpResponse:
    """Which columns the CSV of one way has, and what they are called."""
    if way not in WAYS:
        raise Http404
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


def _told(taken: Taken) -> str:
    text = _("%(n)s件の状態を読み込みました。") % {"n": taken.new}
    if taken.same:
        text += _("前と同じ%(n)s件は、そのままです。") % {"n": taken.same}
    return text


def _faulty(taken: Taken) -> list[str]:
    text = _("読めない行が%(n)s行あります。1件も読み込んでいません。")
    return [text % {"n": len(taken.faults)}] if taken.faults else []


def _lines(user: User) -> QuerySet[BudgetLine]:
    return lines_kept(user).filter(unit="yen").order_by()


def _towns(user: User) -> QuerySet[Municipality]:
    """Whose money somebody changes."""
    return Municipality.objects.filter(pk__in=_lines(user).values("call__municipality_codes__0"))


def _entries(user: User, town: Municipality) -> QuerySet[BudgetEntry]:
    lines = _lines(user).filter(call__municipality_codes__0=town.pk)
    return BudgetEntry.objects.filter(line__in=lines)


def _chosen(user: User, asked: HandOverForm) -> QuerySet[BudgetEntry]:
    return asked.chosen(_entries(user, asked.cleaned_data["town"]))


def _own(user: User) -> Q:
    """Entries of cases in which somebody has an interest."""
    return Q(case__isnull=False, case__in=of_interest(user, Case.objects.all()))
