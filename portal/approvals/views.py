"""Approvals: the list, and the page of one."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from portal.approvals import paper
from portal.approvals.access import may_revise
from portal.approvals.models import Approval, Item, contents
from portal.approvals.ports import acts, draw_document
from portal.approvals.states import ApprovalState
from portal.approvals.stations import READERS, STATIONS
from portal.cases.models import Reading
from portal.types import SignedIn, Text
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.door import actions
from portal.workflow.papers import pdf


@staff(*READERS)
def approval_list(request: SignedIn) -> HttpResponse:
    rows = (
        Approval.objects.visible_to(request.user)
        .select_related("drafted_by")
        .annotate(n=Count("items", distinct=True))
        .order_by("-drafted_at", "-pk")
    )
    state = request.GET.get("state", "mine" if request.user.has_role(*STATIONS) else "all")
    case = request.GET.get("case", "")
    if case:
        rows = rows.filter(pk__in=Item.objects.filter(case__number=case).values("approval"))
    if state in ApprovalState.values:
        rows = rows.filter(state=state)
    elif state == "mine" and not case:
        rows = rows.filter(pk__in=Approval.objects.waiting_for(request.user).values("pk"))
    states: list[tuple[str, Text]] = [("mine", _("あなたの番")), ("all", _("すべて"))]
    states += ApprovalState.choices
    return render(
        request,
        "portal/approvals/list.html",
        {"page": page_of(request, rows), "states": states, "state": state, "case": case},
    )


@staff(*READERS)
def approval_page(request: SignedIn, pk: int) -> HttpResponse:
    approval = get_object_or_404(Approval.objects.visible_to(request.user), pk=pk)
    items = list(approval.items.select_related("case__organisation"))
    fallen = approval.fallen()
    act = acts[approval.act]
    changes = contents.previews(approval) if approval.is_live else {}
    rows = [
        (item, changes.get(item.case_id) or item.changes, fallen.get(item.case_id, []))
        for item in items
    ]
    steps = list(approval.steps.select_related("person", "decided_by"))
    context = {
        "approval": approval,
        "kept_as": approval.get_keep_years_display(),
        "rows": rows,
        "steps": [step for step in steps if step.round == approval.round],
        "said_before": [
            step for step in steps if step.round < approval.round and step.decided_by_id
        ],
        "dropped": approval.dropped.select_related("case__organisation", "dropped_by"),
        "may_revise": may_revise(request.user, approval),
        "actions": [
            action
            for action in actions(request.user, approval)
            if action.spec.name != "drop_rows" or fallen
        ],
        "act": act,
        "draws": act.draws(approval.rows()) if approval.is_live else approval.drawn,
    }
    return render(request, "portal/approvals/page.html", context)


@staff(*READERS)
def document(request: SignedIn, pk: int) -> HttpResponse:
    """The 起案用紙 as PDF: what is before its readers now, or the 決裁文書 as it ended."""
    approval = get_object_or_404(
        Approval.objects.visible_to(request.user).select_related("drafted_by"), pk=pk
    )
    Reading.note(request.user, "approval.document", subject=approval.subject_key)
    return pdf(draw_document.value(paper.document(approval)), f"approval-{approval.pk}.pdf")
