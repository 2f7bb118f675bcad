"""交付申請: the life cycle on one page. Writing lies in `drafts.py`, submitting in `submit.py`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Self, Unpack

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import numbering, obstacles, outgoing, repeating, states, words_by_kind
from grants.applications.amending import Amendable
from grants.applications.at_counter import AtCounter, unexplained
from grants.applications.attempts import SubmissionAttempt
from grants.applications.check_ledger import Check, OfficerList
from grants.applications.extensions import overtake_all
from grants.applications.filed import Filed, rules_at
from grants.applications.ports import before_decision
from grants.applications.sections import Section
from grants.applications.states import ApplicationState
from grants.applications.unfinished import Unfinished
from grants.applications.versions import ApplicationVersion, Defect, Filing
from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import Organisation, User
from portal.accounts.permissions import Applicant, Either, office
from portal.cases.models import Case
from portal.closures import calendars
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    Requirement,
    State,
    state_check,
    state_field,
    transition,
)

__all__ = [
    "Application",
    "ApplicationVersion",
    "Check",
    "Defect",
    "OfficerList",
    "Section",
    "SubmissionAttempt",
]

OFFICER = office("programme_officer")
DECIDER = office("approver")
# what follows from a decision; and its own outcome, which carries the deciding person's duty
following = partial(transition, internal=True, permission=DECIDER)
decision = partial(following, duty="approve_decision")


class Application(AtCounter, Filed, Unfinished, Amendable, LifeCycle):
    lock_rank = 40
    STATES = ApplicationState
    OUTGOING = outgoing.APPLICATION
    LIVE = states.LIVE
    ENDED = states.ENDED

    case = models.OneToOneField(Case, models.PROTECT, related_name="application")
    call = models.ForeignKey(Call, models.PROTECT, related_name="applications")
    frame = models.CharField(max_length=31, blank=True)
    eligible_amount = models.BigIntegerField(null=True)
    requested_amount = models.BigIntegerField(null=True)
    arrived_at = models.DateTimeField(null=True)  # the first filing: deadlines and order hang on it
    corrected_at = models.DateTimeField(null=True)  # the last correction that came
    correct_by = models.DateField(null=True)
    waiting_rank = models.PositiveIntegerField(null=True)
    # the IT partner that the last version names, as cases are compared by it
    partner_key = models.CharField(max_length=200, blank=True, db_index=True)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    decision_reason = models.TextField(blank=True)
    state = state_field()

    objects = Living.as_manager()
    # primary keys of those that one draft or act decides at once, while that is asked or done
    decided_with: frozenset[int] = frozenset()

    class Meta:
        constraints = [
            state_check(ApplicationState, "applications_state"),
            models.CheckConstraint(
                condition=models.Q(state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN])
                | models.Q(arrived_at__isnull=False),
                name="applications_submitted_has_arrival",
            ),
        ]
        indexes = [
            models.Index(fields=["call", "state", "arrived_at"], name="applications_call_state")
        ]

    def __str__(self) -> str:
        return str(self.case)

    def get_absolute_url(self) -> str:
        return self.case.get_absolute_url()

    @property
    def last_version(self) -> ApplicationVersion | None:
        return next(iter(self.versions.all()), None)

    @property
    def is_returned(self) -> bool:
        return bool(self.state == ApplicationState.RETURNED)

    @property
    def info(self) -> State:
        """The state in the words of its kind."""
        own = words_by_kind.STATES.get((self.stated.kind, self.state), {})
        return replace(super().info, **own) if own else super().info

    # -- birth -------------------------------------------------------------------------------------
    @transition(
        source=UNBORN,
        target=ApplicationState.DRAFT,
        label=_lazy("申請を始める"),
        done=_lazy("申請の準備を始めました"),
        internal=True,
        permission=Either((Applicant(), OFFICER)),
        locks=lambda _obj, given: [given["call"]],
    )
    def begin(
        self,
        *,
        call: Call,
        organisation: Organisation,
        on_paper: bool = False,
        paper_received_at: datetime | None = None,
        paper_consent: str = "",
        paper_late_reason: str = "",
        copied_from: "Application | None" = None,
        **_given: object,
    ) -> None:
        """One live application per call and organisation. Raises NotReady."""
        self.paper_received_at = came_at = paper_received_at if on_paper else None
        refused = obstacles.not_to_begin(call, organisation, came_at, on_paper=on_paper)
        if refused := refused or unexplained(call, came_at, paper_late_reason):
            raise NotReady(*refused)
        self.call, self.filed_under = call, rules_at(call, came_at)
        self.paper_consent, self.paper_late_reason = paper_consent, paper_late_reason
        self.copied_from = copied_from
        self.case = numbering.open_case(call, organisation, on_paper=on_paper)
        self.frame = self.stated.frames[0].key if len(self.stated.frames) == 1 else ""

    # -- applicant ---------------------------------------------------------------------------------
    @transition(
        source=ApplicationState.DRAFT,
        target=ApplicationState.SUBMITTED,
        label=_lazy("提出する"),
        done=_lazy("申請を提出しました"),
        permission=Either((Applicant(submitting=True), OFFICER)),
        internal=True,
        duty="file_application",
    )
    def submit(self, *, arrived_at: datetime, **given: Unpack[Filing]) -> None:
        """Performed by `submit.submit` alone. Its moment is the application's for good."""
        self.arrived_at, self.ends_on = arrived_at, None
        case = self.case
        numbering.receive(case, self.call)
        case.submitted_at, case.is_draft = arrived_at, False
        self._take_over(**given)

    @transition(
        source=ApplicationState.RETURNED,
        target=ApplicationState.SUBMITTED,
        label=_lazy("補正を提出する"),
        done=_lazy("補正を提出しました"),
        permission=Either((Applicant(submitting=True), OFFICER)),
        internal=True,
        duty="file_application",
    )
    def resubmit(
        self, *, arrived_at: datetime, answered: list[int], by: User, **given: Unpack[Filing]
    ) -> None:
        """`answered`: numbers of defects. The moment of the first filing stays."""
        overtake_all(self, by=by)
        self.corrected_at, self.correct_by = arrived_at, None
        self._take_over(**given)
        self.defects.filter(resolved_at=None, n__in=answered).update(answered_at=clock.now())

    def _take_over(self, **told: Unpack[Filing]) -> None:
        """What the submitted version says of itself; yen, or seats where there are some."""
        self.frame, self.partner_key = told["frame"], told["partner"]
        self.eligible_amount, self.requested_amount = told["eligible"], told["requested"]
        self.case.title = told["title"]
        yen = told["requested"] if self.stated.unit == "yen" else None
        self.case.amount = self.case.applied_amount = yen
        self.case.save()

    @transition(
        source=states.WITHDRAWABLE,
        target=ApplicationState.WITHDRAWN,
        label=_lazy("申請を取り下げる"),
        done=_lazy("申請を取り下げました"),
        tone="danger",
        permission=Applicant(submitting=True),
        reason="optional",
    )
    def withdraw(self, *, by: User, **_given: object) -> None:
        overtake_all(self, by=by)
        self.put_back()
        self.waiting_rank = None

    # -- formal check ------------------------------------------------------------------------------
    @transition(
        source=ApplicationState.SUBMITTED,
        target=ApplicationState.RETURNED,
        label=_lazy("補正を依頼する"),
        done=_lazy("補正をお願いしました"),
        tone="solid",
        permission=OFFICER,
        requirements=(Requirement("defects", obstacles.no_defect),),
        form="correction",
    )
    def return_for_correction(self, *, correct_by: date | None = None, **_given: object) -> None:
        """All open defects go out in one pass, with a day by which they are to be corrected."""
        usual = clock.today() + timedelta(days=self.stated.periods.correction_days)
        self.correct_by = calendars.of_case(self.call).next_open(correct_by or usual)
        open_ones = self.defects.filter(resolved_at=None)
        open_ones.update(sent_at=clock.now(), answered_at=None, worded_at=None)
        self.amending_since = None  # what was written anew is where the correction begins

    @transition(
        source=ApplicationState.RETURNED,
        target=ApplicationState.RETURNED,
        label=_lazy("補正の期限を延ばす"),
        done=_lazy("補正の期限を延ばしました"),
        permission=OFFICER,
        reason="required",
        form="correction_extension",
    )
    def extend_correction(
        self, *, correct_by: date, by: User, granting: object = None, **_given: object
    ) -> None:
        """A later day, also once the day has passed: what comes by then is in time. `granting`: the
        request that is granted by it."""
        if correct_by <= max(clock.today(), self.correct_by or clock.today()):
            raise NotReady(_("いまの期限より後の日にしてください。"))
        overtake_all(self, by=by, but=granting)
        self.correct_by = calendars.of_case(self.call).next_open(correct_by)

    @transition(
        source=ApplicationState.SUBMITTED,
        target=ApplicationState.ACCEPTED,
        label=_lazy("受理する"),
        done=_lazy("申請を受理しました"),
        tone="solid",
        permission=OFFICER,
        requirements=(
            Requirement("no_open_defects", obstacles.open_defects),
            Requirement("checked", obstacles.unchecked),
            Requirement("findings", obstacles.open_findings),
            Requirement("late_papers", obstacles.awaited_papers),
        ),
        duty="accept_application",
    )
    def accept(self, **_given: object) -> None:
        self.put_back()
        if (version := self.last_version) and version.accepted_at is None:  # its moments stay
            version.accepted_at = clock.now()
            version.save(update_fields=["accepted_at"])

    # -- review (performed by the reviews room) ----------------------------------------------------
    @transition(
        source=ApplicationState.ACCEPTED,
        target=ApplicationState.UNDER_REVIEW,
        label=_lazy("審査を始める"),
        done=_lazy("審査を始めました"),
        permission=OFFICER,
        internal=True,
    )
    def start_review(self, **_given: object) -> None:
        pass

    @transition(
        source=ApplicationState.UNDER_REVIEW,
        target=ApplicationState.REVIEWED,
        label=_lazy("審査を終える"),
        done=_lazy("審査が終わりました"),
        permission=OFFICER,
        internal=True,
    )
    def close_review(self, **_given: object) -> None:
        pass

    def keep_grounds(self, by: User) -> None:
        """Later rooms keep what the decision rests on, while nothing of it has moved."""
        for keep in before_decision.values():
            keep(self, by)

    @decision(
        source=ApplicationState.REVIEWED,
        target=ApplicationState.SELECTED,
        label=_lazy("採択する"),
        done=_lazy("採択しました"),
    )
    def select(self, *, by: User, **_given: object) -> None:
        self.keep_grounds(by)

    @decision(
        source=states.READY,
        target=ApplicationState.WAITLISTED,
        label=_lazy("補欠にする"),
        done=_lazy("補欠としました"),
    )
    def waitlist(self, *, rank: int, by: User, **_given: object) -> None:
        self.keep_grounds(by)
        self.waiting_rank = rank

    @following(
        source=ApplicationState.WAITLISTED,
        target=ApplicationState.WAITLISTED,
        label=_lazy("補欠の順位を改める"),
        done=_lazy("補欠の順位を改めました"),
    )
    def move_down(self, *, rank: int, **_given: object) -> None:
        """Somebody whom the ranking has further up came onto the list."""
        self.waiting_rank = rank

    @decision(
        source=states.ELIGIBLE,
        target=ApplicationState.AWARDED,
        label=_lazy("交付を決定する"),
        done=_lazy("交付を決定しました"),
    )
    def award(self, *, amount: int, by: User, **_given: object) -> None:
        self.keep_grounds(by)
        self.waiting_rank = None
        if self.stated.unit == "yen":
            self.case.amount = self.case.awarded_amount = amount  # stored with `repeating`

    @decision(
        source=(*states.READY, ApplicationState.WAITLISTED),
        target=ApplicationState.REJECTED,
        label=_lazy("不採択・不交付とする"),
        done=_lazy("不採択・不交付としました"),
        reason="required",
    )
    def reject(self, *, reason: str, by: User, **_given: object) -> None:
        self.keep_grounds(by)
        self.decision_reason, self.waiting_rank = reason, None

    @decision(
        source=ApplicationState.SUBMITTED,
        target=ApplicationState.INADMISSIBLE,
        label=_lazy("却下する"),
        done=_lazy("却下しました"),
        reason="required",
    )
    def declare_inadmissible(self, *, reason: str, **_given: object) -> None:
        self.put_back()
        self.decision_reason = reason

    @decision(
        source=ApplicationState.RETURNED,
        target=ApplicationState.LAPSED,
        label=_lazy("期限切れとする"),
        done=_lazy("期限切れとしました"),
        requirements=(Requirement("due", obstacles.not_due),),
    )
    def lapse(self, *, by: User, reason: str = "", **_given: object) -> None:
        overtake_all(self, by=by)
        self.decision_reason = reason

    @transition(
        source=states.CONCLUDABLE,
        target=ApplicationState.CONCLUDED,
        label=_lazy("終結する"),
        done=_lazy("提案を終結しました"),
        internal=True,
        permission=Either((Applicant(submitting=True), office("programme_officer", "approver"))),
    )
    def conclude(self, **_given: object) -> None:
        """Performed by a later room once nothing of the proposal is open."""
        self.put_back()

    @following(
        source=states.UNDECIDED,
        target=ApplicationState.CALLED_OFF,
        label=_lazy("公募の中止により終える"),
        done=_lazy("公募の中止により、申請の手続きを終えました"),
    )
    def end_with_call(self, *, by: User, **_given: object) -> None:
        overtake_all(self, by=by)
        self.put_back()
        self.waiting_rank = None

    def mirror(self) -> None:
        repeating.repeat_all([self])

    @classmethod
    def mirror_all(cls, rows: Sequence[Self]) -> None:
        repeating.repeat_all(rows)
