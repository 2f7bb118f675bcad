"""Who may approve what others prepared: programmes, calls, and proposed changes of calls."""

from collections import Counter
from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from grants.programmes.models import Call, CallChange, Programme
from grants.programmes.models.rights import APPROVERS
from grants.programmes.states import CallState, ProgrammeState
from portal.accounts.models import User
from portal.accounts.permissions import covers, holders, interests
from portal.cases.ports import Beside
from portal.workflow import duties


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


def prepared() -> list[Programme | Call]:
    """What was prepared and nobody approved yet; nobody can have an interest in it so far."""
    programmes = Programme.objects.filter(state=ProgrammeState.DRAFT)
    calls = Call.objects.filter(state=CallState.DRAFT).select_related("programme")
    return [*programmes, *calls]


def drafts_waiting() -> Counter[User]:
    """How many prepared programmes and calls each person may approve."""
    return Counter(
        person
        for row in prepared()
        for role in APPROVERS
        for person in holders(role, row)
        if person.pk not in duties.barred("approve_programme", row.duty_subjects())
    )


def _mine(user: User, rows: Iterable[Programme | Call]) -> int:
    found = [row for row in rows if covers(user, row, *APPROVERS)]
    done = duties.done(user, [subject for row in found for subject in row.duty_subjects()])
    barred = duties.against("approve_programme")
    return sum(not any(done[s] & barred for s in row.duty_subjects()) for row in found)


def beside(user: User) -> Beside | None:
    """What waits for an approver beside the cases of the inbox, which no call has."""
    if not user.has_role(*APPROVERS):
        return None
    changes = CallChange.objects.live().exclude(proposed_by=user).select_related("call__programme")
    n = _mine(user, prepared()) + sum(covers(user, row, *APPROVERS) for row in changes)
    if not n:
        return None
    return Beside(
        text=_("制度・公募回と、公募の変更が%(n)s件、あなたの承認を待っています。") % {"n": n},
        link=_("制度・公募を開く"),
        url=reverse("programme_list"),
    )
