"""What the applicant says about a correction: answers in words to remarks, and that it takes longer."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications import correct_forms, correcting
from grants.applications.draft_frame import frame, writes_draft
from grants.applications.extensions import ExtensionRequest
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from portal.types import SignedIn
from portal.ui.limits import MESSAGES, limited
from portal.workflow.door import begin
from portal.workflow.writing import send, write


@require_POST
@writes_draft
@limited(MESSAGES)
def remark_answer(request: SignedIn, application: Application, n: int) -> HttpResponse:
    back = f"{reverse('application_tasks', args=[application.case.number])}#remark-{n}"
    return send(
        request,
        correct_forms.AnswerForm(request.POST),
        lambda given: correcting.answer(application, n, given["text"], by=request.user),
        title=_("答えを保存する"),
        about=application.case,
        back=back,
        done=_("指摘への答えを保存しました。提出すると市に届きます。"),
    )


@writes_draft
@limited(MESSAGES)
def extension_ask(request: SignedIn, application: Application) -> HttpResponse:
    """Ask for a later day, before the present one and after it, while the case is still returned."""
    if application.state != ApplicationState.RETURNED:
        raise Http404
    return write(
        request,
        correct_forms.AskForm(request.POST or None, present=application.correct_by),
        lambda given: begin(ExtensionRequest, by=request.user, application=application, **given),
        template="grants/applications/extension_new.html",
        context=lambda: frame(application),
        done=_("期限の延長を申し出ました。市が返事をするまで、期限は変わりません。"),
        then=reverse("application_tasks", args=[application.case.number]),
    )
