"""What came on paper: its moment is typed by the office, and whoever typed it does not look it over."""

from collections.abc import Sequence
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.closures import calendars
from portal.days import moment_said
from portal.types import Given, Text
from portal.workflow import duties

# office days after which the moment of a paper is typed with a reason (planning value)
TYPED_WITHIN = 3


class AtCounter(models.Model):
    case: models.OneToOneField[Case, Case]

    paper_consent = models.CharField(max_length=200, blank=True)
    paper_received_at = models.DateTimeField(null=True)  # at the counter: its arrival
    paper_late_reason = models.CharField(max_length=300, blank=True)  # typed days after it came

    # why whoever looks at it among many neither notes its checks nor accepts it
    kept_apart: list[str]

    class Meta:
        abstract = True

    @property
    def arrival_said(self) -> str:
        """When the paper came, since when it was typed, and why so late; "" where it came online."""
        if self.paper_received_at is None:
            return ""
        given = {
            "at": moment_said(self.paper_received_at),
            "since": moment_said(self.case.opened_at),
            "why": self.paper_late_reason,
        }
        if self.paper_late_reason:
            return (
                _("%(at)sに窓口で受け取り（%(since)sから職員が入力。遅れた理由：%(why)s）") % given
            )
        return _("%(at)sに窓口で受け取り（%(since)sから職員が入力）") % given

    @property
    def act_facts(self) -> Sequence[tuple[Text, str]]:
        """Whoever accepts it reads that its moment was typed."""
        return [(_lazy("紙の申請"), self.arrival_said)] if self.paper_received_at else []

    def born(self, by: User, _given: Given) -> None:
        if self.paper_received_at is not None:
            duties.note(by, [f"case:{self.case.pk}"], "state_arrival")


def is_late(call: Call, received_at: datetime) -> bool:
    """Is it typed so long after the paper came that whoever types says why?"""
    workdays = calendars.of_case(call)
    return workdays.between(clock.day_of(received_at), clock.today()) > TYPED_WITHIN


def unexplained(call: Call, received_at: datetime | None, why: str) -> list[str]:
    """Why a paper is not begun: it came days ago, and nobody says what took so long."""
    if received_at is None or why.strip() or not is_late(call, received_at):
        return []
    text = _("受け取ってから%(n)s開庁日を過ぎています。遅れた理由を書いてください。")
    return [text % {"n": TYPED_WITHIN}]
