"""The pages of requests about one's own data: the person's own, and the office's."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.privacy import access, asking, forms
from portal.privacy.models import DataRequest
from portal.privacy.ports import draw_answer
from portal.types import SignedIn
from portal.ui.limits import DATA_REQUESTS, PAPERS, limited
from portal.ui.paging import page_of
from portal.workflow.access import signed_in, staff
from portal.workflow.errors import Forbidden
from portal.workflow.writing import Tried, trying, write


@signed_in
@limited(DATA_REQUESTS)
def data_request_new(request: SignedIn) -> HttpResponse:
    """Ask about one's own data; below it what was asked before."""
    return write(
        request,
        forms.AskForm(request.POST or None),
        lambda typed: asking.make(by=request.user, **typed),
        template="portal/privacy/new.html",
        context={"rows": request.user.data_requests.order_by("-pk")},
        done=_("請求を受け付けました。"),
        then=lambda made: reverse("data_request", args=[made.number]),
        once=True,
    )


@signed_in
def data_request(request: SignedIn, number: str) -> HttpResponse:
    """One's own request: until when, what was decided, and the letter."""
    row = access.own(request.user, number)
    tried = Tried()
    if request.method == "POST":
        with trying() as tried:
            asking.withdraw(row, by=request.user)
        if tried.is_done:
            return redirect("data_request", number=number)
    context = {"row": row, "reasons": tried.reasons}
    return render(request, "portal/privacy/page.html", context, status=tried.status)


@signed_in
@limited(PAPERS)
def data_request_letter(request: SignedIn, number: str) -> HttpResponse:
    """The letter as PDF, for whoever asked and for the office."""
    own = DataRequest.objects.filter(person=request.user)
    row = get_object_or_404(
        own | DataRequest.objects.filter(pk__in=access.in_office(request.user).values("pk")),
        number=number,
        decided_at__isnull=False,
        disposed_on=None,
    )
    answer = HttpResponse(draw_answer.value(row), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{row.number}.pdf"'
    return answer


@staff(*access.READERS)
def data_request_desk(request: SignedIn) -> HttpResponse:
    """Open ones first, the one due first at the top."""
    rows = access.in_office(request.user).order_by("decided_at", "withdrawn_at", "due_on", "pk")
    context = {
        "page": page_of(request, rows),
        "may_enter": request.user.has_role(asking.DRAFTER),
    }
    return render(request, "portal/privacy/desk.html", context)


@staff(asking.DRAFTER)
def data_request_enter(request: SignedIn) -> HttpResponse:
    """Enter what came on paper."""
    return write(
        request,
        forms.EnterForm(request.POST or None),
        lambda typed: asking.enter(by=request.user, **typed),
        template="portal/privacy/enter.html",
        context={},
        done=_("請求を登録しました。"),
        once=True,
    )


@staff(*access.READERS)
def data_request_staff(request: SignedIn, number: str) -> HttpResponse:
    """One request for the office: prolonged, drafted and decided here."""
    row = get_object_or_404(access.in_office(request.user), number=number)
    act = request.POST.get("act", "")
    prolong = forms.ProlongForm(request.POST if act == "prolong" else None)
    draft = forms.DraftForm(request.POST if act == "answer" else None)
    tried = Tried(status=422 if request.method == "POST" else 200)
    form = {"prolong": prolong, "answer": draft}.get(act)
    if request.method == "POST" and (form is None or form.is_valid()):
        with trying() as tried:
            _act(row, act, request, {} if form is None else form.cleaned_data)
        if tried.is_done:
            return redirect("data_request_staff", number=number)
    context = {
        "row": row,
        "reasons": tried.reasons,
        "errors_of": form,
        "prolong": prolong if row.is_open and not row.extended_for else None,
        "draft": draft if row.is_open else None,
        "may_draft": request.user.has_role(asking.DRAFTER),
        "may_decide": request.user.has_role(asking.DECIDER),
    }
    return render(request, "portal/privacy/staff.html", context, status=tried.status)


def _act(row: DataRequest, act: str, request: SignedIn, typed: dict[str, str]) -> None:
    match act:
        case "prolong":
            asking.prolong(row, reason=typed["extension"], by=request.user)
        case "answer":
            asking.draft(row, by=request.user, outcome=typed["outcome"], reason=typed["reason"])
        case "back":
            asking.send_back(row, by=request.user, seen=request.POST.get("seen", ""))
        case "decide":
            asking.decide(row, by=request.user, seen=request.POST.get("seen", ""))
        case "ask_disposal":
            asking.ask_disposal(row, by=request.user)
        case "dispose":
            asking.dispose(row, by=request.user)
        case _:
            raise Forbidden(_("できない操作です。"))
