"""The way into an application: begun by one press where there is nothing to choose."""

from collections.abc import Callable
from functools import update_wrapper

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _

from grants.applications import starting, words_by_kind
from grants.applications.draft_frame import next_section, section_url
from grants.applications.models import Application
from grants.applications.start_forms import StartForm
from grants.applications.states import ApplicationState
from grants.programmes.models import Call
from grants.programmes.views import public_call
from portal import clock, days
from portal.accounts.models import Organisation, User, in_force
from portal.accounts.ports import APPLY_TO
from portal.accounts.unproved import kept_from_people
from portal.cases.models import Case
from portal.firms import letters
from portal.types import Sent, SignedIn
from portal.ui.limits import DRAFTS, WAITING, limited, spend, used
from portal.workflow.access import signed_in
from portal.workflow.sent_forms import NotDone
from portal.workflow.writing import Tried, trying


def _remembers(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A press of somebody who is not signed in yet waits in their session, and begins afterwards."""

    def wrapped(request: HttpRequest, code: str) -> HttpResponseBase:
        is_pressed = request.method == "POST" and not request.user.is_authenticated
        if is_pressed and used(request, WAITING)[0] >= 0:
            request.session[APPLY_TO] = public_call(code).code
        return view(request, code)

    update_wrapper(wrapped, view)
    return wrapped


@_remembers
@signed_in
@limited(DRAFTS)
def start(request: SignedIn, code: str) -> HttpResponse:
    """Begin an application, or go on with the one there is.

    The organisation is chosen here, and an earlier application to copy; where there is neither to
    choose, the press on the programme's page has begun.
    """
    call = public_call(code)
    if request.user.is_office or not call.stated.listed:
        raise Http404
    organisations = Organisation.objects.filter(pk__in=acting_for(request.user, call))
    if not organisations.exists():
        request.session[APPLY_TO] = code
        return NotDone(resolve_url("organisation_new"))
    earlier = _earlier(request.user, organisations)
    form = StartForm(
        _sent(request, code, organisations, earlier), organisations=organisations, earlier=earlier
    )
    tried = Tried(status=422 if form.errors else 200)
    if form.is_valid():
        organisation = form.cleaned_data["organisation"]
        live = call.applications.live().filter(case__organisation=organisation)
        there = live.filter(case__in=Case.objects.visible_to(request.user)).first()
        if there:
            messages.info(request, _already_there(there, request.user))
            return redirect(there.case)
        with trying() as tried:
            copied = form.cleaned_data.get("copy_from")
            begun = starting.start(call, organisation, by=request.user, earlier=copied)
            request.session.pop(APPLY_TO, None)
            _tell(request, organisation)
            return redirect(section_url(begun.case.number, next_section(begun)))
    context = {
        "call": call,
        "form": form,
        "reasons": tried.reasons,
        "words": words_by_kind.OF_KIND[call.stated.kind],
        "unproved": organisations.filter(proved_how="").exists(),
    }
    return render(request, "grants/applications/start.html", context, status=tried.status)


def _tell(request: SignedIn, organisation: Organisation) -> None:
    """What was said on the pages that one is no longer led through."""
    begun = _("下書きを始めました。途中で閉じても、「あなたの手続き」から続けられます。")
    messages.success(request, begun)
    if not organisation.is_proved:
        first = _("提出の前に、事業者の確認が要ります。%(how)s")
        messages.warning(request, first % {"how": letters.advice(organisation)})


def _earlier(user: User, organisations: QuerySet[Organisation]) -> QuerySet[Application]:
    """What may be copied."""
    return (
        Application.objects.filter(
            case__in=Case.objects.visible_to(user), case__organisation__in=organisations
        )
        .exclude(state=ApplicationState.DRAFT)
        .select_related("case__organisation")
    )


def _sent(
    request: SignedIn,
    code: str,
    organisations: QuerySet[Organisation],
    earlier: QuerySet[Application],
) -> Sent:
    """The form of the page; or in its stead a press on the programme's page, now or before one signed
    in, where there is nothing to choose.
    """
    if "organisation" in request.POST:
        return request.POST
    is_pressed = request.method == "POST"
    if request.method == "GET" and request.session.get(APPLY_TO) == code:
        del request.session[APPLY_TO]
        spend(request, DRAFTS)
        is_pressed = True
    if not is_pressed or organisations.count() > 1 or earlier.exists():
        return None
    return {"organisation": str(organisations.get().pk)}


def _already_there(there: Application, user: User) -> str:
    """Why one stands in front of an application that one did not begin now."""
    if there.state != ApplicationState.DRAFT:
        return _("この公募には、もう申請しています。その申請を開きました。")
    day = days.day_said(clock.day_of(there.case.opened_at))
    last = there.sections.order_by("-saved_at").select_related("saved_by").first()
    who = last.saved_by if last is not None else None
    if who is None or who == user or who.is_office or kept_from_people(there.case):
        return _("%(day)sに始めた書きかけを開きました。続きから書けます。") % {"day": day}
    said = {"who": who.name or who.email, "day": day}
    return (
        _(
            "%(day)sに始めた書きかけを開きました。最後に書いたのは%(who)sさんです。続きから書けます。"
        )
        % said
    )


def acting_for(user: User, call: Call) -> list[int]:
    """Organisations the person may apply for in this programme."""
    own = list(user.memberships.filter(left_at=None).values_list("organisation_id", flat=True))
    delegated = user.delegations.filter(in_force(), programme_code__in=["", call.programme_code])
    return own + list(delegated.values_list("organisation_id", flat=True))
