"""The lists of the office: inbox, all cases, what is done with several of them, saved views."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import any_of
from portal.cases import columns, finding, listing, officers, taken_out, visibility
from portal.cases.access import LOOKERS
from portal.cases.forms import (
    LISTS,
    TABS,
    CaseFilter,
    ColumnsForm,
    OfficerFilter,
    SaveViewForm,
)
from portal.cases.models import Case, SavedView
from portal.cases.ports import acts_on_many, beside_inbox
from portal.firms import letters
from portal.sheets import csv_response, csv_stream, xlsx_response
from portal.together import together
from portal.types import Context, Given, SignedIn
from portal.ui.limits import EXPORTS, SEARCHES, limited
from portal.ui.paging import PER_PAGE, page_of
from portal.workflow.access import back_to, staff
from portal.workflow.writing import send


@staff(*LOOKERS)
@limited(SEARCHES)
def inbox(request: SignedIn) -> HttpResponse:
    visibility.look_beyond(request.user, Case.objects.all())
    turns, conditions = listing.visible_turns(request.user), listing.tabs(request.user)
    form = finding.inbox_form(request.user, request.GET)
    data = form.cleaned_data if form.is_valid() else {}
    found = listing.one_a_draft(listing.narrowed(turns, data, request.user))
    every = listing.one_a_draft(turns) if listing.narrows(data) else None
    shown, head = listing.counts(found, conditions, every)
    tab = data.get("tab") or "mine"
    if data.get("q") and not data.get("tab"):  # a search is for all tabs: it opens what found it
        tab = next((name for name, _label in TABS if shown[name]), tab)
        return redirect(f"{request.path}?{_with(request.GET, tab=tab)}")
    rows = found.filter(conditions[tab])
    page = page_of(request, listing.sorted_turns(rows, data), count=shown[tab])
    with together() as ask:
        fills = [listing.fill_shared(ask, page, turns), listing.fill_sums(ask, page, request.user)]
        sources = [] if data.get("q") else beside_inbox.values()
        beside = [source(request.user, ask) for source in sources]
        waiting = [ask.count(rows) for rows in letters.waiting(request.user)]
        views = ask(views_of(request.user, "inbox"))
    for fill in fills:
        fill()
    visibility.veil(request.user, [turn.case for turn in page])
    context = {
        "form": form,
        "tab": tab,
        "page": page,
        "today": clock.today(),
        "mine": listing.said(head["mine"]),
        "tabs": [(name, label, listing.said(shown[name])) for name, label in TABS],
        "elsewhere": [
            (name, label, listing.said(shown[name])) for name, label in TABS if shown[name]
        ]
        if data.get("q") and not page.object_list
        else [],
        "due_today": listing.said(head["today"]),
        "beside": [row for say in beside if (row := say()) is not None],
        "firms_wait": sum(n() for n in waiting[:2]),
        "passings_wait": sum(n() for n in waiting[2:]),
        **_views(request, "inbox", views),
        **many(page.paginator.count),
        "too_many": listing.MOST if page.paginator.count > listing.MOST else 0,
    }
    return render(request, "portal/cases/inbox.html", context)


def _with(query: QueryDict, **changes: str) -> str:
    """The query of an address with some of its values replaced."""
    changed = query.copy()
    for name, value in changes.items():
        changed[name] = value
    return changed.urlencode()


def _filtered(request: SignedIn) -> tuple[CaseFilter, QuerySet[Case]]:
    """The filters of the address, and the cases that they leave; all of them, where one is wrong."""
    visibility.look_beyond(request.user, Case.objects.all())
    form = finding.case_form(request.user, request.GET)
    return form, listing.cases(request.user, form.cleaned_data if form.is_valid() else {})


@staff(*LOOKERS)
@limited(SEARCHES)
def case_list(request: SignedIn) -> HttpResponse:
    form, rows = _filtered(request)
    data = form.cleaned_data if form.is_valid() else {}
    with together() as ask:
        layouts = ask(columns.layouts_of(request.user))
        views = ask(views_of(request.user, "case_list"))
    named = data.get("columns") or []
    shown = columns.shown(request.user, layouts, named)
    names, paths = ([getattr(column, of) for column in shown] for of in ("name", "path"))
    figures, found = _counted(request, rows, data)
    page = page_of(request, found, count=figures.count)
    context = {
        "said_of_columns": [columns.PAID_SAID] if columns.PAID in paths else [],
        "too_many": figures.most if figures.is_too_many else 0,
        "sums": figures.sums if columns.works(request.user) else figures.sums[:1],
        "form": form,
        "page": page,
        "heads": columns.heads(shown, data.get("order") or ""),
        "order": data.get("order") or "",
        "rows": columns.cells(shown, page),
        "choose": ColumnsForm(user=request.user, shown=names),
        "named": ".".join(named),
        **many(page.paginator.count),
        **_views(request, "case_list", views, columns=".".join(names)),
    }
    return render(request, "portal/cases/list.html", context)


def _counted(
    request: SignedIn, rows: QuerySet[Case], data: Given
) -> tuple[listing.Figures, Sequence[Case]]:
    if data.get("q"):
        return listing.looked_up(rows, data)
    found = listing.sorted_cases(rows, data)
    first = found[: PER_PAGE + 1] if "page" not in request.GET else None
    return listing.figures(rows, first), found if first is None else first


@staff(*LOOKERS)
@limited(EXPORTS)
def export(request: SignedIn) -> StreamingHttpResponse:
    """The list as it is shown, as CSV, streamed row by row; every cell is safe against formulas.

    Reading it is logged.
    """
    form, rows = _filtered(request)
    taken_out.note(request, request.user, "case_list.export", rows)
    return csv_stream("cases.csv", columns.table(_handed_out(request, form), rows))


@staff(*LOOKERS)
@limited(EXPORTS)
def workbook(request: SignedIn) -> FileResponse:
    """The same as a workbook."""
    form, rows = _filtered(request)
    taken_out.note(request, request.user, "case_list.export", rows)
    return xlsx_response("cases.xlsx", columns.table(_handed_out(request, form), rows))


def _handed_out(request: SignedIn, form: CaseFilter) -> list[columns.Column]:
    named = form.cleaned_data.get("columns") if form.is_valid() else None
    return columns.handed_out(request.user, named or [])


def _officers(request: SignedIn) -> tuple[OfficerFilter, list[officers.Load]]:
    form = OfficerFilter(request.GET or None, programmes=finding.programmes_of(request.user))
    data = form.cleaned_data if form.is_valid() else {}
    return form, officers.loads(request.user, data)


@staff(*visibility.BY_SCOPE)
def officer_list(request: SignedIn) -> HttpResponse:
    """Who has how much in hand."""
    form, loads = _officers(request)
    return render(request, "portal/cases/officers.html", {"form": form, "loads": loads})


@staff(*visibility.BY_SCOPE)
@limited(EXPORTS)
def officer_export(request: SignedIn) -> HttpResponse:
    _form, loads = _officers(request)
    head = [
        _("担当"),
        _("終わっていない案件"),
        _("番"),
        _("期限を過ぎた番"),
        _("いちばん古い番"),
        _("今週進めた案件"),
    ]
    return csv_response("officers.csv", officers.table(loads, head, _("未定")))


@require_POST
@staff(*LOOKERS)
def choose_columns(request: SignedIn) -> HttpResponse:
    form = ColumnsForm(request.POST, user=request.user)
    if form.is_valid():
        columns.choose(request.user, form.cleaned_data["columns"])
    return redirect(back_to(request, "case_list"))


@require_POST
@staff(*LOOKERS)
def save_view(request: SignedIn) -> HttpResponse:
    """Keep a list's filters under a name."""
    form = SaveViewForm(request.POST)
    page = request.POST.get("page", "")
    page = page if page in LISTS else "inbox"

    def save(given: Given) -> SavedView:
        row, _is_new = SavedView.objects.update_or_create(
            person=request.user,
            page=given["page"],
            name=given["name"],
            defaults={
                "query": given["query"],
                "shared": given["shared"] and request.user.has_role(*visibility.WORKERS),
            },
        )
        return row

    return send(
        request,
        form,
        save,
        title=_("この絞り込みに名前を付けて残す"),
        about=LISTS[page],
        back=f"{reverse(page)}?{request.POST.get('query', '')}",
    )


