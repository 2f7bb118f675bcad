"""Doing what was planned: each case in its own transaction, which keeps its outcome too. Whoever
goes on with it, after a kill or beside another, finds what is left.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.bulk.models import Bulk, BulkRow, Outcome
from portal.bulk.planning import act_of, form_of
from portal.cases.models import Case
from portal.cases.ports import BulkAct
from portal.types import Given
from portal.workflow.door import lock
from portal.workflow.errors import Refused, Stale
from portal.workflow.jobs import enqueue

AT_ONCE = 20  # cases that are done before the page answers; a job does the others


@transaction.atomic
def start(bulk: Bulk, given: dict[str, list[str]]) -> None:
    """Begin it, once however often it is sent. What cannot be done is said with its reasons now."""
    lock([bulk])
    bulk.refresh_from_db()
    if bulk.started_at is not None:
        return
    bulk.given, bulk.started_at = given, clock.now()
    bulk.save()
    blocked = bulk.rows.exclude(reasons=[])
    blocked.update(outcome=Outcome.REFUSED, at=bulk.started_at)
    enqueue([("carry_on", {"bulk": bulk.pk})])


def carry_on(bulk: Bulk, most: int | None = None) -> None:
    """Do what is left of it, at most so many cases; then it has ended."""
    act = act_of(bulk.act)
    if act is None or bulk.started_at is None or bulk.ended_at is not None:
        return
    form = form_of(bulk, act, [row.case for row in bulk.rows.select_related("case")])
    given = form.cleaned_data if form.is_valid() else {}
    left = bulk.rows.filter(outcome=Outcome.OPEN).values_list("pk", flat=True)
    for pk in list(left[:most]):
        bulk.person.forget_roles()  # one that ended meanwhile acts on no further case
        _do(pk, act, bulk.person, given)
    with transaction.atomic():
        lock([bulk])
        if not bulk.rows.filter(outcome=Outcome.OPEN).exists():
            # what was typed stands in the cases now
            Bulk.objects.filter(pk=bulk.pk, ended_at=None).update(ended_at=clock.now(), given={})


@transaction.atomic
def _do(pk: int, act: BulkAct, by: User, given: Given) -> None:
    """One case: done, refused or found moved. Nothing where somebody else is at it, or was."""
    free = BulkRow.objects.select_for_update(skip_locked=True, of=("self",))
    row = free.select_related("case").filter(pk=pk, outcome=Outcome.OPEN).first()
    if row is None:
        return
    row.outcome, row.reasons = _outcome(row, act, by, given)
    row.at = clock.now()
    row.save()


def _outcome(row: BulkRow, act: BulkAct, by: User, given: Given) -> tuple[Outcome, list[str]]:
    lock([row.case])
    case = Case.objects.visible_to(by).select_related("organisation").filter(pk=row.case_id).first()
    if case is None:
        return Outcome.REFUSED, [_("この案件は、いまは開けません。")]
    look = act.look(by, [case], given)[case.pk]
    if look.seen != row.seen:
        return Outcome.MOVED, [
            _("確かめたあとに、この案件は先に進んでいます。案件を開いて確かめてください。")
        ]
    if look.reasons:
        return Outcome.REFUSED, look.reasons
    try:
        with transaction.atomic():
            act.effect(case, by, given)
    except Refused as refused:
        moved = isinstance(refused, Stale)
        return Outcome.MOVED if moved else Outcome.REFUSED, refused.reasons
    return Outcome.DONE, []
