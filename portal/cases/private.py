"""What the case knows of its firm and people that is not for everybody."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases.models import Case
from portal.cases.ports import Private
from portal.cases.timeline import OF_THE_CITY

OF_THE_OFFICE = (*OF_THE_CITY, "counter")


def of_firm(case: Case) -> Iterable[Private]:
    """People and how they are reached; of a sole proprietor also name and address. A corporation's
    number is open, though it looks like a fingerprint.
    """
    firm = case.organisation
    found = [firm.representative_name, firm.phone]
    if not firm.corporate_number:
        found += [firm.name, firm.address]
    for person in _outside(case):
        found += [person.name, person.email]
    public = [Private(text=firm.corporate_number or "", kind="office")]  # as the registry shows it
    return [*(Private(text=text, kind="person") for text in found), *public]


def _outside(case: Case) -> QuerySet[User]:
    """Everybody of outside the office who is, or was, of the firm, advises it, or acted in the case."""
    acted = Event.objects.filter(chain=f"case:{case.pk}").exclude(capacity__in=OF_THE_OFFICE)
    return User.objects.filter(
        Q(memberships__organisation=case.organisation_id)
        | Q(delegations__organisation=case.organisation_id)
        | Q(pk__in=acted.values("actor"))
    ).distinct()
