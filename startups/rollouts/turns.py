"""Whose turn a roll-out makes it."""

from datetime import date

from django.db.models import Prefetch
from django.utils.translation import gettext_noop

from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from startups.rollouts import calendar
from startups.rollouts.models import Confirmation, Rollout
from startups.rollouts.states import RolloutState

KIND = "rollout"

READ = (
    Prefetch("confirmations", Confirmation.objects.select_related("by")),
    "answers",
    "pilot__partners",
)

rollout_of = OfCase(
    lambda: Rollout.objects.select_related(
        "municipality", "pilot__case", "pilot__challenge"
    ).prefetch_related(*READ)
)


def of_case(case: Case) -> list[TurnWanted]:
    rollout = rollout_of.first(case) if case.kind == KIND else None
    if rollout is None:
        return []
    road = rollout.road
    own: dict[str, tuple[str, date | None]] = {
        RolloutState.CONSIDERED: (gettext_noop("予算を要求する"), road.day("request"))
        if road
        else (gettext_noop("導入の方法と時期を決める"), None),
        RolloutState.BUDGETED: (
            gettext_noop("仕様を決める"),
            _procurement(road) if road else None,
        ),
        RolloutState.CONTRACTED: (gettext_noop("使い始める"), rollout.used_on),
        RolloutState.IN_USE: (gettext_noop("いまも使っているか答える"), rollout.asked_on),
    }
    if rollout.state in own:
        what, due_on = own[rollout.state]
        return [TurnWanted("office", what, role="challenge_owner", due_on=due_on, obj=rollout)]
    if rollout.state != RolloutState.SPECIFIED:
        return []
    due_on = road.day("contract") if road else None
    if len(rollout.confirmed) < len(rollout.tests):
        return [
            TurnWanted(
                "office",
                gettext_noop("契約の方法の要件を確かめる"),
                role="challenge_owner",
                due_on=due_on,
                obj=rollout,
            )
        ]
    return [
        TurnWanted(
            "office", gettext_noop("契約を決定する"), role="approver", due_on=due_on, obj=rollout
        )
    ]


def _procurement(road: calendar.Road) -> date:
    """The day on which the procurement begins."""
    return min(
        day for key in ("quotes", "notice", "contract") if (day := road.day(key)) is not None
    )


SOURCE = TurnSource(turns=of_case, reads=(rollout_of,))
