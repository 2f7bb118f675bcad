"""Whose turn an application makes it, from its graph."""

from typing import Any

from grants.applications.models import Application
from portal import clock, fiscal
from portal.approvals.turns import is_live, live_items
from portal.cases.found import OfCase
from portal.ports import TurnSource, TurnWanted


def due_on(application: Application) -> Any:
    """The day by which the present state should end: the correction's own day, or business days from its start."""
    if application.state == "returned":
        return application.correct_by
    if application.state == "draft":
        closes_at = application.call.closes_at
        return clock.day_of(closes_at) if closes_at else None
    days = application.info.days
    if days is None or application.state_since is None:
        return None
    return fiscal.add_business_days(clock.day_of(application.state_since), days)


application_of = OfCase(lambda: Application.objects.select_related("call"))


def turns_of(case: Any) -> list[TurnWanted]:
    application = application_of.first(case)
    if application is None:
        return []
    info = application.info
    if not info.side or not info.todo or (info.side == "office" and is_live(case)):
        return []
    return [
        TurnWanted(info.side, str(info.todo), info.role, case.assigned_to if info.side == "office" else None,
                   due_on(application), application)
    ]  # fmt: skip


SOURCE = TurnSource(turns_of, (application_of, live_items))
