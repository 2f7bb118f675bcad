"""What becomes of a draft's pages after it was handed in, and the answers in words to remarks."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications import correct_forms, correcting
from grants.applications.draft_frame import writes_draft
from grants.applications.models import Application
from portal.types import SignedIn
from portal.workflow.errors import Refused


@require_POST
@writes_draft
def remark_answer(request: SignedIn, application: Application, n: int) -> HttpResponse:
    form = correct_forms.AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, "".join(map(str, form.errors["text"])))
    else:
        try:
            correcting.answer(application, n, form.cleaned_data["text"], by=request.user)
        except Refused as refused:
            messages.error(request, "".join(refused.reasons))
        else:
            messages.success(request, _("指摘への答えを保存しました。提出すると市に届きます。"))
    return redirect(f"{reverse('application_tasks', args=[application.case.number])}#remark-{n}")
