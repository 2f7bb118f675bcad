"""What is kept of a pilot: its columns, what the database asks of them, and what they say by themselves.

Its life cycle stands in `models.py`, the rows of its ledger in `entries.py`.
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from portal.cases.models import Case
from portal.registry.models import in_english
from portal.workflow.graph import LifeCycle, state_check, state_field
from startups.challenges.models import Challenge
from startups.pilots import outgoing
from startups.pilots.extending import Extending
from startups.pilots.states import LIVE_PILOTS, PilotState


class PilotRecord(Extending, LifeCycle):
    """One pilot of a proposal for one challenge, with every municipality whose match was agreed.

    terms: the fields of `TermsForm` as drafted (text), frozen by the signature; report: those of
    `ReportForm`.
    """

    lock_rank = 82
    STATES = PilotState
    OUTGOING = outgoing.PILOT
    LIVE = LIVE_PILOTS
    GATES = [
        ("go", _lazy("続ける")),
        ("adjust", _lazy("やり方を変えて続ける")),
        ("stop", _lazy("やめることを提案する")),
    ]
    VERDICTS = [
        ("adopt", _lazy("本格導入を検討する")),
        ("again", _lazy("条件を変えて、もう一度試す")),
        ("not", _lazy("導入しない")),
    ]

    case = models.OneToOneField(Case, models.PROTECT, related_name="pilot")
    application = models.ForeignKey(Application, models.PROTECT, related_name="pilots")
    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="pilots")
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=160, blank=True)
    starts_on = models.DateField()
    midterm_on = models.DateField(null=True)
    ends_on = models.DateField()
    terms = models.JSONField(default=dict)
    consented_at = models.DateTimeField(null=True)
    agreed_on = models.DateField(null=True)
    gate = models.CharField(max_length=8, blank=True, choices=GATES)
    gate_text = models.TextField(blank=True)
    gate_on = models.DateField(null=True)
    report = models.JSONField(default=dict)
    verdict = models.CharField(max_length=8, blank=True, choices=VERDICTS)
    summary = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    lessons = models.TextField(blank=True)
    reason = models.TextField(blank=True)  # why it was stopped
    stop_proposed = models.TextField(blank=True)
    stop_proposed_at = models.DateTimeField(null=True)
    ended_on = models.DateField(null=True)
    search_text = models.TextField(blank=True)
    state = state_field()

    class Meta:
        abstract = True
        ordering = ["-pk"]
        constraints = [
            state_check(PilotState, "pilots_state"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gt=models.F("starts_on")), name="pilots_period"
            ),
            models.CheckConstraint(
                condition=models.Q(extends_to=None) | models.Q(extends_to__gt=models.F("ends_on")),
                name="pilots_extends_later",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PilotState.STOPPED) | ~models.Q(reason=""),
                name="pilots_stopped_has_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PilotState.EVALUATED)
                | ~(models.Q(verdict="") | models.Q(summary="")),
                name="pilots_evaluated_has_result",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[PilotState.PREPARING, PilotState.STOPPED])
                | models.Q(agreed_on__isnull=False),
                name="pilots_agreed_on",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.shown_title}"

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()

    @property
    def why_stop(self) -> str:
        """Why somebody says that it should end now; a proposal stands in the state that it was made in."""
        since = self.state_since
        stands = self.stop_proposed_at is not None and (
            since is None or self.stop_proposed_at >= since
        )
        return self.stop_proposed if stands else self.gate_text if self.gate == "stop" else ""

    @property
    def is_reported(self) -> bool:
        return self.state == PilotState.REPORTED

    @property
    def public_url(self) -> str:
        return reverse("pilot", args=[self.case.number])

    @property
    def shown_title(self) -> str:
        return self.title_en if in_english() and self.title_en else self.title

    @property
    def shown_summary(self) -> str:
        return self.summary_en if in_english() and self.summary_en else self.summary

    @property
    def is_over(self) -> bool:
        return not self.is_live

    @property
    def is_preparing(self) -> bool:
        return self.state == PilotState.PREPARING

    @property
    def is_running(self) -> bool:
        return self.state == PilotState.RUNNING

    @property
    def is_stopped(self) -> bool:
        return self.state == PilotState.STOPPED

    @property
    def is_evaluated(self) -> bool:
        return self.state == PilotState.EVALUATED

    @property
    def is_adopted(self) -> bool:
        """The municipalities would take it into use; what else they said is in the verdict."""
        return self.verdict == "adopt"

    @property
    def words(self) -> tuple[str, ...]:
        """What a search may find it by."""
        return (
            self.case.number,
            self.case.organisation.public_name,
            self.title,
            self.title_en,
            self.challenge.content.get("background", ""),
            self.summary,
            self.lessons,
            self.reason,
        )
