"""Who opens an approval, and whom it brings its cases before."""

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404

from portal.accounts.models import StaffRole, User
from portal.approvals.models import Approval, Attachment, Dropped, Item
from portal.approvals.models.queries import approvals_of, steps_of
from portal.cases import visibility
from portal.cases.models import Case
from portal.documents.models import StoredFile


def brought(role: StaffRole) -> Q:
    """The cases of the approvals in which the person has a step, or stands in at one."""
    about = Item.objects.filter(approval__in=approvals_of(role.person))
    return Q(pk__in=about.values("case"))


def cases_told(pk: int) -> Q:
    """The cases that an approval (a key) names, on its page and on its paper."""
    rows, dropped = Item.objects.filter(approval=pk), Dropped.objects.filter(approval=pk)
    return Q(pk__in=rows.values("case")) | Q(pk__in=dropped.values("case"))


def approval_for(user: User, pk: int) -> Approval:
    """The approval, or 404 for whoever may not see it."""
    return get_object_or_404(Approval.objects.visible_to(user), pk=pk)


def unread(user: User, approval: Approval) -> frozenset[int]:
    """Which cases of an approval the person does not read: those that no role brings before them,
    unless they drafted it or have a step in it. Of a case that is erased nothing is left to hide.
    """
    if approval.drafted_by_id == user.pk or steps_of(user).filter(approval=approval).exists():
        return frozenset()
    told = Case.objects.filter(cases_told(approval.pk), disposed_on=None)
    return visibility.unseen(user, told)


def attachment_for(user: User, pk: int, key: int) -> tuple[Attachment, StoredFile]:
    """An attachment of an approval (pk) that may be opened, or 404: it may tell of each of its cases,
    so whoever does not read one of them opens none.
    """
    approval = approval_for(user, pk)
    rows = approval.attachments.select_related("approval", "file")
    attachment = get_object_or_404(rows, pk=key)
    if attachment.file is None or not attachment.is_open or unread(user, approval):
        raise Http404
    return attachment, attachment.file


def about(user: User, number: str) -> Q:
    """The approvals about a case (its number), as far as the person may know that it is in them: whoever
    does not read it there (`unread`) does not find them by it.
    """
    rows = Item.objects.filter(case__number=number)
    found = Q(pk__in=rows.values("approval"))
    if not visibility.unseen(user, Case.objects.filter(number=number, disposed_on=None)):
        return found
    return found & (Q(drafted_by=user) | Q(pk__in=approvals_of(user)))


def may_revise(user: User, approval: Approval) -> bool:
    """Is the draft with its drafter, and is this the one?"""
    revise = Approval.specs()["revise"]
    return approval.is_with_drafter and not revise.permission.reasons(user, approval)
