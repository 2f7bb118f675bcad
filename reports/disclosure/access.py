"""Who opens a request for disclosure: who decides on the case or audits it, for each of its municipalities."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal.accounts.every_town import each_town_q
from portal.accounts.models import User
from portal.accounts.permissions import covers_each_town, holders, holds
from portal.approvals.models import Approval
from portal.cases import visibility
from portal.cases.access import case_at
from portal.cases.models import Case
from portal.types import SignedIn
from portal.workflow.errors import Forbidden
from portal.workflow.graph import Living
from reports.disclosure.models import Disclosure


def rows_for(user: User) -> Living[Disclosure]:
    """The requests that the person opens, for a list."""
    held = [role for role in user.roles() if role.role in Disclosure.READERS]
    cases = Case.objects.visible_to(user, by=Disclosure.READERS).filter(each_town_q(held))
    return Disclosure.objects.filter(case__in=cases)


def _of_seen(user: User) -> Living[Disclosure]:
    """Those of the cases that the person sees."""
    rows = Disclosure.objects.filter(case__in=Case.objects.visible_to(user))
    return rows if user.is_office and user.has_role(*Disclosure.READERS) else rows.none()


def _readable(user: User, row: Disclosure) -> Disclosure:
    """Secrets stand in it: it is not enough to see the case by another role, nor for some of its towns.

    Raises Forbidden where the person knows of it, for a town alone.
    """
    if not visibility.reads(user, row.case, Disclosure.READERS):
        raise Http404
    if not covers_each_town(user, row.case, *Disclosure.READERS):
        raise Forbidden(
            _(
                "この案件には、ほかの市町村が書いた記録もあります。公開請求は、案件のすべての市町村を受け持つ職員だけが扱います。"
            )
        )
    return row


def disclosure_for(user: User, pk: int) -> Disclosure:
    return _readable(user, get_object_or_404(_of_seen(user).select_related("case"), pk=pk))


def disclosure_at(request: SignedIn, number: str) -> Disclosure:
    """By its number, or by that of its row, as lists of turns lead to it."""
    key = {"pk": int(number)} if number.isdecimal() else {"number": number}
    rows = _of_seen(request.user).select_related("case__organisation", "drafted_by", "decided_by")
    return _readable(request.user, get_object_or_404(rows, **key))


def readable_case(request: SignedIn, number: str) -> Case:
    case = case_at(request, number)
    if not visibility.reads(request.user, case, Disclosure.READERS):
        raise Http404
    return case


def considered(row: Disclosure) -> list[Approval]:
    """Approvals that were undecided when the request came in, as they stand now."""
    keys = [key.partition(":")[2] for key in row.undecided]
    return list(Approval.objects.filter(pk__in=keys).order_by("pk"))


def deciders(row: Disclosure) -> list[User]:
    """Who may decide a draft: nobody decides their own."""
    able = [each for each in holders("approver", row) if holds(each, row, "approver")]
    return [each for each in able if each.pk != row.drafted_by_id]
