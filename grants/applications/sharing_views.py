"""The page on which a firm's people agree who writes what."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from grants.applications import correcting, sharing
from grants.applications.draft_frame import frame, writes_draft
from grants.applications.models import Application
from grants.applications.sharing_forms import SharingForm
from portal.types import SignedIn
from portal.ui.limits import MESSAGES, limited
from portal.workflow.writing import write


@writes_draft
@limited(MESSAGES)
def sharing_page(request: SignedIn, application: Application) -> HttpResponse:
    if request.user.is_office:
        raise Http404
    sections = [(task.key, task.label) for task in correcting.tasks(application)[:-1]]
    form = SharingForm(
        request.POST or None,
        sections=sections,
        people=sharing.people_of(application),
        writers=sharing.writers(application),
    )
    return write(
        request,
        form,
        lambda _data: sharing.share(application, form.wanted(), by=request.user),
        template="grants/applications/sharing.html",
        context=lambda: {**frame(application), "title": _("項目の分担")},
        done=_("分担を保存しました。"),
        then=application.case,
    )
