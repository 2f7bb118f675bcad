"""Lost second factors: the office's page of proposals, and the owner's page that stops one."""

from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import lost_factors, security
from portal.accounts.forms import FactorRemovalForm
from portal.accounts.keeping import keeps_firms
from portal.accounts.models import FactorRemoval
from portal.accounts.permissions import COUNTER
from portal.types import Given, SignedIn
from portal.workflow.access import P, Personal, Public, anyone, proves_again, staff
from portal.workflow.writing import press, trying, write

LATELY = 30  # closed ones that the page shows


def provers(view: Personal[P]) -> Public[P]:
    """For administrators and the counter; who keeps no firm at all gets 404."""

    @staff("administrator", *COUNTER.roles)
    @proves_again
    @wraps(view)
    def wrapped(request: SignedIn, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.has_role("administrator") and not keeps_firms(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


@provers
def removals(request: SignedIn) -> HttpResponse:
    """What is proposed, what became of earlier ones, and a new proposal."""
    is_administrator = request.user.has_role("administrator")
    ways = [*FactorRemoval.OF_OFFICE] if is_administrator else []
    form = FactorRemovalForm(request.POST or None, ways=[*ways, *FactorRemoval.OF_FIRM])
    rows = lost_factors.seen_by(request.user)

    def save(data: Given) -> FactorRemoval:
        person = security.whose(data.pop("email"))
        return lost_factors.propose(person, by=request.user, **data)

    return write(
        request,
        form,
        save,
        template="portal/accounts/lost_factors.html",
        context=lambda: {
            "open": list(rows.filter(outcome="")),
            "closed": list(rows.exclude(outcome="").order_by("-closed_at", "-pk")[:LATELY]),
            "is_administrator": is_administrator,
        },
        done=_("提案しました。持ち主にメールで知らせました。待ったあと、別の担当が確認します。"),
        then="factor_removals",
    )


def _row(request: SignedIn, pk: int) -> FactorRemoval:
    return get_object_or_404(lost_factors.seen_by(request.user), pk=pk)


@require_POST
@provers
def confirm(request: SignedIn, pk: int) -> HttpResponse:
    removal = _row(request, pk)
    return press(
        request,
        lambda: lost_factors.confirm(removal, by=request.user),
        back="factor_removals",
        done=_("二つ目の本人確認を外し、本人にメールで知らせました。"),
    )


@require_POST
@provers
def take_back(request: SignedIn, pk: int) -> HttpResponse:
    removal = _row(request, pk)
    return press(
        request,
        lambda: lost_factors.take_back(removal, by=request.user),
        back="factor_removals",
        done=_("提案を取り下げ、持ち主にメールで知らせました。"),
    )


@anyone
def stop(request: HttpRequest, secret: str) -> HttpResponse:
    """By the link of the mail: opening it does nothing, since mail programs open links by themselves;
    one press stops the proposal.
    """
    removal = lost_factors.by_secret(secret)
    if removal is None:
        raise Http404
    reasons: list[str] = []
    if request.method == "POST":
        with trying() as tried:
            removal = lost_factors.stop(removal)
        reasons = tried.reasons
    context = {"removal": removal, "reasons": reasons}
    page = "portal/accounts/lost_factor_stop.html"
    return render(request, page, context, status=422 if reasons else 200)
