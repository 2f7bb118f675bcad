"""What the case knows of its firm and people that is not for everybody."""

from collections.abc import Iterable

from portal.cases.models import Case
from portal.cases.ports import Private


def of_firm(case: Case) -> Iterable[Private]:
    """People and how they are reached; of a sole proprietor also name and address."""
    firm = case.organisation
    found = [firm.representative_name, firm.phone]
    if not firm.corporate_number:
        found += [firm.name, firm.address]
    for membership in firm.memberships.select_related("user"):
        found += [membership.user.name, membership.user.email]
    return [Private(text=text, kind="person") for text in found]
