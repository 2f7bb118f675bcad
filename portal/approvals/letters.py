"""施行文案: the letters of a draft before its decision, word for word as they will go out."""

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from portal.approvals.access import approval_for
from portal.approvals.models import Approval, contents
from portal.approvals.models.approval import to_be_locked
from portal.approvals.stations import READERS
from portal.cases.models import Reading
from portal.notices import issue
from portal.notices.issue import Draft
from portal.notices.ports import draw_notice
from portal.types import SignedIn
from portal.ui.limits import PAPERS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.errors import Refused
from portal.workflow.papers import pdf
from portal.workflow.rehearsal import rehearse


def drafted(approval: Approval) -> list[Draft]:
    """The notices that its decision issues, as they would be today.

    The act is done as whoever decides, and undone. Raises Refused with what forbids it now.
    """
    decider = approval.steps_now[-1].person
    letters = rehearse(
        lambda: contents.execute(approval, decider),
        lambda run: issue.drafts(run.notices),
        by=decider,
        locks=to_be_locked(approval),
    )
    prefetch_related_objects([letter.case for letter in letters], "organisation")
    return letters


def _live(request: SignedIn, pk: int) -> Approval:
    approval = approval_for(request.user, pk)
    if not approval.is_live:
        raise Http404
    return approval


@staff(*READERS)
def letter_list(request: SignedIn, pk: int) -> HttpResponse:
    approval = approval_for(request.user, pk)
    if not approval.is_live:
        return redirect(approval)
    letters: list[Draft] = []
    reasons: list[str] = []
    try:
        letters = drafted(approval)
    except Refused as refused:
        reasons = refused.reasons
    numbered = list(enumerate(letters, 1))
    context = {"approval": approval, "page": page_of(request, numbered), "reasons": reasons}
    return render(request, "portal/approvals/letters.html", context)


def _letter(request: SignedIn, pk: int, n: int) -> tuple[Approval, Draft, int]:
    """The n-th letter, kept as read, and how many there are."""
    approval = _live(request, pk)
    try:
        letters = drafted(approval)
    except Refused as refused:
        raise Http404 from refused
    if not 1 <= n <= len(letters):
        raise Http404
    letter = letters[n - 1]
    Reading.note(request.user, "approval.letter", letter.case, approval.subject_key)
    return approval, letter, len(letters)


@staff(*READERS)
@limited(PAPERS)
def letter(request: SignedIn, pk: int, n: int) -> HttpResponse:
    approval, notice, count = _letter(request, pk, n)
    context = {
        "approval": approval,
        "notice": notice,
        "facts": notice.facts | {"items_list": notice.facts.get("items", [])},
        "n": n,
        "before": n - 1,
        "after": n + 1 if n < count else 0,
        "count": count,
    }
    return render(request, "portal/approvals/letter.html", context)


@staff(*READERS)
@limited(PAPERS)
def letter_paper(request: SignedIn, pk: int, n: int) -> HttpResponse:
    """The letter as PDF, marked as a draft."""
    _approval, notice, _count = _letter(request, pk, n)
    name = f"案_{notice.title}_{notice.case.shown_number}.pdf"
    return pdf(draw_notice.value(notice), name)
