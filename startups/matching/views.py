"""Beginning the matching of a proposal;
everything after it goes through the pages of its transitions.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications.models import Application
from portal.cases.models import Case
from portal.types import SignedIn
from portal.workflow.access import staff
from portal.workflow.writing import press
from startups.matching import starting
from startups.matching.starting import start_matching


@require_POST
@staff(*starting.STARTERS)
def start(request: SignedIn, number: str) -> HttpResponse:
    rows = Application.objects.select_related("call__programme", "case")
    application = get_object_or_404(
        rows, case__number=number, case__in=Case.objects.visible_to(request.user)
    )
    return press(
        request,
        lambda: start_matching(application, by=request.user),
        back=f"{application.case.get_absolute_url()}#matches",
        done=lambda made: _("%(n)s件のマッチングを始めました。") % {"n": len(made)},
    )
