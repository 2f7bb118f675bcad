"""Planning an act on many cases: which they are, and what stands in the way of each."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.forms import BaseForm
from django.http import QueryDict

from portal import clock
from portal.accounts.models import User
from portal.bulk.models import Bulk, BulkRow
from portal.bulk.ports import drafting
from portal.cases import finding, listing
from portal.cases.models import Case
from portal.cases.ports import BulkAct, acts_on_many, bulk_acts
from portal.jptext import whole
from portal.types import Given, Sent, Text
from portal.workflow import shown

MOST = listing.MOST  # cases of one act
LOOKED_OVER = 200  # cases that all acts are asked about
NOT_FORM = {"csrfmiddlewaretoken", "seen"}


def act_of(name: str) -> BulkAct | None:
    """The act of this name; None where there is none."""
    if name.startswith("act:"):
        return drafting.value(name.removeprefix("act:"))
    return dict(bulk_acts.items()).get(name)


def cases_of(user: User, ticked: list[str], back: str, *, every: bool) -> list[Case]:
    """The ticked cases, or `every` one of the list at `back`, that the person may see; at most
    `MOST`.
    """
    return listing.chosen(user, finding.numbers(user, back, MOST) if every else ticked[:MOST])


def fitting(user: User, cases: Sequence[Case]) -> list[tuple[str, Text, int]]:
    """The acts that can be done with at least one of the cases: name, label, with how many."""
    found = []
    for name, label in acts_on_many():
        act = act_of(name)
        looks = act.look(user, cases, None) if act is not None else {}
        if n := sum(not look.reasons for look in looks.values()):
            found.append((name, label, n))
    return found


def able(user: User, pk: str) -> list[str]:
    """The numbers of the cases that a plan of the person can be carried out on."""
    rows = BulkRow.objects.filter(bulk=whole(pk, 0), bulk__person=user, reasons=[])
    return list(rows.values_list("case__number", flat=True))


def came_from(user: User, pk: str) -> str:
    """The list that a plan of the person was begun from; "" where there is no such plan."""
    found = Bulk.objects.filter(pk=whole(pk, 0), person=user)
    return found.values_list("back", flat=True).first() or ""


@transaction.atomic
def plan(user: User, name: str, act: BulkAct, cases: Sequence[Case], back: str) -> Bulk:
    """Keep what is to be done with which cases; plans of days past that were never begun go."""
    yesterday = clock.now() - timedelta(days=1)
    Bulk.objects.filter(person=user, started_at=None, planned_at__lt=yesterday).delete()
    bulk = Bulk.objects.create(person=user, act=name, back=back[:1000])
    looks = act.look(user, cases, None)
    rows = [BulkRow(bulk=bulk, case=case) for case in cases]
    for row in rows:
        row.take(looks[row.case_id])
    BulkRow.objects.bulk_create(rows)
    return bulk


def typed(data: QueryDict) -> dict[str, list[str]]:
    """What was sent, as it is kept."""
    return {name: data.getlist(name) for name in data if name not in NOT_FORM}


def form_of(bulk: Bulk, act: BulkAct, cases: Sequence[Case]) -> BaseForm:
    """The form with what is kept of it; unbound where nothing was typed yet."""
    data: Sent = None
    if bulk.given:
        kept = QueryDict(mutable=True)
        for name, values in bulk.given.items():
            kept.setlist(name, values)
        data = kept
    return act.form(data, cases, bulk.person)


def mark(rows: Sequence[BulkRow]) -> str:
    """What a page showed of a plan: sent back with the press, which carries out nothing else."""
    return shown.mark(*((row.case_id, row.seen, row.reasons) for row in rows))


@transaction.atomic
def look_again(
    bulk: Bulk, act: BulkAct, rows: Sequence[BulkRow], given: Given | None, sent: QueryDict | None
) -> tuple[int, int]:
    """Look at the cases once more, with what was typed where something was, and keep what is found;
    how many stand otherwise than before: by themselves (moved, blocked now, or blocked no more), and
    by what was typed anew alone.
    """
    is_new = sent is not None and typed(sent) != bulk.given
    looks = act.look(bulk.person, [row.case for row in rows], given)
    if sent is not None:
        Bulk.objects.filter(pk=bulk.pk, started_at=None).update(given=typed(sent))
    moved, by_input, written = 0, 0, []
    for row in rows:
        look, before = looks[row.case_id], row.looked
        is_other = bool(row.reasons) != bool(look.reasons)
        moved += row.seen != look.seen or (is_other and not is_new)
        by_input += row.seen == look.seen and is_other and is_new
        row.take(look)
        row.hints = row.hints if given is None else []
        if row.looked != before:
            written.append(row)
    BulkRow.objects.bulk_update(written, ["seen", "reasons", "hints", "yen"])
    return moved, by_input
