"""The page that asks before somebody leaves a firm, or is taken out of it."""

from typing import TypeVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.factors import two_factors
from portal.accounts.models import Delegation, Membership
from portal.accounts.proving import Holder
from portal.firms import parting, proofs
from portal.types import SignedIn
from portal.workflow.access import signed_in
from portal.workflow.writing import press

H = TypeVar("H", Membership, Delegation)


@signed_in
@two_factors
def membership_end(request: SignedIn, pk: int, membership: int) -> HttpResponse:
    rows = Membership.objects.filter(organisation=pk, left_at=None).select_related("user")
    return _end(request, _theirs(request, rows, membership))


@signed_in
def delegation_end(request: SignedIn, pk: int, delegation: int) -> HttpResponse:
    rows = Delegation.objects.filter(organisation=pk, ends_on__gte=clock.today())
    return _end(request, _theirs(request, rows.select_related("adviser"), delegation))


def _theirs(request: SignedIn, rows: QuerySet[H], pk: int) -> H:
    """One's own row, or one of the firm that one represents; else 404."""
    row = get_object_or_404(rows.select_related("organisation"), pk=pk)
    represents = request.user.memberships.filter(
        organisation=row.organisation, role="representative", left_at=None
    )
    if proofs.person_of(row) != request.user and not represents.exists():
        raise Http404
    return row


def _end(request: SignedIn, row: Holder) -> HttpResponse:
    firm, person = row.organisation, proofs.person_of(row)
    is_own = person == request.user
    page = (
        reverse("my_cases")
        if is_own and isinstance(row, Delegation)
        else reverse("organisation", args=[firm.pk])
    )
    if request.method != "POST":
        context = {
            "row": row,
            "person": person,
            "is_own": is_own,
            "is_adviser": isinstance(row, Delegation),
            "title": _title(row, is_own=is_own),
            "outlook": parting.outlook(row, request.user),
            "back": page,
        }
        return render(request, "portal/firms/parting.html", context)
    return press(
        request,
        lambda: parting.end(row, by=request.user),
        back=page,
        then=reverse("my_cases") if is_own else page,
        done=_("「%(name)s」の手続きから抜けました。") % {"name": firm.name}
        if is_own
        else _("%(name)sさんを、手続きする人から外しました。") % {"name": person.name},
    )


def _title(row: Holder, *, is_own: bool) -> str:
    if isinstance(row, Delegation):
        return _("委任を終わりにする")
    return _("事業者の手続きから抜ける") if is_own else _("手続きする人から外す")
