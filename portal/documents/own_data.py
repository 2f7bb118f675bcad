"""What this room keeps of a person, for that person."""

from collections.abc import Iterator, Sequence

from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents.models import Document


def documents(user: User) -> Iterator[Sequence[object]]:
    """The files they sent for a firm, in the cases that they still see."""
    seen = Case.objects.visible_to(user).values("pk")
    rows = Document.objects.filter(uploaded_by=user, internal=False, case__in=seen)
    for row in rows.select_related("case").order_by("uploaded_at"):
        yield row.case.number, row.uploaded_at, row.name
