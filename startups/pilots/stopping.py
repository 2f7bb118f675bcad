"""中止: a pilot ends before its time where another person has judged, or proposed, that it should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.workflow.graph import Requirement, transition
from startups.pilots.extending import DECIDER, OWNER
from startups.pilots.record import PilotRecord
from startups.pilots.states import LIVE_PILOTS, PilotState

if TYPE_CHECKING:
    from collections.abc import Callable


def _not_proposed(pilot: PilotRecord) -> list[str]:
    if pilot.why_stop:
        return []
    return [
        _(
            "先に、担当課が中止を提案します。実証中は、中間の判定で「やめることを提案する」を選びます。"
        )
    ]


def _proposed(pilot: PilotRecord) -> list[str]:
    return [_("中止は、すでに提案されています。")] if pilot.why_stop else []


def _proposes(state: PilotState) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The proposal in one state; while it runs, the mid-term judgement is one."""
    return transition(
        source=state,
        target=state,
        label=_lazy("実証の中止を提案する"),
        done=_lazy("実証の中止を提案しました"),
        permission=OWNER,
        duty="assess_pilot",
        reason="required",
        requirements=(Requirement("new", _proposed),),
    )


class Stopping(PilotRecord):
    """The ways to an early end."""

    class Meta(PilotRecord.Meta):
        abstract = True

    @_proposes(PilotState.PREPARING)
    def propose_no_agreement(self, *, reason: str, **_given: object) -> None:
        self._propose(reason)

    @_proposes(PilotState.AGREED)
    def propose_no_start(self, *, reason: str, **_given: object) -> None:
        self._propose(reason)

    @_proposes(PilotState.REPORTED)
    def propose_no_result(self, *, reason: str, **_given: object) -> None:
        self._propose(reason)

    def _propose(self, reason: str) -> None:
        self.stop_proposed, self.stop_proposed_at = reason, clock.now()

    @transition(
        source=LIVE_PILOTS,
        target=PilotState.STOPPED,
        label=_lazy("実証を中止する"),
        done=_lazy("実証を中止しました"),
        permission=DECIDER,
        duty="conclude_pilot",
        reason="required",
        form="pilot_stop",
        sensitive=True,
        tone="danger",
        requirements=(Requirement("proposed", _not_proposed),),
    )
    def stop(self, *, reason: str, lessons: str = "", **_given: object) -> None:
        """After an agreement the reason is published, with what was learned."""
        self.reason, self.lessons, self.ended_on = reason, lessons, clock.today()
        self.forget_extension()
