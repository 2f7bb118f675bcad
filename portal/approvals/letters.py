"""施行文案: the letters of a draft before its decision, word for word as they will go out.

The list names them; the letters of a row are made when they are opened.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.approvals.access import approval_for, unread
from portal.approvals.models import Approval, Item, contents
from portal.approvals.ports import acts
from portal.approvals.stations import READERS
from portal.cases.models import Reading
from portal.notices.issue import Draft
from portal.notices.ports import draw_notice
from portal.types import Given, Row, SignedIn
from portal.ui.limits import PAPERS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.errors import Refused
from portal.workflow.papers import pdf
from portal.workflow.ports import notice_kinds
from portal.workflow.rehearsal import NOTHING_SENT, Foreseen, foreseen, rehearse
from portal.workflow.writing import trying


def drafted(approval: Approval, item: Item) -> Foreseen:
    """The notices that the decision issues about a row, as they would be today, and their mails; then
    those about cases that are not in the draft.

    The act is done as whoever decides, and undone. Raises Refused with what forbids it now.
    """
    act, by = acts[approval.act], approval.steps_now[-1].person
    if act.is_by_row:
        with suppress(Refused):  # what cannot be done alone may be after the rows before it
            return _letters(approval, item, contents.rows(act, [item]), by)
    return _letters(approval, item, approval.rows(), by)


def _letters(approval: Approval, item: Item, rows: list[tuple[Row, Given]], by: User) -> Foreseen:
    every = rehearse(
        lambda: contents.execute(approval, rows, by),
        foreseen,
        by=by,
        locks=contents.touched(acts[approval.act], rows),
    )
    others = {row.case_id for row in approval.items.all()} - {item.case_id}

    def about(found: Iterable[Row]) -> list[Row]:
        mine = [each for each in found if each.case.pk not in others]
        return sorted(mine, key=lambda each: each.case.pk != item.case_id)

    return Foreseen(about(every.notices), about(every.mails))


@staff(*READERS)
def letter_list(request: SignedIn, pk: int) -> HttpResponse:
    """The rows of a draft, each with the letter that it gets; none is made for it."""
    approval = approval_for(request.user, pk)
    if not approval.is_live:
        return redirect(approval)
    kind = acts[approval.act].notice
    items = approval.items.select_related("case__organisation")
    context = {
        "approval": approval,
        "page": page_of(request, items.exclude(case__in=unread(request.user, approval))),
        "letter": notice_kinds[kind].label if kind else "",
    }
    return render(request, "portal/approvals/letters.html", context)


def _row(request: SignedIn, pk: int, n: int) -> tuple[Approval, Item, frozenset[int]]:
    """The n-th row of a live draft, of a case that is open to its reader; and which are not."""
    approval = approval_for(request.user, pk)
    if not approval.is_live:
        raise Http404
    item = get_object_or_404(approval.items.select_related("case__organisation"), n=n)
    closed = unread(request.user, approval)
    if item.case_id in closed:
        raise Http404
    return approval, item, closed


def _readable(approval: Approval, item: Item, closed: Collection[int]) -> Foreseen:
    """The letters and mails about a row that its reader may see: who does not read the whole draft
    sees those to this case. Raises Refused.
    """
    found = drafted(approval, item)

    def open_of(rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if row.case.pk == item.case_id or not closed]

    return Foreseen(open_of(found.notices), open_of(found.mails))


def _note(request: SignedIn, approval: Approval, told: Iterable[Row]) -> None:
    """Keep it of each case that what was opened tells of."""
    cases = Q(pk__in={row.case.pk for row in told})
    Reading.note_each(request.user, "approval.letter", cases, approval.subject_key)


def _told(reasons: list[str], closed: Collection[int]) -> list[str]:
    """Why no letter can be made; what stands in the way in cases that are closed is not said."""
    return (
        [_("この起案には、いまは決裁できない案件があります。")] if reasons and closed else reasons
    )


@staff(*READERS)
@limited(PAPERS)
def letter(request: SignedIn, pk: int, n: int) -> HttpResponse:
    """The letters about one row, or why they could not go out now."""
    approval, item, closed = _row(request, pk, n)
    sent = NOTHING_SENT
    with trying() as tried:
        sent = _readable(approval, item, closed)
        _note(request, approval, [item, *sent.notices, *sent.mails])
    rows = list(approval.items.exclude(case__in=closed).values_list("n", flat=True))
    place = rows.index(n)
    context = {
        "approval": approval,
        "item": item,
        "letters": sent.notices,
        "mails": sent.mails,
        "reasons": _told(tried.reasons, closed),
        "n": place + 1,
        "before": rows[place - 1] if place else 0,
        "after": next(iter(rows[place + 1 :]), 0),
        "count": len(rows),
    }
    return render(request, "portal/approvals/letter.html", context)


@staff(*READERS)
@limited(PAPERS)
def letter_paper(request: SignedIn, pk: int, n: int, k: int) -> HttpResponse:
    """The k-th letter about a row as PDF, marked as a draft."""
    approval, item, closed = _row(request, pk, n)
    letters: Sequence[Draft] = []
    with trying():
        letters = _readable(approval, item, closed).notices
    if not 1 <= k <= len(letters):
        raise Http404
    notice = letters[k - 1]
    _note(request, approval, [notice])
    name = f"案_{notice.title}_{notice.case.number}.pdf"
    return pdf(draw_notice.value(notice), name)
