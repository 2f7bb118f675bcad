"""Whose turn a live approval makes it."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop

from portal.approvals.models import Approval, Item
from portal.cases.found import OfCase
from portal.ports import TurnSource, TurnWanted

live_items = OfCase(
    lambda: (
        Item.objects.filter(approval__state__in=Approval.LIVE)
        .select_related("approval__drafted_by")
        .prefetch_related("approval__steps__person")
    )
)


def is_live(case: Any) -> bool:
    """True while an approval about the case waits for its decision."""
    return live_items.first(case) is not None


def turns_of(case: Any) -> list[TurnWanted]:
    return [_turn(item.approval) for item in live_items.all(case)]


SOURCE = TurnSource(turns_of, (live_items,))


def _turn(approval: Approval) -> TurnWanted:
    step = approval.current_step
    if approval.state == "circulated" and step is not None:
        what = gettext_noop("決裁する") if step.kind == "decide" else gettext_noop("起案を確かめる")
        return TurnWanted("office", what, person=step.person, obj=approval)
    what = gettext_noop("差し戻された起案を直す") if approval.state == "returned" else gettext_noop("起案を回議に回す")
    return TurnWanted("office", what, person=approval.drafted_by, obj=approval)


def load(user: Any, pk: int) -> Approval:
    """The approval, or 404 for whoever may not see it."""
    return get_object_or_404(Approval.objects.visible_to(user), pk=pk)
