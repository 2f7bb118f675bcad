"""Who may approve the proposed changes of calls."""

from collections import Counter

from grants.programmes.models import CallChange
from grants.programmes.models.rights import APPROVERS
from portal.accounts.models import User
from portal.accounts.permissions import holders, interests


def waiting() -> Counter[User]:
    """How many proposed changes each person may approve."""
    rows = CallChange.objects.live().select_related("call__programme")
    return Counter(
        person
        for change in rows
        for role in APPROVERS
        for person in holders(role, change)
        if person.pk != change.proposed_by_id and not interests(person, change)
    )
