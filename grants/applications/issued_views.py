"""The day of issue of a document of a draft."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications import issued
from grants.applications.draft_frame import section_url, writes_draft
from grants.applications.issued_forms import IssuedForm
from grants.applications.models import Application
from portal.types import SignedIn
from portal.workflow.writing import send


@require_POST
@writes_draft
def document_issued(request: SignedIn, application: Application, key: str) -> HttpResponse:
    wanted = issued.asking(application.stated).get(key)
    if wanted is None:
        raise Http404
    return send(
        request,
        IssuedForm(request.POST, wanted=wanted),
        lambda given: issued.keep(application, key, given["on"], by=request.user),
        title=_("書類の発行日"),
        about=application.case,
        back=f"{section_url(application.case.number, 'documents')}#doc-{key}",
        done=_("発行日を保存しました。"),
    )
