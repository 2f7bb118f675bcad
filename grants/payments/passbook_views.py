"""The page on which the copy of a passbook is handed in."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from grants.payments import passbooks
from grants.payments.access import award_at
from portal.documents import direct, intake, kinds
from portal.documents.models import Document
from portal.types import SignedIn
from portal.workflow.access import signed_in


@signed_in
def passbook(request: SignedIn, number: str) -> HttpResponse:
    """By the firm, or by the office that received it at its counter."""
    award = award_at(request, number)
    if not passbooks.may_hand_in(request.user, award.case):
        raise Http404
    error = ""
    if request.method == "POST":
        error = intake.attempt(request, award.case, passbooks.KEY)
        if not error:
            return redirect(request.path)
    files = Document.objects.sent().filter(case=award.case, key=passbooks.KEY)
    row = {
        "key": passbooks.KEY,
        "name": _("通帳の写し"),
        "hint": _("表紙と見開き（金融機関・支店・種類・番号・名義のカナが読めるところ）。"),
        "required": passbooks.is_asked(award),
        "files": list(files.select_related("file", "uploaded_by")),
        "error": error,
    }
    context = {
        "case": award.case,
        "rows": [row],
        "errors": {passbooks.KEY: error} if error else {},
        "types": kinds.TYPES,
        "accepted": kinds.ACCEPTED,
        "direct": direct.is_offered(),
        "limit": settings.UPLOAD_MAX_BYTES // 1048576,
    }
    status = intake.status_of([error] if error else [])
    return render(request, "grants/payments/passbook.html", context, status=status)
