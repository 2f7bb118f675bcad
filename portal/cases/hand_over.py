"""Open cases follow a role that was handed over, from the day on which the successor's begins."""

from datetime import timedelta

from portal import clock
from portal.accounts.models import RoleProposal
from portal.accounts.permissions import staff_scope
from portal.cases import assignment
from portal.cases.models import Case

LATELY = timedelta(days=30)  # how long after that day cases still follow


def pass_cases() -> int:
    """Give the open cases of predecessors to their successors; how many.

    A case stays where the predecessor still has a role over it, and where the successor may not
    take it (another scope, an interest): the list finds those by officer. Changes nothing a second
    time.
    """
    today = clock.today()
    begun = RoleProposal.objects.filter(
        takes_from__isnull=False,
        granted__role__in=assignment.HOLDERS,
        granted__starts_on__lte=today,
        granted__starts_on__gte=today - LATELY,
    )
    rows = begun.select_related("person", "takes_from__person", "granted__granted_by")
    return sum(_pass(proposal) for proposal in rows)


def _pass(proposal: RoleProposal) -> int:
    old, granted = proposal.takes_from, proposal.granted
    if old is None or granted is None:
        return 0
    held = Case.objects.filter(
        staff_scope(old), assigned_to=old.person, closed_at=None, disposed_on=None
    )
    passed = 0
    for case in held.select_related("organisation").order_by("pk"):
        leaves = bool(assignment.refusals(old.person, case))
        if leaves and not assignment.refusals(proposal.person, case):
            passed += not assignment.assign(case, proposal.person, by=granted.granted_by)
    return passed
