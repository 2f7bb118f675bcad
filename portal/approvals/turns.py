"""Whose turn a live approval makes it."""

from collections.abc import Callable, Collection
from datetime import date, datetime

from django.db.models import Q, prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.approvals import standing_in
from portal.approvals.models import Approval, Item, Step
from portal.approvals.states import ApprovalState
from portal.approvals.stations import DRAFTERS, ROLES_OF_STEP
from portal.cases import came_back
from portal.cases.lookups import About, OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.together import Ask
from portal.workflow.door import touch

# (is it the decision, is it the person's own) → what is to be done
WORDS = {
    (True, True): gettext_noop("決裁する"),
    (True, False): gettext_noop("代わって決裁する（代決）"),
    (False, True): gettext_noop("起案を確かめる"),
    (False, False): gettext_noop("代わって起案を確かめる（代決）"),
}
live_items = OfCase(lambda: Item.objects.filter(approval__state__in=Approval.LIVE))
# Prefetched, not joined: the cases of one approval share the one object, and what is found of it is
# found once.
READ = ("approval__steps", *[f"approval__{path}" for path in standing_in.READ])


def _waiting(cases: Collection[Case]) -> dict[int, list[Item]]:
    found = {case.pk: live_items.all(case) for case in cases}
    items = [item for items in found.values() for item in items]
    prefetch_related_objects(items, *READ)
    approvals = {item.approval_id: item.approval for item in items}.values()
    if deputised := [each for each in approvals if _has_deputies(each)]:
        standing_in.fill(deputised)
    return found


def _has_deputies(approval: Approval) -> bool:
    return any(standing_in.named(step) for step in approval.open_steps)


waiting_items = About(_waiting)


def is_live(case: Case) -> bool:
    """True while an approval about the case waits for its decision."""
    return live_items.first(case) is not None


def is_circulated(case: Case) -> bool:
    """True while people agree to what an approval says of the case."""
    return any(item.approval.is_circulated for item in live_items.all(case))


def of_case(case: Case) -> list[TurnWanted]:
    return [turn for item in waiting_items.get(case) or [] for turn in _turns(item.approval)]


SOURCE = TurnSource(turns=of_case, reads=(live_items, waiting_items))


def _turns(approval: Approval) -> list[TurnWanted]:
    known: list[TurnWanted] | None = approval.__dict__.get("turns_wanted")
    if known is None:
        steps = approval.open_steps if approval.is_circulated else []
        known = [turn for step in steps for turn in _step_turns(approval, step)]
        known = known or [_drafters_turn(approval)]
        approval.__dict__["turns_wanted"] = known
    return known


def _step_turns(approval: Approval, step: Step) -> list[TurnWanted]:
    """The person's whose step it is; the deputy's while this person is away, or has let it wait too
    long; where the person's roles no longer cover it, that of those who may help.
    """
    until = next_change(step.person, *[deputy.stand_in for deputy in standing_in.named(step)])
    if not standing_in.covers(step.person, ROLES_OF_STEP[step.kind], approval):
        again = gettext_noop("起案を取り下げて、回議先を選び直す")
        return [_of_drafter(approval, again, until)]
    if standing_in.named(step):
        until = _first(until, _still_to_come(standing_in.free_from(approval, step)))
    return [
        TurnWanted(
            "office",
            WORDS[step.kind == "decide", person == step.person],
            person=person,
            due_on=approval.wanted_on,
            obj=approval,
            until=until,
            is_shared=True,
        )
        for person in standing_in.wait_for(approval, step)
    ]


def _still_to_come(moment: datetime | None) -> datetime | None:
    return moment if moment is not None and moment > clock.now() else None


def _drafters_turn(approval: Approval) -> TurnWanted:
    what = (
        gettext_noop("差し戻された起案を直す")
        if approval.state == ApprovalState.RETURNED
        else gettext_noop("起案を回議に回す")
    )
    return _of_drafter(approval, what, None)


def _of_drafter(approval: Approval, what: str, until: datetime | None) -> TurnWanted:
    """The drafter's; where the drafter's roles no longer cover it, that of those who may withdraw
    it.
    """
    first = _first(until, next_change(approval.drafted_by))
    if standing_in.covers(approval.drafted_by, DRAFTERS, approval):
        person = approval.drafted_by
        return TurnWanted("office", what, person=person, obj=approval, until=first, is_shared=True)
    return TurnWanted(
        "office",
        gettext_noop("起案を取り下げる"),
        role="programme_officer",
        obj=approval,
        until=first,
        is_shared=True,
    )


def _first(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)


def next_change(*people: User) -> datetime | None:
    """When a role or an absence of one of them next begins or ends."""
    return clock.next_change([span for person in people for span in _spans(person)])


def _spans(person: User) -> list[tuple[date, date | None]]:
    roles = [(row.starts_on, row.ends_on) for row in person.staff_roles.all()]
    absences = [row for row in person.absences.all() if row.closed_at is None]
    return [*roles, *((row.starts_on, row.ends_on) for row in absences)]


def roles_changed(person: User) -> None:
    """Whose turn a live approval makes it depends on the roles, absences and deputies of those it
    waits for.
    """
    of_step = "approval_items__approval__steps__person"
    concerned = (
        Q(**{of_step: person})
        | Q(**{f"{of_step}__deputies__stand_in": person})
        | Q(approval_items__approval__drafted_by=person)
    )
    for case in Case.objects.filter(
        concerned, approval_items__approval__state__in=Approval.LIVE
    ).distinct():
        touch(case)


def notes(ask: Ask, keys: Collection[int], reader: User) -> Callable[[], dict[int, str]]:
    """Of drafts that go round again: since when, and what they had been sent back for. These are words
    of approvers, for who opens the draft.
    """
    opened = Approval.objects.visible_to(reader).filter(pk__in=keys, state=ApprovalState.CIRCULATED)
    back = Step.objects.filter(approval__in=opened, decision="returned")
    rows = ask(
        back.order_by("approval_id", "round", "pk").values_list(
            "approval_id", "approval__state_since", "opinion"
        )
    )
    return lambda: {
        pk: came_back.said(since, _("「%(text)s」") % {"text": opinion})
        for pk, since, opinion in rows
    }
