"""A call for applications (公募回) of a programme, from its draft to the archive."""

import secrets
from collections.abc import Collection
from datetime import date, datetime
from typing import Unpack

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from grants.programmes import outgoing, pausing, steps
from grants.programmes.models.briefed import Briefed
from grants.programmes.models.cards import Card
from grants.programmes.models.intake import Intake
from grants.programmes.models.periods import IntakePeriod
from grants.programmes.models.programmes import Programme
from grants.programmes.models.querysets import CallQuerySet
from grants.programmes.models.rights import (
    BY_APPROVERS,
    BY_EDITORS,
    BY_EITHER,
    BY_KEEPERS,
    editors_of,
)
from grants.programmes.models.saying import Briefing, Saying
from grants.programmes.ports import called_off, past_its_year
from grants.programmes.selecting import is_drawn
from grants.programmes.states import CALL_PUBLIC, CALL_RUNNING, CALL_UNANNOUNCED, CallState
from grants.programmes.steps import before
from portal import clock, crypto, fiscal
from portal.accounts.models import User
from portal.accounts.permissions import OfEveryTown
from portal.audit.chain import sha256
from portal.registry.models import in_english
from portal.types import Given
from portal.workflow.door import write_to
from portal.workflow.errors import NotReady
from portal.workflow.graph import UNBORN, state_check, state_field, transition


