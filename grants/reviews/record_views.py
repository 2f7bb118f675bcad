"""The record of a selection: its page for the office, and its paper."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import override

from grants.programmes.models import Call
from grants.reviews import told
from grants.reviews.ports import Paper, draw_record
from grants.reviews.records import SelectionRecord
from portal.accounts.models import User
from portal.cases.visibility import DECIDERS
from portal.types import SignedIn
from portal.ui.limits import PAPERS, limited
from portal.workflow.access import staff
from portal.workflow.papers import answer


def kept_by(user: User) -> QuerySet[SelectionRecord]:
    """Those whose paper the person answers for."""
    calls = Call.objects.within(user, "programme_officer")
    return SelectionRecord.objects.filter(call__in=calls)


def _record(request: SignedIn, pk: int) -> SelectionRecord:
    """A record of a call in the person's scope."""
    records = SelectionRecord.objects.select_related("call__programme", "decided_by")
    return get_object_or_404(records, pk=pk, call__in=Call.objects.within(request.user, *DECIDERS))


@staff(*DECIDERS)
def page(request: SignedIn, pk: int) -> HttpResponse:
    record = _record(request, pk)
    rows = told.rows_for(record, request.user)
    context = {
        "record": record,
        "summary": told.summary(record, rows, request.user),
        "marks": told.marks(rows),
        "hidden": sum(not row.facts for row in rows),
    }
    return render(request, "grants/reviews/record.html", context)


@staff(*DECIDERS)
@limited(PAPERS)
def pdf(request: SignedIn, pk: int) -> HttpResponse:
    """On paper in Japanese, with what the person may see."""
    record = _record(request, pk)
    name = f"選考の記録_{record.call.code}_{record.frame}_{record.n}.pdf"
    return answer(request, "selection", record, lambda: _drawn(record, request.user), name=name)


def _drawn(record: SelectionRecord, user: User | None) -> bytes:
    with override("ja"):
        rows = told.rows_for(record, user)
        return draw_record.value(
            Paper(
                title=_("選考の記録"),
                number=f"{record.call.code}-{record.frame}-{record.n}",
                lines=[str(record.call), _("最初の決定のときのままの記録です。")],
                sections=[*told.summary(record, rows, user), *told.marks(rows)],
                foot=_("金額は円です。"),
            )
        )


def paper_anew(pk: int) -> bytes:
    """The record as the portal itself reads it."""
    records = SelectionRecord.objects.select_related("call__programme", "decided_by")
    return _drawn(records.get(pk=pk), None)
