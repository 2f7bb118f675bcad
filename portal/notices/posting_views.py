"""The list of notices on paper that wait to be posted, to be ticked."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.notices import posting
from portal.types import SignedIn
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.writing import press

PER_PAGE = 50
_DIGITS = 18  # of the longest key


@staff(*posting.POSTERS)
def notices_to_post(request: SignedIn) -> HttpResponse:
    rows = posting.waiting(request.user).select_related("case__organisation")
    page = page_of(request, rows.order_by("issued_at", "pk"), PER_PAGE)
    return render(request, "portal/notices/to_post.html", {"page": page})


@require_POST
@staff(*posting.POSTERS)
def notices_posted(request: SignedIn) -> HttpResponse:
    sent = request.POST.getlist("notice")
    keys = [int(key) for key in sent if key.isdecimal() and len(key) <= _DIGITS]
    return press(
        request,
        lambda: posting.posted(request.user, keys),
        back="notices_to_post",
        done=_("発送したことを記録しました。"),
    )
