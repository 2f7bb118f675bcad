"""What of a pilot's texts is not for everybody."""

from collections.abc import Iterable

from grants.applications.private import of_versions
from portal.cases.models import Case
from portal.cases.ports import Private
from startups.pilots import terms
from startups.pilots.models import Pilot


def of_terms(case: Case) -> Iterable[Private]:
    """The parts of its agreement that are as secret as what its proposal says of them, and what is not
    for everybody in that.
    """
    pilots = Pilot.objects.filter(case=case).select_related("application__case")
    for pilot in pilots:
        for part in sorted(terms.secret(pilot)):
            if text := pilot.terms.get(part):
                yield Private(text=text, kind="secret")
        yield from of_versions(pilot.application.case)
