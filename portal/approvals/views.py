"""Approvals: the list, and the page of one."""

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from portal.approvals.access import may_revise
from portal.approvals.models import Approval
from portal.approvals.ports import acts
from portal.approvals.states import ApprovalState
from portal.approvals.stations import READERS, STATIONS
from portal.types import SignedIn, Text
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.door import actions


@staff(*READERS)
def approval_list(request: SignedIn) -> HttpResponse:
    rows = (
        Approval.objects.visible_to(request.user)
        .select_related("drafted_by")
        .annotate(n=Count("items", distinct=True))
        .order_by("-drafted_at", "-pk")
    )
    state = request.GET.get("state", "mine" if request.user.has_role(*STATIONS) else "all")
    if state in ApprovalState.values:
        rows = rows.filter(state=state)
    elif state == "mine":
        rows = rows.filter(pk__in=Approval.objects.waiting_for(request.user).values("pk"))
    states: list[tuple[str, Text]] = [("mine", _("あなたの番")), ("all", _("すべて"))]
    states += ApprovalState.choices
    return render(
        request,
        "portal/approvals/list.html",
        {"page": page_of(request, rows), "states": states, "state": state},
    )


@staff(*READERS)
def approval_page(request: SignedIn, pk: int) -> HttpResponse:
    approval = get_object_or_404(Approval.objects.visible_to(request.user), pk=pk)
    items = list(approval.items.select_related("case__organisation"))
    fallen = approval.fallen()
    rows = [
        (item, item.preview if approval.is_live else [], fallen.get(item.case_id, []))
        for item in items
    ]
    steps = list(approval.steps.select_related("person", "decided_by"))
    context = {
        "approval": approval,
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
        "act": acts[approval.act],
        "draws": acts[approval.act].draws(approval.rows()) if approval.is_live else [],
    }
    return render(request, "portal/approvals/page.html", context)
