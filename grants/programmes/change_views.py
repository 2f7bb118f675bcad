"""Where an officer proposes what becomes of an announced call."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from grants.programmes import calling_off
from grants.programmes.forms import AmendForm, CallOffForm, EarlyEndForm
from grants.programmes.models import Call, CallChange
from portal.accounts.permissions import demand
from portal.types import Context, SignedIn
from portal.workflow.access import staff
from portal.workflow.door import begin
from portal.workflow.writing import write


@staff("programme_officer")
def call_end(request: SignedIn, pk: int) -> HttpResponse:
    """Propose that a running call closes earlier, or that one whose intake is over opens once more."""
    call = _own_call(request, pk)
    form = EarlyEndForm(request.POST or None)
    return _propose(request, call, form, title=call.other_end)


@staff("programme_officer")
def call_amend(request: SignedIn, pk: int) -> HttpResponse:
    """Propose other days for a running call, or a newer revision of its programme."""
    call = _own_call(request, pk)
    form = AmendForm(request.POST or None, call=call)
    newer = form.programme if "newer" in form.fields else None
    amends: Context = {"amends": True, "newer": newer}
    return _propose(request, call, form, title=_("公募の内容を変える"), **amends)


@staff("programme_officer")
def call_off(request: SignedIn, pk: int) -> HttpResponse:
    """Propose that an announced call is called off."""
    call = _own_call(request, pk)
    about: Context = {"hit": calling_off.hit(call)}
    return _propose(
        request, call, CallOffForm(request.POST or None), title=_("公募を中止する"), **about
    )


def _own_call(request: SignedIn, pk: int) -> Call:
    call = get_object_or_404(Call.objects.select_related("programme"), pk=pk)
    demand(request.user, call, "programme_officer")
    return call


def _propose(
    request: SignedIn,
    call: Call,
    form: EarlyEndForm | AmendForm | CallOffForm,
    *,
    title: str,
    **about: object,
) -> HttpResponse:
    return write(
        request,
        form,
        lambda _data: begin(CallChange, by=request.user, call=call, **form.said()),
        template="grants/programmes/staff_change.html",
        context={"call": call, "title": title, **about},
        done=_("提案しました。別の職員が承認すると公表されます。"),
    )
