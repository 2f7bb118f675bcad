"""Which rows somebody covers for every municipality of theirs: `covers_each_town`, asked of many at once."""

from collections.abc import Iterable

from django.db.models import Q

from portal.accounts.models import StaffRole
from portal.accounts.permissions import any_of


def each_town_q(roles: Iterable[StaffRole]) -> Q:
    """Rows with the columns of a case, whoever has them in hand, whose municipalities these roles cover,
    each or together.
    """
    held = list(roles)
    return any_of([_towns_q(held, code) for code in {role.programme_code for role in held}])


def _towns_q(held: list[StaffRole], programme_code: str) -> Q:
    """The rows of a programme ("": any) whose municipalities these roles cover."""
    here = [role for role in held if role.programme_code in ("", programme_code)]
    towns = [role.municipality_id for role in here]
    found = Q(programme_code=programme_code) if programme_code else Q()
    if None not in towns:
        found &= Q(municipality_codes__contained_by=towns)
    return found or Q(pk__isnull=False)
