"""What this room keeps of a person, for that person."""

from collections.abc import Iterator, Sequence

from portal.accounts.models import User
from startups.concierge.models import Consultation


def consultations(user: User) -> Iterator[Sequence[object]]:
    for row in Consultation.objects.filter(asked_by=user).order_by("asked_at"):
        yield row.number, row.asked_at, row.title
