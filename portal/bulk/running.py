"""Doing what was planned: each case in its own transaction, which keeps its outcome too. Whoever
goes on with it, after a kill or beside another, finds what is left.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

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

# in the language of the record first; what was refused is asked again for readers of the other
REASONS = {"ja": "reasons", "en": "reasons_en"}
AT_ONCE = 20  # cases that are done before the page answers; a job does the others


@transaction.atomic
def start(bulk: Bulk, given: dict[str, list[str]]) -> None:
    """Begin it, once however often it is sent. What cannot be done is said with its reasons now."""
    lock([bulk])
    bulk.refresh_from_db()
    act = act_of(bulk.act)
    if act is None or bulk.started_at is not None:
        return
    bulk.given, bulk.started_at = given, clock.now()
    bulk.save()
    _refuse(bulk, act)
    enqueue([("carry_on", {"bulk": bulk.pk})])


def _refuse(bulk: Bulk, act: BulkAct) -> None:
    """What was blocked when it was looked over is not done, whatever became of it since; why it was is
    asked once more, for readers of both languages.
    """
    blocked = list(bulk.rows.exclude(reasons=[]).select_related("case"))
    if not blocked:
        return
    given = _given(bulk, act) or None
    for language, kept in REASONS.items():
        with override(language):
            looks = act.look(bulk.person, [row.case for row in blocked], given)
            for row in blocked:
                reasons = looks[row.case_id].reasons or row.reasons
                setattr(row, kept, [str(reason) for reason in reasons])
    for row in blocked:
        row.outcome, row.at = Outcome.REFUSED, bulk.started_at
    BulkRow.objects.bulk_update(blocked, ["outcome", "at", *REASONS.values()])


def _given(bulk: Bulk, act: BulkAct) -> Given:
    """What was typed once for all."""
    form = form_of(bulk, act, [row.case for row in bulk.rows.select_related("case")])
    return form.cleaned_data if form.is_valid() else {}


def carry_on(bulk: Bulk, most: int | None = None) -> None:
    """Do what is left of it, at most so many cases; then it has ended."""
    act = act_of(bulk.act)
    if act is None or bulk.started_at is None or bulk.ended_at is not None:
        return
    given = _given(bulk, act)
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
    for language, kept in REASONS.items():
        with override(language):
            row.outcome, reasons = _outcome(row, act, by, given)
        setattr(row, kept, reasons)
        if row.outcome == Outcome.DONE:
            break
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
        return Outcome.REFUSED, [str(reason) for reason in look.reasons]
    try:
        with transaction.atomic():
            act.effect(case, by, given)
    except Refused as refused:
        moved = isinstance(refused, Stale)
        return Outcome.MOVED if moved else Outcome.REFUSED, refused.reasons
    return Outcome.DONE, []
