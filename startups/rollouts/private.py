"""What of a roll-out's texts is not for everybody."""

from collections.abc import Iterable

from grants.applications.private import of_versions
from portal.cases.models import Case
from portal.cases.ports import Private
from startups.rollouts.models import Rollout


def of_contract(case: Case) -> Iterable[Private]:
    """A person whom the contract was made with, and what is not for everybody in the proposal behind
    its pilot.
    """
    rows = Rollout.objects.filter(case=case).select_related(
        "case__organisation", "pilot__application__case"
    )
    for row in rows:
        if row.contractor and row.public_contractor != row.contractor:
            yield Private(text=row.contractor, kind="person")
        yield from of_versions(row.pilot.application.case)