class Call(OfEveryTown, Card, Intake, Briefed):
    """公募回: one call of a programme in a fiscal year.

    Its parameters are frozen when it is approved.
    """

    lock_rank = 20
    STATES = CallState
    PUBLIC = CALL_PUBLIC

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="calls")
    code = models.CharField(max_length=30, unique=True)
    fiscal_year = models.PositiveSmallIntegerField()
    round_no = models.PositiveSmallIntegerField(default=1)
    municipality_codes = ArrayField(models.CharField(max_length=6))
    decision_on = models.DateField()
    project_ends_on = models.DateField()
    seed_sealed = models.BinaryField(null=True)
    seed_hash = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    results_at = models.DateTimeField(null=True)
    # why an approver sent it back, until it is put right
    returned_for = models.TextField(blank=True)
    state = state_field()

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["programme__order", "-fiscal_year", "-round_no"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "fiscal_year", "round_no"],
                condition=~models.Q(state=CallState.CANCELLED),
                name="programmes_call_once",
            ),
            state_check(CallState, "programmes_call_state"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.label}"

    @classmethod
    def named(cls, keys: Collection[int]) -> dict[int, str]:
        rows = cls.objects.filter(pk__in=keys).select_related("programme")
        return {row.pk: str(row) for row in rows}

    def get_absolute_url(self) -> str:
        return reverse("call_staff", args=[self.pk])

    @property
    def public_url(self) -> str:
        return reverse("call", args=[self.code])

    def guideline_url(self, programme: Programme | None = None) -> str:
        """The text of a revision, else of the one that the call states now."""
        revision = (programme or self.programme).revision
        return reverse("call_guideline", args=[self.code, revision])

    @property
    def programme_code(self) -> str:
        return self.programme.code

    @property
    def label(self) -> str:
        year = self.fiscal_year if in_english() else fiscal.era_fiscal_year(self.fiscal_year)
        return _("%(year)s 第%(n)s回") % {"year": year, "n": self.round_no}

    def label_in(self, language: str) -> str:
        with override(language):
            return self.label

    def duty_subjects(self) -> list[str]:
        return [f"call:{self.pk}"]

    @property
    def is_reopened(self) -> bool:
        """Its last pause ended with a change, which named an end of its own."""
        return self.changes.filter(made_at=self.resumed_at).exists()

    @property
    def awaits_draw(self) -> bool:
        """Lots decide, and are not drawn yet: nobody has a rank."""
        is_undrawn = is_drawn(self.stated.selection) and not self.seed
        return is_undrawn and self.state in (CallState.ANNOUNCED, CallState.SUSPENDED)

    @transition(
        source=UNBORN,
        target=CallState.DRAFT,
        label=_lazy("公募回を作る"),
        done=_lazy("公募回を作りました"),
        internal=True,
        permission=BY_EDITORS,
        duty="edit_programme",
        locks=lambda _obj, given: [given["programme"]],
        requirements=before("begin"),
    )
    def begin(self, **given: Unpack[Saying]) -> None:
        self._say(**given)

    def born(self, by: User, given: Given) -> None:
        self._set_periods(given["periods"])

    @transition(
        source=CALL_UNANNOUNCED,
        target=CallState.DRAFT,
        label=_lazy("公募回を直す"),
        done=_lazy("公募回を直しました"),
        internal=True,
        permission=BY_EDITORS,
        duty="edit_programme",
        requirements=before("revise"),
        locks=lambda call, given: [given["programme"], *call.budget_lines.all()],
    )
    def revise(self, **given: Unpack[Saying]) -> None:
        """Nobody saw it yet: everything of it can be said anew, and is approved anew."""
        self._say(**given)
        self._set_periods(given["periods"])
        self.returned_for = ""

    @transition(
        source=CallState.DRAFT,
        target=CallState.DRAFT,
        label=_lazy("作った人に差し戻す"),
        done=_lazy("公募回を差し戻しました"),
        permission=BY_APPROVERS,
        reason="required",
        asks="approve_programme",
        requirements=before("send_back"),
    )
    def send_back(self, *, reason: str, **_given: object) -> None:
        """Whoever made it or put it right reads why, and puts it right."""
        self.returned_for = reason
        for person in editors_of(self):
            write_to(person, self, outgoing.CALL_SENT_BACK)

    @property
    def is_unapproved(self) -> bool:
        return bool(self.state == CallState.DRAFT)

    def _say(
        self,
        *,
        programme: Programme,
        fiscal_year: int,
        round_no: int,
        decision_on: date,
        project_ends_on: date,
        municipality_codes: list[str] | None = None,
        briefings: list[Briefing] | None = None,
        **_given: object,
    ) -> None:
        self.programme, self.fiscal_year, self.round_no = programme, fiscal_year, round_no
        self.code = programme.code_of_call(fiscal_year, round_no)
        self.municipality_codes = municipality_codes or programme.municipality_codes
        if programme.stated.own_funder and len(self.municipality_codes) != 1:
            raise NotReady(_("この制度の公募回は、市町村を1つ選んで作ります。"))
        towns = self.municipality_codes
        if reasons := past_its_year.value(programme, towns, fiscal_year, project_ends_on):
            raise NotReady(*reasons)
        self.decision_on, self.project_ends_on = decision_on, project_ends_on
        self.briefings = briefings or []
        if is_drawn(programme.stated.selection) and not self.seed_sealed:
            seed = secrets.token_hex(16)
            self.seed_sealed, self.seed_hash = crypto.seal(seed), sha256(seed)
        self.freeze()

    def _set_periods(self, periods: list[tuple[datetime, datetime]]) -> None:
        self.periods.all().delete()
        for n, (opens_at, closes_at) in enumerate(periods, 1):
            IntakePeriod.objects.create(call=self, n=n, opens_at=opens_at, closes_at=closes_at)

    @transition(
        source=CallState.DRAFT,
        target=CallState.APPROVED,
        label=_lazy("承認する"),
        done=_lazy("公募回を承認しました"),
        tone="solid",
        permission=BY_APPROVERS,
        duty="approve_programme",
        requirements=before("approve"),
    )
    def approve(self, **_given: object) -> None:
        self.returned_for = ""
        self.freeze()

    @transition(
        source=CallState.APPROVED,
        target=CallState.ANNOUNCED,
        label=_lazy("公表する"),
        done=_lazy("公募を公表しました"),
        tone="solid",
        permission=BY_EITHER,
        requirements=before("announce"),
    )
    def announce(self, **_given: object) -> None:
        pass

    @transition(
        source=CallState.ANNOUNCED,
        target=CallState.SUSPENDED,
        label=_lazy("受付を一時停止する"),
        done=_lazy("受付を一時停止しました"),
        permission=BY_APPROVERS,
        form="suspension",
        requirements=before("suspend"),
    )
    def suspend(self, *, public_reason: str, by: User, **_given: object) -> None:
        self.paused_for, self.paused_at, self.resumed_at = public_reason, clock.now(), None
        pausing.tell_drafts(self, outgoing.SUSPENDED, by)

    @transition(
        source=CallState.SUSPENDED,
        target=CallState.ANNOUNCED,
        label=_lazy("受付を再開する"),
        done=_lazy("受付を再開しました"),
        permission=BY_APPROVERS,
        requirements=before("resume"),
    )
    def resume(self, *, by: User, **_given: object) -> None:
        """The days of the pause are given back to whoever was writing."""
        self.resumed_at = clock.now()
        if self.paused_at is not None:
            pausing.give_back(self, self.paused_at, self.resumed_at)
        pausing.tell_drafts(self, outgoing.RESUMED, by)

    @transition(
        source=CallState.SUSPENDED,
        target=CallState.ANNOUNCED,
        label=_lazy("受付をもう一度開く"),
        done=_lazy("受付をもう一度開きました"),
        internal=True,
        unsaid=("at",),
        permission=BY_APPROVERS,
        requirements=before("reopen"),
    )
    def reopen(self, *, at: datetime, by: User, **_given: object) -> None:
        """By a change made `at`, whose end holds as it is: the pause gives nothing back beside it."""
        self.resumed_at = at
        pausing.tell_drafts(self, outgoing.REOPENED, by)

    @transition(
        source=CallState.ANNOUNCED,
        target=CallState.ANNOUNCED,
        label=_lazy("締切を延ばす"),
        done=_lazy("締切を延ばしました"),
        permission=BY_APPROVERS,
        reason="required",
        form="extend_period",
        requirements=before("extend"),
    )
    def extend(self, *, closes_at: datetime, by: User, **_given: object) -> None:
        """Later only: nobody who counted on the announced moment may find the door shut."""
        last = self.periods.latest("closes_at")
        if closes_at <= last.closes_at:
            raise NotReady(
                _("いまの締切（%(until)s）より後の日を選んでください。")
                % {"until": self.intake_until(last.closes_at)}
            )
        if reasons := steps.beyond(self, closes_at):
            raise NotReady(*reasons)
        last.closes_at = closes_at
        last.save()
        pausing.tell_drafts(self, outgoing.EXTENDED, by)

    @transition(
        source=CallState.ANNOUNCED,
        target=CallState.ANNOUNCED,
        label=_lazy("障害のため締切を延ばす"),
        done=_lazy("障害のため締切を延ばしました"),
        internal=True,
        permission=BY_KEEPERS,
        requirements=before("make_up"),
    )
    def make_up(self, *, period: int, closes_at: datetime, by: User, **_given: object) -> None:
        """As an outage that was confirmed asks (`outages`)."""
        self.periods.filter(n=period, closes_at__lt=closes_at).update(closes_at=closes_at)
        pausing.tell_drafts(self, outgoing.MADE_UP, by)

    @transition(
        source=CallState.ANNOUNCED,
        target=CallState.SELECTING,
        label=_lazy("選考に進む"),
        done=_lazy("選考に進みました"),
        permission=BY_EDITORS,
        requirements=before("select"),
    )
    def select(self, **_given: object) -> None:
        """The lottery's seed is revealed here; its hash was published before opening."""
        if self.seed_sealed:
            self.seed = str(crypto.unseal(bytes(self.seed_sealed)))

    @transition(
        source=(CallState.ANNOUNCED, CallState.SELECTING),
        target=CallState.DECIDED,
        label=_lazy("結果を公表する"),
        done=_lazy("結果を公表しました"),
        permission=BY_APPROVERS,
        requirements=before("publish_results"),
    )
    def publish_results(self, **_given: object) -> None:
        self.results_at = clock.now()

    @transition(
        source=CallState.DECIDED,
        target=CallState.ARCHIVED,
        label=_lazy("保管する"),
        done=_lazy("公募回を保管しました"),
        permission=BY_EDITORS,
        requirements=before("archive"),
    )
    def archive(self, **_given: object) -> None:
        pass

    @transition(
        source=CALL_UNANNOUNCED,
        target=CallState.CANCELLED,
        label=_lazy("中止する"),
        done=_lazy("公募を中止しました"),
        permission=BY_APPROVERS,
        reason="required",
        tone="danger",
        requirements=before("cancel"),
        locks=lambda call, _given: list(call.budget_lines.all()),
    )
    def cancel(self, *, by: User, **_given: object) -> None:
        """Nobody saw it yet: its number is free again."""
        for listener in called_off.values():
            listener(self, by)
        self.code = f"x{self.pk}-{self.code}"[:30]

    @transition(
        source=CALL_RUNNING,
        target=CallState.CANCELLED,
        label=_lazy("公表した公募を中止する"),
        done=_lazy("公表した公募を中止しました"),
        internal=True,
        permission=BY_APPROVERS,
        requirements=before("call_off"),
        locks=lambda call, _given: list(call.budget_lines.all()),
    )
    def call_off(self, *, by: User, **_given: object) -> None:
        """By an approved change, whose reason its page says; whoever writes is told."""
        for listener in called_off.values():
            listener(self, by)
        pausing.tell_drafts(self, outgoing.CANCELLED, by)
