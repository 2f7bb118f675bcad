"""Requests for disclosure: the desk, those of a case, one with both sides, a line, the copy."""

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.accounts.permissions import covers_each_town
from portal.cases.models import Reading
from portal.documents import store
from portal.types import Context, SignedIn
from portal.ui.limits import PAPERS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.door import actions, perform
from portal.workflow.papers import pdf
from portal.workflow.writing import write
from reports.disclosure import access, alike, parts, receiving
from reports.disclosure.copy import page_of as page_of_file
from reports.disclosure.forms import ChoosingForm, LineForm, RequestForm
from reports.disclosure.masking import Marked, masked
from reports.disclosure.models import DRAFTER, Disclosure
from reports.disclosure.sheets import Enclosed, boxes_of, unlooked
from reports.disclosure.states import DisclosureState


@staff(*Disclosure.READERS)
def desk(request: SignedIn) -> HttpResponse:
    """All requests in one's cases, the one that is due first at the top."""
    rows = access.rows_for(request.user).select_related("case")
    live, rest = (
        rows.live(),
        rows.exclude(pk__in=rows.live()).order_by("-due_on", "-pk"),
    )
    context = {"live": list(live[:200]), "page": page_of(request, rest, 30)}
    return render(request, "reports/disclosure/desk.html", context)


@staff(*Disclosure.READERS)
def of_case(request: SignedIn, number: str) -> HttpResponse:
    """The requests for one case, and the form that receives the next one."""
    case = access.readable_case(request, number)
    context: Context = {
        "case": case,
        "rows": case.disclosures.order_by("-pk"),
        "may": not DRAFTER.reasons(request.user, case),
        "is_whole": covers_each_town(request.user, case, *Disclosure.READERS),
    }
    return write(
        request,
        RequestForm(request.POST or None),
        lambda data: receiving.receive(case, by=request.user, **data),
        template="reports/disclosure/of_case.html",
        context=context,
        done=_lazy("公開請求を受け付けました。黒塗りの案を確かめてください。"),
    )


@staff(*Disclosure.READERS)
def page(request: SignedIn, number: str) -> HttpResponse:
    """What is written and what is handed out of it, side by side."""
    row = _opened(request, number)
    belonging = list(parts.belonging(row.marked, row.left_out))
    context = {
        "row": row,
        "case": row.case,
        "lines": [_shown(n, line) for n, line in belonging],
        "files": [_listed(row, n, file) for n, file in row.kept_files],
        "withheld": row.withheld,
        "absent": row.absent,
        "considered": access.considered(row),
        "deciders": access.deciders(row),
        "may_mark": _may_mark(request.user, row),
        "actions": actions(request.user, row),
    }
    return render(request, "reports/disclosure/page.html", context)


@staff(*Disclosure.READERS)
def preview(request: SignedIn, number: str) -> HttpResponse:
    """The whole copy as it would be handed out now: the text, then each page with what is covered."""
    row = access.disclosure_at(request, number)
    Reading.note(request.user, "disclosure.copy", row.case, f"disclosure:{row.pk}")
    pages = [
        (page_of_file(file, page), n, page, boxes_of(sheet["boxes"]), sheet["looked_by"])
        for n, file in row.kept_files
        for page, sheet in enumerate(file["sheets"] or [])
    ]
    context = {
        "row": row,
        "case": row.case,
        "lines": [_shown(n, line) for n, line in parts.belonging(row.marked, row.left_out)],
        "pages": pages,
        "withheld": row.withheld,
        "absent": row.absent,
    }
    return render(request, "reports/disclosure/preview.html", context)


def _opened(request: SignedIn, number: str) -> Disclosure:
    row = access.disclosure_at(request, number)
    Reading.note_once(request.user, "disclosure", Q(pk=row.case_id), f"disclosure:{row.pk}")
    return row


def _listed(row: Disclosure, n: int, file: Enclosed) -> Context:
    """A file of the copy with its pages, and how far they are looked at."""
    pages = file["sheets"] or []
    return {
        **file,
        "pages": [
            (
                k + 1,
                reverse("disclosure_sheet", args=[row.number, n, k]),
                len(page["boxes"]),
                bool(page["looked_by"]),
            )
            for k, page in enumerate(pages)
        ],
        "left": len(unlooked(file)),
        "is_ready": file["sheets"] is not None,
    }


def _shown(n: int, line: Marked) -> Context:
    kind, text, spans = line
    return {
        "n": n,
        "anchor": f"line-{n}",
        "is_head": kind in ("part", "heading"),
        "text": text,
        "masked": masked(text, spans),
        "is_marked": bool(spans),
    }


def _may_mark(user: User, row: Disclosure) -> bool:
    return row.state == DisclosureState.RECEIVED and not DRAFTER.reasons(user, row)


@staff("programme_officer")
def line(request: SignedIn, number: str, n: int) -> HttpResponse:
    """The words of one line: which of them are withheld, and why."""
    row = _opened(request, number)
    if n >= len(row.lines):
        raise Http404
    form = LineForm(request.POST or None, row.marked[n], row.proposed_for(n), row.named_grounds)
    return write(
        request,
        form,
        lambda data: alike.mark(
            row,
            n,
            form.spans(),
            by=request.user,
            why=data["why"],
            is_everywhere=data["everywhere"],
        ),
        template="reports/disclosure/line.html",
        context={
            "row": row,
            "case": row.case,
            "text": form.text,
            "elsewhere": alike.count(alike.places(row.marked, n, form.before)),
            "grounds": [(form.text[s:e], row.named_grounds[g]) for s, e, g in form.before],
        },
        done=_lazy("公開しない部分を選びました。"),
        then=lambda made: _after_line(made, n),
    )


def _after_line(row: Disclosure, n: int) -> str:
    """The line again, while what it hides stands open elsewhere: its page offers to hide it there."""
    if alike.places(row.marked, n, row.marked[n][2]):
        return reverse("disclosure_line", args=[row.number, n])
    return f"{row.get_absolute_url()}#line-{n}"


@staff("programme_officer")
def choose(request: SignedIn, number: str) -> HttpResponse:
    """Which parts of the case the copy holds, and why not the others."""
    row = _opened(request, number)
    form = ChoosingForm(request.POST or None, row)
    return write(
        request,
        form,
        lambda _data: perform(row, "choose", by=request.user, left_out=form.left_out()),
        template="reports/disclosure/choose.html",
        context={"row": row, "case": row.case},
        done=_lazy("写しに含めるものを選びました。"),
        then=row.get_absolute_url(),
    )


@staff(*Disclosure.READERS)
@limited(PAPERS)
def copy(request: SignedIn, number: str) -> HttpResponse:
    """The copy: as it would be now, and from the decision on as it was decided."""
    row = access.disclosure_at(request, number)
    if not row.lines:
        raise Http404
    data = store.read(row.file) if row.file else row.drawn().data
    Reading.note(request.user, "disclosure.copy", row.case, f"disclosure:{row.pk}")
    return pdf(data, f"{row.number}.pdf", is_kept=True)
