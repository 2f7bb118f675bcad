"""Is the record whole: the page of whoever has to say so, and the button that has it looked at."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.audit import verifying
from portal.audit.models import Verification
from portal.types import SignedIn
from portal.ui.limits import VERIFICATIONS, limited
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.errors import NotReady
from portal.workflow.jobs import enqueue
from portal.workflow.writing import press

READERS = ("auditor", "administrator")


@staff(*READERS)
def record(request: SignedIn) -> HttpResponse:
    """The newest run that ended, kind by kind, whether one is under way, and those before."""
    ended = Verification.objects.exclude(ended_at=None).select_related("asked_by")
    last = ended.first()
    context = {
        "last": last,
        "found": list(verifying.told(last)) if last else [],
        "is_under_way": verifying.is_under_way(),
        "page": page_of(request, ended),
    }
    return render(request, "portal/workflow/record.html", context)


@require_POST
@staff(*READERS, only_looks=True)
@limited(VERIFICATIONS)
def record_verify(request: SignedIn) -> HttpResponse:
    return press(
        request,
        lambda: _ask(request),
        back="record",
        done=_("記録を確かめています。終わると、この画面に結果が出ます。"),
    )


@transaction.atomic
def _ask(request: SignedIn) -> None:
    """Raises NotReady while a run is under way."""
    if verifying.is_under_way():
        raise NotReady(_("いま確かめているところです。終わってから、もう一度お試しください。"))
    asked = verifying.ask(by=request.user)
    enqueue([("verify_record", {"verification": asked.pk})])
