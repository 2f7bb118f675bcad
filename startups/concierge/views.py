"""Pages of the consultation inbox: one's own, a new one, the conversation, and the office's desk."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts.models import Organisation
from portal.types import SignedIn
from portal.ui.limits import CONSULTATIONS, limited
from portal.ui.paging import page_of
from portal.workflow.access import anyone, signed_in, staff
from portal.workflow.door import actions, begin
from portal.workflow.writing import press
from startups.concierge import access, asking
from startups.concierge.forms import AskForm
from startups.concierge.models import ANSWER_DAYS, Answerer, Consultation
from startups.concierge.states import ConsultationState


@signed_in
def own(request: SignedIn) -> HttpResponse:
    """What the person has asked."""
    page = page_of(request, Consultation.objects.filter(asked_by=request.user), 20)
    return render(request, "startups/concierge/own.html", {"page": page})


@signed_in
@limited(CONSULTATIONS)
def new(request: SignedIn) -> HttpResponse:
    organisations = Organisation.objects.filter(
        memberships__user=request.user, memberships__left_at=None
    )
    asked = asking.of(request)
    form = AskForm(request.POST or None, organisations=organisations, begun=asked.begun)
    if request.method == "POST" and form.is_valid():
        made = begin(
            Consultation,
            by=request.user,
            key=request.POST.get("form_key", "")[:64],
            **form.asked(),
        )
        messages.success(request, asking.received(made))
        return redirect(asked.back or made)
    context = {
        "form": form,
        "form_key": request.POST.get("form_key") or uuid.uuid4().hex,
        "back": asked.back or "consultation_own",
        "leave": _("相談せずに戻る") if asked.back else "",
        "days": ANSWER_DAYS,
        "may_pitch": not asked.begun,
    }
    return render(
        request, "startups/concierge/new.html", context, status=422 if form.errors else 200
    )


@signed_in
def consultation(request: SignedIn, number: str) -> HttpResponse:
    rows = Consultation.objects.visible_to(request.user).with_standing()
    rows = rows.select_related("asked_by", "handed_to__programme")
    row = get_object_or_404(rows, number=number)
    replies = [
        (reply, reply.author_id == row.asked_by_id)
        for reply in row.replies.select_related("author")
    ]
    context = {
        "consultation": row,
        "replies": replies,
        "actions": actions(request.user, row),
        "may_show": row.is_public and not Answerer().reasons(request.user, row),
    }
    return render(request, "startups/concierge/page.html", context)


@require_POST
@staff("concierge", "challenge_owner")
def show(request: SignedIn, number: str) -> HttpResponse:
    """Somebody of the office has read an offer: everyone may, or may not any more."""
    row = get_object_or_404(Consultation.objects.visible_to(request.user), number=number)
    is_shown = request.POST.get("shown") == "1"
    return press(
        request,
        lambda: access.show(row, by=request.user, is_shown=is_shown),
        back=row,
        done=_("だれでも読めるようにしました。") if is_shown else _("公表をやめました。"),
    )


@anyone
def offers(request: HttpRequest) -> HttpResponse:
    """リバースピッチ: what startups offer to departments, as far as they let everyone read it."""
    page = page_of(request, Consultation.objects.offers().order_by("-asked_at", "-pk"), 20)
    may_answer = (
        request.user.is_authenticated
        and request.user.is_office
        and request.user.has_role(*Consultation.READERS)
    )
    return render(
        request, "startups/concierge/offers.html", {"page": page, "may_answer": may_answer}
    )


@staff(*Consultation.READERS)
def desk(request: SignedIn) -> HttpResponse:
    """What waits for an answer first, the oldest at the top."""
    found = Consultation.objects.visible_to(request.user).with_standing().select_related("asked_by")
    state = request.GET.get("state", "asked")
    if state in ConsultationState.values:
        found = found.filter(state=state)
    page = page_of(request, found.order_by("asked_at", "pk"), 40)
    states = ConsultationState.choices
    return render(
        request, "startups/concierge/desk.html", {"page": page, "state": state, "states": states}
    )
