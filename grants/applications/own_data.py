"""What this room keeps of a person, for that person."""

from collections.abc import Iterator, Sequence

from grants.applications import sharing
from portal.accounts.models import User


def shares(user: User) -> Iterator[Sequence[object]]:
    """The sections of drafts that they are to write."""
    rows = user.section_shares.select_related("application__case", "application__call__programme")
    for row in rows.order_by("pk"):
        yield row.application.case.number, sharing.title_of(row.application, row.key), row.noted_at
