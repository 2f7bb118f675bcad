"""Putting files to a draft, taking them off, and opening them."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import sentences
from portal.accounts.models import User
from portal.approvals.access import approval_for, attachment_for, cases_told
from portal.approvals.models import Approval
from portal.approvals.stations import DRAFTERS, READERS
from portal.approvals.views import answer
from portal.cases.models import Reading
from portal.documents import handing_out, intake, receiving, store
from portal.documents.models import StoredFile
from portal.types import SignedIn
from portal.ui.limits import UPLOADS, limited
from portal.workflow.access import staff
from portal.workflow.door import may, perform
from portal.workflow.errors import Refused
from portal.workflow.writing import press, trying


@require_POST
@staff(*DRAFTERS)
@limited(UPLOADS)
def attach(request: SignedIn, pk: int) -> HttpResponse:
    """Keep the files that the form of the draft's page sent; they are looked into by a job."""
    approval = approval_for(request.user, pk)
    error = ""
    with trying() as tried:
        error = intake.told(request, approval, lambda: _take_in(request, approval))
    if tried.is_done and not error:
        messages.success(request, _("添付が届きました。中身を確認しています。"))
        return redirect(f"{approval.get_absolute_url()}#attachments")
    status = tried.status if tried.reasons else intake.status_of([error])
    return answer(request, approval, said=sentences.joined([*tried.reasons, error]), status=status)


def _take_in(request: SignedIn, approval: Approval) -> None:
    """All files or none. Raises Unfit, Refused, TooOften, or OSError where the storage fails."""
    may(request.user, approval, Approval.specs()["attach"])  # before anything is stored
    files = intake.sniffed(intake.brought(request))
    if len(files) == 1:
        receiving.demand_same(files[0][1], request.POST.get("sha256", ""))
    kept: list[tuple[str, StoredFile]] = []
    try:
        for name, data, kind in files:
            kept.append((receiving.name_of(name, kind), store.put(data, kind, prefix="u")))
        _attach(approval, kept, by=request.user)
    except (Refused, OSError):
        with transaction.atomic():
            store.forget([file for _name, file in kept])
        raise


def _attach(approval: Approval, files: list[tuple[str, StoredFile]], *, by: User) -> None:
    hashes = " ".join(file.sha256 for _name, file in files)
    perform(approval, "attach", by=by, files=files, sha256=hashes)


@require_POST
@staff(*DRAFTERS)
def detach(request: SignedIn, pk: int, key: int) -> HttpResponse:
    approval = approval_for(request.user, pk)
    return press(
        request,
        lambda: perform(approval, "detach", by=request.user, attachment=key),
        back=f"{approval.get_absolute_url()}#attachments",
        done=_("添付を外しました。"),
    )


@staff(*READERS)
def viewer(request: SignedIn, pk: int, key: int) -> HttpResponse:
    """The pages of an attachment as pictures."""
    attachment, file = attachment_for(request.user, pk, key)
    pages = [
        reverse("approval_attachment_page", args=[pk, key, page]) for page in range(file.pictures)
    ]
    context = {"attachment": attachment, "file": file, "pages": pages}
    return render(request, "portal/approvals/attachment.html", context)


@staff(*READERS)
def original(request: SignedIn, pk: int, key: int) -> HttpResponse:
    attachment, file = attachment_for(request.user, pk, key)
    told = cases_told(pk)
    Reading.note_each(request.user, "approval.attachment", told, f"attachment:{key}")
    return handing_out.original(file, attachment.download_name)


@staff(*READERS)
def page_image(request: SignedIn, pk: int, key: int, page: int) -> HttpResponse:
    _attachment, file = attachment_for(request.user, pk, key)
    found = handing_out.picture(file, page)
    told = cases_told(pk)
    Reading.note_once(request.user, "approval.attachment_seen", told, f"attachment:{key}")
    return found
