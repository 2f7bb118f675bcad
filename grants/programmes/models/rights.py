"""Who works on programmes and calls, and who approves them."""

from typing import Protocol

from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.workflow import duties

EDITORS = ("programme_officer",)
APPROVERS = ("approver",)
# who says that the portal was away: whoever runs it for all towns, and whoever decides on calls
KEEPERS = (*APPROVERS, "administrator")
BY_EDITORS = office(*EDITORS)
BY_APPROVERS = office(*APPROVERS)
BY_EITHER = office(*EDITORS, *APPROVERS)
BY_KEEPERS = office(*KEEPERS)


class Worked(Protocol):
    """A programme or call: on what the work of its people is noted."""

    def duty_subjects(self) -> list[str]: ...


def editors_of(row: Worked) -> list[User]:
    """Who made it or put it right, as far as they still work here."""
    made = duties.done_by_anyone(row.duty_subjects())
    editors = {pk for _subject, pk, duty in made if duty == "edit_programme"}
    return list(User.objects.filter(pk__in=editors, is_active=True))
