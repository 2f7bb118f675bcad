"""A revision of a programme over its past cases: a page, and the same as a file. Nothing is kept."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from grants.backtest import cases, handed_out, telling
from grants.backtest.cases import Past
from grants.programmes.models import EDITORS, Call, Programme, Sketch
from grants.programmes.parameters import Programme as Stated
from grants.programmes.sketch_views import own
from portal.accounts.permissions import demand
from portal.cases import taken_out
from portal.cases.models import Case
from portal.registry.models import Area, Industry
from portal.sheets import csv_response, xlsx_response
from portal.together import together
from portal.types import Context, SignedIn
from portal.ui.limits import CHECKS, EXPORTS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff

SHOWN = 50  # cases on a page
READ = "backtest.export"


@dataclass(frozen=True)
class _Run:
    """`calls`: those that have cases; `over`: those that were run, `pasts` what came of each."""

    calls: list[Call]
    over: list[Call]
    pasts: list[Past]
    groups: telling.Groups

    @property
    def undecided(self) -> int:
        return sum(one.change == "open" for past in self.pasts for _row, one in past.rows)

    @property
    def unseen(self) -> int:
        return sum(past.unseen for past in self.pasts)


@staff("programme_officer")
@limited(CHECKS)
def of_sketch(request: SignedIn, pk: int) -> HttpResponse:
    """A sketch has to be without faults: what is half written reckons nothing."""
    sketch = own(request, pk)
    if not sketch.is_live:
        return redirect(sketch)
    return _page(request, sketch, _whole(sketch), len(sketch.problems))


@staff("programme_officer")
@limited(CHECKS)
def of_revision(request: SignedIn, pk: int) -> HttpResponse:
    revision = _revision(request, pk)
    return _page(request, revision, revision.stated)


@staff("programme_officer")
@limited(EXPORTS)
def of_sketch_csv(request: SignedIn, pk: int) -> HttpResponseBase:
    return _sketch_file(request, pk, csv_response, "csv")


@staff("programme_officer")
@limited(EXPORTS)
def of_sketch_xlsx(request: SignedIn, pk: int) -> HttpResponseBase:
    return _sketch_file(request, pk, xlsx_response, "xlsx")


@staff("programme_officer")
@limited(EXPORTS)
def of_revision_csv(request: SignedIn, pk: int) -> HttpResponseBase:
    revision = _revision(request, pk)
    return _file(request, revision.code, revision.stated, csv_response, "csv")


@staff("programme_officer")
@limited(EXPORTS)
def of_revision_xlsx(request: SignedIn, pk: int) -> HttpResponseBase:
    revision = _revision(request, pk)
    return _file(request, revision.code, revision.stated, xlsx_response, "xlsx")


def _revision(request: SignedIn, pk: int) -> Programme:
    """Raises Forbidden for whoever may not write it."""
    revision = get_object_or_404(Programme, pk=pk)
    demand(request.user, revision, *EDITORS)
    return revision


def _whole(sketch: Sketch) -> Stated | None:
    made, problems = sketch.looked
    return None if problems else made


def _run(request: SignedIn, code: str, revision: Stated) -> _Run:
    calls = cases.calls_of(code)
    over = cases.within(calls, request.GET.get("call", ""))
    with together() as ask:
        areas = ask(Area.objects.select_related("municipality"))
        industries = ask(Industry.objects.all())
    pasts = cases.run(over, revision, request.user) if over else []
    return _Run(list(calls), over, pasts, telling.Groups(areas, industries))


def _page(
    request: SignedIn, about: Sketch | Programme, revision: Stated | None, count: int = 0
) -> HttpResponse:
    kind = "sketch" if isinstance(about, Sketch) else "programme"
    context: Context = {
        "about": about,
        "is_sketch": kind == "sketch",
        "count": count,
        "caveats": handed_out.caveats(),
        "address": reverse(f"{kind}_past", args=[about.pk]),
        "csv": reverse(f"{kind}_past_csv", args=[about.pk]),
        "xlsx": reverse(f"{kind}_past_xlsx", args=[about.pk]),
    }
    if revision is not None:
        context |= _told(request, _run(request, about.code, revision), revision)
    return render(request, "grants/backtest/page.html", context)


def _told(request: SignedIn, run: _Run, revision: Stated) -> Context:
    outcomes = [one for past in run.pasts for _application, one in past.rows]
    page = page_of(request, telling.ordered(run.pasts), SHOWN)
    return {
        "run": run,
        "unit": handed_out.unit(revision),
        "chosen": request.GET.get("call", "") if len(run.over) == 1 else "",
        "too_many": [call for call in run.calls if call not in run.over],
        "most": cases.MOST,
        "total": telling.summed("", outcomes),
        "frames": telling.of_frames(run.pasts),
        "not_asked": telling.not_asked(run.pasts, revision),
        "groups": run.groups.tables(outcomes),
        "page": page,
        "rows": [
            {
                "application": application,
                "one": one,
                "change": telling.CHANGES[one.change],
                "result": telling.result(one),
                "reasons": telling.reasons(one, application.stated, revision),
            }
            for past, application, one in page
        ],
    }


Respond: TypeAlias = Callable[[str, Iterable[Iterable[object]]], HttpResponseBase]


def _sketch_file(request: SignedIn, pk: int, respond: Respond, kind: str) -> HttpResponseBase:
    sketch = own(request, pk)
    revision = _whole(sketch) if sketch.is_live else None
    if revision is None:
        return redirect("sketch_past", pk=pk)
    return _file(request, sketch.code, revision, respond, kind)


def _file(
    request: SignedIn, code: str, revision: Stated, respond: Respond, kind: str
) -> HttpResponseBase:
    run = _run(request, code, revision)
    keys = [application.case_id for past in run.pasts for application, _one in past.rows]
    taken_out.note(request, request.user, READ, Case.objects.filter(pk__in=keys))
    rows = handed_out.rows(run.pasts, run.groups, revision)
    return respond(f"past-{code}.{kind}", rows)
