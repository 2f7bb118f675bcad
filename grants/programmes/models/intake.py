"""When a call takes applications in: its periods and its pauses."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _

from grants.programmes import making_up
from grants.programmes.models.periods import IntakePeriod
from grants.programmes.states import CALL_PUBLIC, CALL_RUNNING, CALL_UNANNOUNCED, CallState
from portal import clock
from portal.days import day_said, moment_said
from portal.types import Text
from portal.workflow.graph import LifeCycle

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.db.models.fields.related_descriptors import RelatedManager

    from grants.programmes.models.outages import LaterEnd
    from grants.programmes.models.saying import Briefing


class Intake(LifeCycle):
    """What follows from the date is never a stored state."""

    periods: "RelatedManager[IntakePeriod]"
    later_ends: "RelatedManager[LaterEnd]"
    decision_on: "models.DateField[date, date]"
    project_ends_on: "models.DateField[date, date]"
    briefings: "models.JSONField[list[Briefing], list[Briefing]]"

    # the last pause of the intake: its reason for the public, its beginning and its end
    paused_for = models.TextField(blank=True)
    paused_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def period_at(self, moment: datetime) -> IntakePeriod | None:
        """The intake period a moment lies in; a second late is late."""
        return next((p for p in self.periods.all() if p.opens_at <= moment <= p.closes_at), None)

    @property
    def is_public(self) -> bool:
        return self.state in CALL_PUBLIC

    @property
    def is_unannounced(self) -> bool:
        return self.state in CALL_UNANNOUNCED

    @property
    def is_running(self) -> bool:
        """Announced, and not yet beyond its intake for good: it can still be changed."""
        return self.state in CALL_RUNNING

    @property
    def is_paused(self) -> bool:
        return self.state == CallState.SUSPENDED

    @property
    def is_halted(self) -> bool:
        """Nothing is taken in, and no closing day is known to hold."""
        return self.is_paused or self.is_called_off

    @property
    def is_called_off(self) -> bool:
        return self.state == CallState.CANCELLED

    @property
    def is_open(self) -> bool:
        return self.is_open_at(clock.now())

    def is_open_at(self, moment: datetime) -> bool:
        """Whether it takes in what reached us at `moment` (aware)."""
        return self.state == CallState.ANNOUNCED and self.period_at(moment) is not None

    def refuses_at(self, moment: datetime) -> bool:
        """Whether its intake pauses since before `moment` (aware), or was called off."""
        pauses = self.is_paused and self.paused_at is not None and moment >= self.paused_at
        return pauses or self.is_called_off

    @property
    def next_period(self) -> IntakePeriod | None:
        return next((p for p in self.periods.all() if p.opens_at > clock.now()), None)

    @property
    def closes_at(self) -> datetime | None:
        """When the present period closes, else the next, else when the last one did."""
        periods = list(self.periods.all())
        present = (
            self.period_at(clock.now()) or self.next_period or (periods[-1] if periods else None)
        )
        return present.closes_at if present else None

    @property
    def last_closes_at(self) -> datetime | None:
        """When the last intake period closes."""
        return max((period.closes_at for period in self.periods.all()), default=None)

    @property
    def is_intake_over(self) -> bool:
        """True once nobody can apply any more."""
        last = self.last_closes_at
        return last is not None and last < clock.now()

    @property
    def ended_at(self) -> datetime | None:
        """Since when nobody can apply any more."""
        if self.is_called_off:
            return self.state_since
        return self.last_closes_at if self.is_intake_over else None

    @property
    def act_facts(self) -> list[tuple[Text, str]]:
        """What whoever acts on it looks at once more: its days, as the public reads them."""
        spans = [
            (_("受付期間"), f"{moment_said(p.opens_at)} – {moment_said(p.closes_at)}")
            for p in self.periods.all()
        ]
        briefings = [
            (_("説明会"), f"{moment_said(datetime.fromisoformat(b['at']))}　{b['place']}")
            for b in self.briefings
        ]
        return [
            *spans,
            (_("交付決定の予定日"), day_said(self.decision_on)),
            (_("事業の終わりの日"), day_said(self.project_ends_on)),
            *briefings,
        ]

    @property
    def other_end(self) -> str:
        """What is proposed of its end, in words: an earlier one, or once it is over a later one."""
        return _("受付をもう一度開く") if self.is_intake_over else _("受付を早く終える")

    @property
    def ends_after_outages(self) -> "QuerySet[LaterEnd]":
        """Its periods that closed later because of an outage, the latest first."""
        return self.later_ends.select_related("outage")

    @property
    def outage_rule(self) -> list[str]:
        """What becomes of its end where the portal is away then, in sentences; of one that is over none."""
        return making_up.said() if self.is_offered else []

    @staticmethod
    def intake_until(closes_at: datetime | None) -> str:
        return moment_said(closes_at) if closes_at else "―"

    @property
    def is_offered(self) -> bool:
        """Whether it takes applications in, or will; a pause ends."""
        return self.state in CALL_RUNNING and not self.is_intake_over

    @property
    def phase(self) -> tuple[str, str]:
        """Tone and words for the public: open, not yet, closed, and so on."""
        if self.state != CallState.ANNOUNCED:
            return self.info.tone, str(self.info.applicant)
        if self.is_open:
            return "good", _("受付中")
        return ("city", _("受付の予定")) if self.next_period else ("rest", _("受付は終わりました"))
