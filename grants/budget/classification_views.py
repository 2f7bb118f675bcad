"""Under which 予算科目 the money of a line stands: proposed on a page of its own, confirmed on that of the line."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.budget import classifying
from grants.budget.access import lines_for
from grants.budget.forms import ClassifyForm
from grants.budget.models import CHANGERS, ClassificationProposal
from grants.programmes.models import said
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.types import SignedIn
from portal.workflow.access import staff
from portal.workflow.writing import press, write


@staff(*CHANGERS)
def line_classify(request: SignedIn, pk: int) -> HttpResponse:
    """Propose under which 予算科目 the money of a line stands."""
    line = get_object_or_404(lines_for(request.user), pk=pk, unit="yen")
    demand(request.user, line, *CHANGERS)
    form = ClassifyForm(request.POST or None, line=line)
    return write(
        request,
        form,
        lambda data: classifying.propose(
            line, data, by=request.user, whole_call=data.get("whole_call", False)
        ),
        template="grants/budget/classify.html",
        context={"line": line, "frame": said(line.call.stated.frame(line.frame).name)},
        done=_("提案しました。別の職員が確認すると、予算科目が付きます。"),
        then=reverse("budget_line", args=[line.pk]),
    )


@require_POST
@staff(*CHANGERS)
def classification_confirm(request: SignedIn, pk: int) -> HttpResponse:
    proposal = _proposal_for(request.user, pk)
    return press(
        request,
        lambda: classifying.confirm(proposal, by=request.user),
        back=reverse("budget_line", args=[proposal.line_id]),
        done=_("確認し、予算科目を付けました。"),
    )


@require_POST
@staff(*CHANGERS)
def classification_take_back(request: SignedIn, pk: int) -> HttpResponse:
    proposal = _proposal_for(request.user, pk)
    return press(
        request,
        lambda: classifying.take_back(proposal, by=request.user),
        back=reverse("budget_line", args=[proposal.line_id]),
        done=_("提案を取り下げました。"),
    )


def _proposal_for(user: User, pk: int) -> ClassificationProposal:
    return get_object_or_404(ClassificationProposal, pk=pk, line__in=lines_for(user))
