"""Papers that are drawn when somebody asks for them: a fault in one is said, logged, comes before the
office that it is of, and is tried again by a job, which stands before the administrators once it has
failed for good.
"""

from collections.abc import Callable

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from procrastinate.contrib.django.models import ProcrastinateJob

from portal import events, outage
from portal.events import Event
from portal.ui.alone import OWN, Taken, alone
from portal.workflow.door import defer
from portal.workflow.ports import paper_drawn, paper_failed

UNDONE = ("todo", "doing", "failed")


class Undrawn(Exception):
    """A paper cannot be drawn right now; it is in the log, and a job tries it again."""


def drawn(paper: str, row: Model, make: Callable[[], bytes]) -> bytes:
    """The PDF that `make` draws of a row. `paper`: its kind in `ports.papers`, by which the job
    draws it. Raises Undrawn; StorageAway, Taken and such stay what they are.
    """
    try:
        data = make()
    except (*outage.AWAY, Taken):
        raise
    except Exception as fault:  # whatever it is, the person is told the same
        events.log(Event.PAPER_UNDRAWN, of=row, code=paper, fault=True)
        paper_failed.value(paper, row)
        wanted = {"paper": paper, "row": row.pk}
        waiting = ProcrastinateJob.objects.filter(
            task_name="draw_paper", args=wanted, status__in=UNDONE
        )
        if not waiting.exists():
            defer("draw_paper", paper=paper, row=row.pk)
        raise Undrawn from fault
    paper_drawn.value(paper, row.pk)
    return data


def answer(
    request: HttpRequest,
    paper: str,
    row: Model,
    make: Callable[[], bytes],
    *,
    name: str,
    kept: Callable[[], bytes | None] = lambda: None,
    line: str = OWN,
) -> HttpResponse:
    """The paper as a download called `name`; a page that says so where it cannot be drawn. `kept`: what
    was drawn already, which waits for the storage and for no drawing; `line`: as `alone` has it.
    Raises Taken.
    """

    def found() -> bytes:
        data = kept()
        if data is None:
            with alone(line):
                data = make()
        return data

    try:
        data = drawn(paper, row, found)
    except Undrawn:
        page = render(request, "portal/workflow/undrawn.html", status=500)
        page["Cache-Control"] = "no-store"
        return page
    return pdf(data, name, is_kept=True)


def pdf(data: bytes, name: str, *, is_kept: bool = False) -> HttpResponse:
    """A PDF called `name`: opened in the browser, or (`is_kept`) downloaded."""
    told = content_disposition_header(is_kept, name) or "inline"
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": told})
