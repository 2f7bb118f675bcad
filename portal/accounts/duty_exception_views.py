"""Exceptions from the separation of duties: administrators propose and confirm them, auditors read."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.accounts import duty_exceptions
from portal.accounts.forms import DutyExceptionForm
from portal.accounts.models import DutyException
from portal.types import SignedIn
from portal.workflow.access import proves_again, staff
from portal.workflow.writing import press, write


@staff(*duty_exceptions.KEEPERS, "auditor")
@proves_again
def duty_exception_list(request: SignedIn) -> HttpResponse:
    """All of them, whatever became of each, and for administrators a new proposal."""
    may = request.user.has_role(*duty_exceptions.KEEPERS)
    if request.method == "POST" and not may:
        raise PermissionDenied
    form = DutyExceptionForm(request.POST or None, initial={"starts_on": clock.today()})
    rows = DutyException.objects.select_related(
        "municipality", "proposed_by", "closed_by", "ended_by"
    )
    return write(
        request,
        form,
        lambda data: duty_exceptions.propose(by=request.user, **data),
        template="portal/accounts/duty_exceptions.html",
        context={"exceptions": rows, "may": may},
        done=_("例外を提案しました。別の管理者が確認すると効きます。"),
        then="duty_exceptions",
    )


@require_POST
@staff(*duty_exceptions.KEEPERS)
@proves_again
def duty_exception_confirm(request: SignedIn, pk: int) -> HttpResponse:
    exception = get_object_or_404(DutyException, pk=pk)
    return press(
        request,
        lambda: duty_exceptions.confirm(exception, by=request.user),
        back="duty_exceptions",
        done=_("例外を確認しました。始まりの日から効きます。"),
    )


@require_POST
@staff(*duty_exceptions.KEEPERS)
@proves_again
def duty_exception_take_back(request: SignedIn, pk: int) -> HttpResponse:
    exception = get_object_or_404(DutyException, pk=pk)
    return press(
        request,
        lambda: duty_exceptions.take_back(exception, by=request.user),
        back="duty_exceptions",
        done=_("提案を取り下げました。"),
    )


@require_POST
@staff(*duty_exceptions.KEEPERS)
@proves_again
def duty_exception_end(request: SignedIn, pk: int) -> HttpResponse:
    exception = get_object_or_404(DutyException, pk=pk)
    return press(
        request,
        lambda: duty_exceptions.end(exception, by=request.user),
        back="duty_exceptions",
        done=_("例外を終えました。いまから職務を分けます。"),
    )
