"""Whose turn a request for disclosure makes it. The case does not wait for it (`is_apart`)."""

from django.utils.translation import gettext_noop

from portal.accounts.models import User
from portal.accounts.permissions import holds
from portal.approvals.turns import next_change
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.workflow.door import touch
from reports.disclosure.models import DRAFTER, WAITING, Disclosure
from reports.disclosure.states import DisclosureState

waiting = OfCase(
    lambda: (
        Disclosure.objects.filter(state__in=WAITING)
        .select_related("drafted_by", "case")
        .prefetch_related("drafted_by__staff_roles", "drafted_by__absences")
    )
)
OFFICER, APPROVER = "programme_officer", "approver"
# state → (who of the office, what is to be done)
TODO = {
    DisclosureState.RECEIVED: (OFFICER, gettext_noop("公開請求の写しの案を作り、決定に回す")),
    DisclosureState.DRAFTED: (APPROVER, gettext_noop("公開請求の写しの案を確かめ、公開を決定する")),
    DisclosureState.DECIDED: (OFFICER, gettext_noop("決定した写しを交付し、交付を記録する")),
}
SENT_BACK = gettext_noop("差し戻された公開請求の写しの案を直し、決定に回す")
# what a turn is called → the role that takes it, over every municipality of the case
JOINT = {what: role for role, what in TODO.values()} | {SENT_BACK: OFFICER}


def of_case(case: Case) -> list[TurnWanted]:
    return [_turn(row) for row in waiting.all(case)]


def _turn(row: Disclosure) -> TurnWanted:
    """What comes back, or is decided, is the drafter's, while their role covers the case."""
    role, what = TODO[DisclosureState.of(row.state)]
    person = row.drafted_by if role == OFFICER else None
    if person is not None and row.state == DisclosureState.RECEIVED:
        what = SENT_BACK
    is_theirs = person is not None and _covers(person, row)
    return TurnWanted(
        "office",
        what,
        role="" if is_theirs else role,
        person=person if is_theirs else None,
        due_on=row.due_on if row.is_live else None,
        obj=row,
        until=next_change(person) if person is not None else None,
        is_apart=True,
    )


def _covers(person: User, row: Disclosure) -> bool:
    return holds(person, row, *DRAFTER.roles)


def roles_changed(person: User) -> None:
    """Whose turn it is depends on the roles of whoever made the draft."""
    rows = Disclosure.objects.filter(drafted_by=person, state__in=WAITING)
    for row in rows.select_related("case"):
        touch(row.case)


SOURCE = TurnSource(turns=of_case, reads=(waiting,))
