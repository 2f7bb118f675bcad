"""The office's pages.

Live figures over the cases one may see, and the desk where releases are drafted and approved.
"""

from collections.abc import Mapping, Sequence

from django import forms
from django.db.models import Count, Min, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _lazy

from grants.payments import execution
from grants.programmes.models import Call, Programme
from grants.programmes.states import ProgrammeState
from portal import clock, fiscal
from portal.cases.models import Case, Turn
from portal.closures import calendars
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality, in_english
from portal.types import Context, Sent, SignedIn
from portal.ui.forms import offer_choices
from portal.ui.limits import PAPERS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.door import actions
from portal.workflow.papers import answer
from portal.workflow.writing import write
from reports.statistics.models import Release
from reports.statistics.page import releases
from reports.statistics.page.counted import bridge
from reports.statistics.page.forms import DraftForm
from reports.statistics.paper import annual
from reports.statistics.releasing import drafting
from reports.statistics.views import public

LISTED = 20


class LiveForm(forms.Form):
    programme = forms.ChoiceField(label=_lazy("制度"), required=False)
    municipality = forms.ModelChoiceField(
        Municipality.objects.all(),
        label=_lazy("市町村"),
        required=False,
        empty_label=_lazy("すべての市町村"),
    )

    def __init__(self, data: Sent) -> None:
        super().__init__(data)
        known = Programme.objects.filter(state=ProgrammeState.APPROVED).order_by("order", "code")
        offer_choices(
            self,
            "programme",
            [("", _lazy("すべての制度")), *((row.code, row.name) for row in known)],
        )


@staff(*Release.READERS)
def live(request: SignedIn) -> HttpResponse:
    """Now, not as published: where cases wait, what is late, and what the year will still pay."""
    cases, calls = (
        Case.objects.visible_to(request.user).filter(closed_at=None),
        Call.objects.within(request.user, *Release.READERS),
    )
    form = LiveForm(request.GET or None)
    data = form.cleaned_data if form.is_valid() else {}
    if data.get("programme"):
        cases = cases.filter(programme_code=data["programme"])
        calls = calls.filter(programme__code=data["programme"])
    if data.get("municipality"):
        town = [data["municipality"].pk]
        cases, calls = (
            cases.filter(municipality_codes__contains=town),
            calls.filter(municipality_codes__contains=town),
        )
    turns = Turn.objects.filter(case__in=cases)
    years = execution.years()
    year = (
        execution.this_year(years, request.GET.get("year", ""))
        if any(y <= fiscal.fiscal_year(clock.today()) for y in years)
        else 0
    )
    rows, expected = (
        (execution.rows(year, calls), execution.forecast(year, calls)) if year else ([], [])
    )
    late = (
        turns.filter(side="office", due_on__lt=clock.today())
        .select_related("case__organisation", "person")
        .order_by("due_on", "pk")
    )
    context = {
        "form": form,
        "year": year,
        "years": years,
        "execution": rows,
        "total": execution.total(rows),
        "expected": sum(month.yen for month in expected),
        "late_yen": sum(month.yen for month in expected if month.late),
        "waiting": waiting(cases),
        "stuck": stuck(turns),
        "late": list(late[:LISTED]),
        "late_count": late.count(),
        "open": cases.count(),
        "bridge": bridge(year, calls) if rows else None,
        "year_end": fiscal.fiscal_year_end(year) if year else None,
        "paid_by_end": paid_by_end(expected, year),
    }
    return render(
        request, "reports/statistics/live.html", context, status=422 if form.errors else 200
    )


def paid_by_end(expected: list[execution.Month], year: int) -> int:
    """Yen that are expected to be paid by the end of the fiscal year."""
    return (
        sum(month.yen for month in expected if month.first <= fiscal.fiscal_year_end(year))
        if year
        else 0
    )


def waiting(cases: "QuerySet[Case]") -> list[Context]:
    """Programme by programme: open cases, whose turn it is, how many of the office's are late."""
    late = Q(turns__side="office", turns__due_on__lt=clock.today())
    rows = (
        cases.order_by()
        .values("programme_code", "programme_name", "programme_name_en")
        .annotate(
            open=Count("pk", distinct=True),
            office=Count("pk", filter=Q(turns__side="office"), distinct=True),
            late=Count("pk", filter=late, distinct=True),
            applicant=Count("pk", filter=Q(turns__side="applicant"), distinct=True),
        )
    )
    english = in_english()
    return [
        {**row, "name": row["programme_name_en"] if english else row["programme_name"]}
        for row in rows.order_by("-late", "-office", "programme_code")
    ]


def stuck(turns: "QuerySet[Turn]") -> Sequence[Mapping[str, object]]:
    """Where the office's work piles up: what is to be done, how often, how many late, since when."""
    rows = (
        turns.filter(side="office")
        .order_by()
        .values("what")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=Q(due_on__lt=clock.today())),
            oldest=Min("since"),
        )
    )
    workdays, today = calendars.office(SAPPORO), clock.today()
    return [
        row | {"oldest_days": workdays.between(clock.day_of(row["oldest"]), today)}
        for row in rows.order_by("-late", "-n", "what")[:LISTED]
    ]


@staff(*Release.READERS)
def desk(request: SignedIn) -> HttpResponse:
    """All releases, drafts too, and the form that drafts the next one."""
    form = DraftForm(
        request.POST or None, initial={"fiscal_year": str(fiscal.fiscal_year(clock.today()))}
    )
    may = request.user.has_role("programme_officer")
    context = {
        "page": page_of(request, Release.objects.select_related("drafted_by"), 30),
        "may": may,
    }
    return write(
        request,
        form,
        lambda data: drafting.draft(data["fiscal_year"], by=request.user, note=data["note"]),
        template="reports/statistics/desk.html",
        context=context,
        done=_lazy("統計の案を作り始めました。できあがるまで、このページで待てます。"),
    )


@staff(*Release.READERS)
def page(request: SignedIn, number: str) -> HttpResponse:
    """One release as the office sees it: still being built, to be approved, or published."""
    release = get_object_or_404(Release.objects.select_related("drafted_by"), number=number)
    return render(
        request,
        "reports/statistics/staff_release.html",
        releases.told(release, to_office=True) | {"actions": actions(request.user, release)},
    )


def built(number: str) -> Release:
    """A release whose figures are there, published or not; 404 else."""
    return get_object_or_404(Release.objects.exclude(as_of=None), number=number)


@staff(*Release.READERS)
def preview(request: SignedIn, number: str) -> HttpResponse:
    """The dashboard as the public would see it: what an approver approves."""
    return public.shown(request, built(number), is_preview=True)


@staff(*Release.READERS)
@limited(PAPERS)
def report(request: SignedIn, number: str) -> HttpResponse:
    """The report for the council of a release that need not be published yet."""
    release = built(number)
    name = f"{number}-report.pdf"
    return answer(request, "annual_report", release, lambda: annual.pdf(release), name=name)
