"""The rows of a draft as a table for spreadsheets: as its page shows them to the same reader."""

from collections.abc import Iterator

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.approvals import shown_rows
from portal.approvals.access import cases_told, unread
from portal.approvals.models import Approval
from portal.approvals.ports import acts
from portal.approvals.stations import READERS
from portal.cases.models import Reading
from portal.sheets import csv_response, xlsx_response
from portal.types import SignedIn
from portal.ui.limits import EXPORTS, limited
from portal.ui.templatetags.ui import tr
from portal.workflow.access import staff


def _opened(user: User, pk: int) -> Approval:
    """The draft, or 404; that its rows are taken out is kept in each case that they name."""
    rows = Approval.objects.visible_to(user).prefetch_related("items__case__organisation")
    approval = get_object_or_404(rows, pk=pk)
    approval.hold()
    Reading.note_each(user, "approval.export", cases_told(approval.pk), approval.subject_key)
    return approval


@staff(*READERS)
@limited(EXPORTS)
def export(request: SignedIn, pk: int) -> HttpResponse:
    approval = _opened(request.user, pk)
    return csv_response(f"approval-{pk}.csv", table(request.user, approval))


@staff(*READERS)
@limited(EXPORTS)
def workbook(request: SignedIn, pk: int) -> FileResponse:
    approval = _opened(request.user, pk)
    return xlsx_response(f"approval-{pk}.xlsx", table(request.user, approval))


def table(user: User, approval: Approval) -> Iterator[list[object]]:
    """A line for each thing that a row changes. Its sums stand in the first of them alone, so that a
    column adds up to what the page says; of a case that the reader does not read there is the number
    and the state.
    """
    yield [
        _("案件"),
        _("事業者"),
        _("制度"),
        _("状態"),
        _("申請額（円）"),
        _("この起案の金額（円）"),
        _("予算"),
        _("項目"),
        _("いま") if approval.is_live else _("決裁の前"),
        _("決裁のあと"),
        _("行えなくなった理由"),
    ]
    closed, budget = unread(user, approval), _budget(approval)
    for row in shown_rows.open_rows(approval, approval.fallen(), closed):
        yield from _lines(row, budget.get(row.item.case_id, ""))
    for item in approval.items.all():
        if item.case_id in closed:
            yield [str(item.case), "", "", tr(item.case.state_label), *[""] * 7]


def _budget(approval: Approval) -> dict[int, str]:
    """Case → the lines of the budget that its row takes from, or gives back to."""
    draws = acts[approval.act].draws
    return {
        subject.case_id: "、".join(dict.fromkeys(draw.line for draw in draws([(subject, given)])))
        for subject, given in approval.rows()
    }


def _lines(row: shown_rows.ShownRow, budget: str) -> Iterator[list[object]]:
    case = row.item.case
    who = [str(case), case.organisation.name, tr(case.shown_programme), tr(case.state_label)]
    sums: list[object] = [case.applied_amount, row.yen]
    for n, change in enumerate(row.changes or [("", "", "")]):
        yield [*who, *(sums if n == 0 else ["", ""]), budget, *change, "\n".join(row.fallen)]