@require_POST
@staff(*LOOKERS)
def remove_view(request: SignedIn, pk: int) -> HttpResponse:
    """Whoever made a view takes it away, for all who saw it."""
    view = get_object_or_404(request.user.saved_views, pk=pk)
    view.delete()
    messages.success(request, _("「%(name)s」を消しました。") % {"name": view.name})
    return redirect(view.page)


def many(count: int) -> Context:
    """What is done with several cases of a list, and of how many it may be done at once."""
    return {"acts": acts_on_many(), "all": count if 1 < count <= listing.MOST else 0}


def views_of(user: User, page: str) -> QuerySet[SavedView]:
    """The person's saved views of a list and those that staff share: their names say who is looked
    for, which a reviewer from outside neither tells nor is told.
    """
    shared = Q(shared=True) if user.has_role(*visibility.WORKERS) else any_of([])
    views = SavedView.objects.filter(Q(person=user) | shared, page=page)
    return views.select_related("person")


def _views(request: SignedIn, page: str, views: list[SavedView], **kept: str) -> Context:
    """The views, and the form that saves the present one, with what of it no filter says."""
    form = SaveViewForm(initial={"page": page, "query": _with(request.GET, **kept)})
    shares = request.user.has_role(*visibility.WORKERS)
    return {"views": views, "save_view": form, "may_share": shares}
