"""What becomes of a draft's pages after it was handed in, and the answers in words to remarks."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications import correct_forms, correcting
from grants.applications.draft_frame import writes_draft
from grants.applications.models import Application
from portal.types import SignedIn
from portal.workflow.writing import send


@require_POST
@writes_draft
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
