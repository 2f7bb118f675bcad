"""Who may approve what others prepared: programmes, calls, and proposed changes of calls."""

from collections import Counter
from collections.abc import Callable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.programmes.models import Call, CallChange, Programme
from grants.programmes.models.rights import APPROVERS
from grants.programmes.states import CallState, ProgrammeState
from portal.accounts.models import User
from portal.accounts.permissions import covers_whole, holders, interests
from portal.cases.ports import Beside
from portal.together import Ask
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
    programmes, calls = _prepared()
    return [*programmes, *calls]


def _prepared() -> tuple[QuerySet[Programme], QuerySet[Call]]:
    waits = {"returned_for": ""}  # else with its editor
    programmes = Programme.objects.filter(state=ProgrammeState.DRAFT, **waits)
    calls = Call.objects.filter(state=CallState.DRAFT, **waits)
    return programmes, calls.select_related("programme")


def drafts_waiting() -> Counter[User]:
    """How many prepared programmes and calls each person may approve."""
    return Counter(
        person
        for row in prepared()
        for role in APPROVERS
        for person in holders(role, row)
        if person.pk not in duties.barred("approve_programme", row.duty_subjects())
    )


def beside(user: User, ask: Ask) -> Callable[[], Beside | None]:
    """What waits for an approver beside the cases of the inbox, which no call has."""
    if not user.has_role(*APPROVERS):
        return lambda: None
    programmes, calls = (ask(rows) for rows in _prepared())
    edited = ask(duties.against_done(user, "approve_programme"))
    live = CallChange.objects.live().exclude(proposed_by=user)
    changes = ask(live.select_related("call__programme"))

    def said() -> Beside | None:
        prepared = [
            row
            for row in [*programmes, *calls]
            if not set(row.duty_subjects()).intersection(edited)
        ]
        return _said(sum(covers_whole(user, row, *APPROVERS) for row in [*prepared, *changes]))

    return said


def _said(n: int) -> Beside | None:
    if not n:
        return None
    return Beside(
        text=_("制度・公募回と、公募の変更が%(n)s件、あなたの承認を待っています。") % {"n": n},
        link=_("制度・公募を開く"),
        url=reverse("programme_list"),
    )
