"""What becomes of a draft's pages after it was handed in, and the answers in words to remarks."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications import correct_forms, correcting, drafts
from grants.applications.models import Application
from portal.cases.models import Case
from portal.ui.kept import keeps_typed
from portal.workflow.access import signed_in
from portal.workflow.errors import Refused


def load(request: HttpRequest, number: str) -> Application:
    """The application that this person may write: the applicant's side, or the office for a paper one; else 404."""
    cases = Case.objects.visible_to(request.user)
    application = get_object_or_404(
        Application.objects.select_related(
            "call__programme", "case__organisation__area", "copied_from"
        ),
        case__number=number,
        case__in=cases,
    )
    if request.user.is_office and not (
        application.on_paper and request.user.has_role("programme_officer")
    ):
        raise Http404
    return application


def writes_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the draft: called with the application; once it is handed in, says when, and where it is."""

    @keeps_typed
    @signed_in
    @wraps(view)
    def inner(request: HttpRequest, number: str, *args: Any, **given: Any) -> HttpResponse:
        application = load(request, number)
        if application.state not in drafts.EDITABLE:
            return already(request, application)
        return view(request, application, *args, **given)

    return inner


def already(request: HttpRequest, application: Application) -> HttpResponse:
    """Handed in (or ended): not an error, and nothing typed here is taken."""
    status = 200 if request.method in ("GET", "HEAD") else 409
    if "application/json" in request.headers.get("Accept", ""):
        text = _("すでに提出しています。ここでは書き換えられません。")
        return JsonResponse({"message": text, "closed": True}, status=status)
    context = {
        "application": application,
        "case": application.case,
        "call": application.call,
        "tried": status == 409,
    }
    return render(request, "grants/applications/already.html", context, status=status)


@require_POST
@writes_draft
def remark_answer(request: HttpRequest, application: Application, n: int) -> HttpResponse:
    form = correct_forms.AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "".join(form.errors["text"]))
    else:
        try:
            correcting.answer(application, n, form.cleaned_data["text"], by=request.user)
        except Refused as refused:
            messages.error(request, "".join(refused.reasons))
        else:
            messages.success(request, _("指摘への答えを保存しました。提出すると市に届きます。"))
    return redirect(f"{reverse('application_tasks', args=[application.case.number])}#remark-{n}")
