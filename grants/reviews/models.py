"""審査: panels, assignments with a declaration of interest, and scores with reasons."""

from datetime import date
from fractions import Fraction

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.programmes.models import Call
from grants.reviews import obstacles, outgoing, rules, states
from grants.reviews.permissions import Assigned, Own
from grants.reviews.records import SelectedRow as SelectedRow
from grants.reviews.records import SelectionRecord as SelectionRecord
from grants.reviews.states import PanelState, ReviewState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.cases import interests as declared
from portal.cases.models import Case
from portal.cases.visibility import DECIDERS
from portal.closures import calendars
from portal.types import Given
from portal.workflow.door import begin, perform, tell, write_to
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)

OFFICER = office("programme_officer", every_town=True)


class ReviewPanel(LifeCycle):
    """The reviewers of a call, convened over its accepted applications, closed with minutes."""

    lock_rank = 45
    STATES = PanelState

    call = models.ForeignKey(Call, models.PROTECT, related_name="panels")
    members = models.ManyToManyField(User, related_name="+")
    due_on = models.DateField()
    minutes = models.TextField(blank=True)
    state = state_field()

    class Meta:
        ordering = ["pk"]
        constraints = [state_check(PanelState, "reviews_panel_state")]

    def __str__(self) -> str:
        return f"{self.call} #{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("ranking", args=[self.call_id])

    @property
    def programme_code(self) -> str:
        return self.call.programme_code

    def address_for(self, user: User) -> str:
        """Its ranking is for those who decide; its reviewers have their own list."""
        return self.get_absolute_url() if user.has_role(*DECIDERS) else reverse("review_list")

    @property
    def told_as(self) -> str:
        return str(self.call)

    def asked(self) -> int:
        """How many scores were asked for of what is under review.

        One who takes over counts for whom they replace.
        """
        return (
            self.reviews.filter(application__state=ApplicationState.UNDER_REVIEW)
            .exclude(state=ReviewState.REPLACED)
            .count()
        )

    def missing(self) -> list["Review"]:
        """Reviews asked for that brought no score, of what is under review: still open, or stepped
        back without another.

        A withdrawn application keeps no panel open.
        """
        rows = self.reviews.filter(
            application__state=ApplicationState.UNDER_REVIEW,
            state__in=(*Review.OPEN, ReviewState.RECUSED),
        )
        return list(
            rows.select_related("reviewer", "panel", "application__case").order_by("reviewer", "pk")
        )

    def touched_cases(self) -> list[Case]:
        rows = (
            self.reviews.select_related("application__case").order_by("application")
            if self.pk
            else []
        )
        return list({row.case_id: row.case for row in rows}.values())

    @property
    def municipality_codes(self) -> list[str]:
        return list(self.call.municipality_codes)

    @transition(
        source=UNBORN,
        target=PanelState.CONVENED,
        label=_lazy("審査会を開く"),
        done=_lazy("審査会を開きました"),
        internal=True,
        permission=OFFICER,
        locks=lambda _obj, given: [
            given["call"],
            *[a.case for a in given["applications"]],
            *given["applications"],
        ],
    )
    def begin(self, *, call: Call, due_on: date, **_given: object) -> None:
        self.call, self.due_on = call, due_on

    def born(self, by: User, given: Given) -> None:
        self.members.set(given["members"])
        for application in given["applications"]:
            application = perform(application, "start_review", by=by)
            for member in given["members"]:
                cleared = member in given.get("cleared", [])
                begin(
                    Review,
                    by=by,
                    panel=self,
                    application=application,
                    reviewer=member,
                    cleared=cleared,
                )
        for member in given["members"]:
            write_to(member, self, outgoing.TO_SCORE, n=len(given["applications"]), day=self.due_on)

    @transition(
        source=PanelState.CONVENED,
        target=PanelState.CLOSED,
        label=_lazy("審査会を閉じる"),
        done=_lazy("審査会を閉じました"),
        tone="solid",
        permission=OFFICER,
        requirements=(
            Requirement("all_scored", obstacles.unfinished),
            Requirement("some_score", obstacles.without_score),
        ),
        form="minutes",
        locks=lambda panel, _given: [
            row
            for r in panel.reviews.select_related("application__case")
            for row in (r.application.case, r)
        ],
    )
    def close(self, *, by: User, minutes: str, reason: str = "", **_given: object) -> None:
        """Raises NotReady where scores are missing and no reason says why it closes all the same."""
        missing = self.missing()
        if missing and not reason.strip():
            raise NotReady(_("採点がそろわないまま閉じる理由を書いてください。"))
        self.minutes = minutes
        for review in missing:
            if review.state in Review.OPEN:
                perform(review, "release", by=by, reason=reason)
        for application in Application.objects.filter(
            reviews__panel=self, state=ApplicationState.UNDER_REVIEW
        ).distinct():
            perform(application, "close_review", by=by)


UNDECIDED = Requirement("undecided", obstacles.decided)


class Review(LifeCycle):
    lock_rank = 46
    STATES = ReviewState
    OPEN, DONE, GONE = states.OPEN, states.DONE, states.GONE
    EDITABLE = states.SCORABLE

    panel = models.ForeignKey(ReviewPanel, models.PROTECT, related_name="reviews")
    application = models.ForeignKey(Application, models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(User, models.PROTECT, related_name="reviews")
    cleared = models.BooleanField(default=False)  # may read what the applicant marked secret
    # the score sheet as its reviewer types it, until it is handed in
    typed = models.JSONField(default=dict)
    comment = models.TextField(blank=True)
    scored_at = models.DateTimeField(null=True)
    state = state_field()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="reviews_once"),
            state_check(ReviewState, "reviews_state"),
        ]

    def __str__(self) -> str:
        return f"{self.application}　{self.reviewer.name}"

    def get_absolute_url(self) -> str:
        return (
            reverse("review_list") if self.state in self.GONE else reverse("review", args=[self.pk])
        )

    def address_for(self, user: User) -> str:
        """Where a person reads about it once it is nobody's any more.

        Whoever decides goes on with the panel, the reviewer with their own list.
        """
        is_panels = (
            self.state in self.GONE and self.reviewer_id != user.pk and user.has_role(*DECIDERS)
        )
        return self.panel.get_absolute_url() if is_panels else self.get_absolute_url()

    @property
    def case(self) -> Case:
        return self.application.case

    @property
    def case_id(self) -> int:
        return self.application.case_id

    @property
    def told_as(self) -> str:
        return f"{self.panel.call}（{self.case}）"

    @property
    def awaits_interests(self) -> bool:
        """The reviewer has not yet said whether anything ties them to the applicant."""
        return self.state == ReviewState.ASSIGNED

    @property
    def score_by(self) -> date:
        """The panel's day; for whoever is asked only after it, ten business days."""
        is_late = self.state in self.OPEN and self.state_day > self.panel.due_on
        return self._within(ReviewState.DECLARED.info.days) if is_late else self.panel.due_on

    @property
    def due_on(self) -> date:
        """When the next step is due: some days to say what ties them, one day for the score."""
        last, awaits = self.score_by, self.awaits_interests
        return min(last, self._within(self.info.days)) if awaits else last

    def _within(self, days: int | None) -> date:
        return calendars.of_case(self.case).add(self.state_day, days or 5)

    @property
    def total(self) -> Fraction | None:
        """Out of 100, None until scored."""
        if self.state != ReviewState.SCORED:
            return None
        return rules.total(
            self.panel.call.stated.criteria, {s.criterion: s.points for s in self.scores.all()}
        )

    @transition(
        source=UNBORN,
        target=ReviewState.ASSIGNED,
        label=_lazy("審査を依頼する"),
        done=_lazy("審査を依頼しました"),
        internal=True,
        permission=OFFICER,
        locks=lambda _obj, given: [given["application"].case],
    )
    def begin(
        self,
        *,
        panel: ReviewPanel,
        application: Application,
        reviewer: User,
        cleared: bool = False,
        **_given: object,
    ) -> None:
        self.panel, self.application = panel, application
        self.reviewer, self.cleared = reviewer, cleared

    @transition(
        source=ReviewState.ASSIGNED,
        target=ReviewState.DECLARED,
        label=_lazy("利益相反はない"),
        done=_lazy("利益相反がないことを申告しました"),
        permission=Assigned(),
        tone="solid",
        requirements=(
            Requirement("no_known", lambda r: declared.known(r.reviewer, r.case)),
            UNDECIDED,
        ),
    )
    def declare(self, **_given: object) -> None:
        pass

    @transition(
        source=(*states.OPEN, ReviewState.SCORED),
        target=ReviewState.RECUSED,
        label=_lazy("利益相反があるので回避する"),
        done=_lazy("利益相反を申告し、審査を回避しました"),
        permission=Own(),
        reason="required",
        requirements=(Requirement("not_relied_on", obstacles.relied_on),),
    )
    def recuse(self, *, by: User, reason: str, **_given: object) -> None:
        declared.declare(self.case, by=by, detail=reason)
        tell(
            self.case,
            "office",
            outgoing.STEPPED_BACK,
            by=by,
            obj=self,
        )

    @transition(
        source=states.SCORABLE,
        target=ReviewState.SCORED,
        label=_lazy("採点を提出する"),
        done=_lazy("採点を提出しました"),
        permission=Assigned(),
        duty="score",
        internal=True,
        requirements=(UNDECIDED,),
    )
    def score(
        self, *, points: dict[str, tuple[int, str]], comment: str = "", **_given: object
    ) -> None:
        """`points`: criterion key → (points, reason)."""
        self.comment, self.scored_at, self.typed = comment, clock.now(), {}
        self.scores.all().delete()
        Score.objects.bulk_create(
            Score(review=self, criterion=key, points=n, reason=reason)
            for key, (n, reason) in points.items()
        )

    @transition(
        source=ReviewState.SCORED,
        target=ReviewState.REOPENED,
        label=_lazy("採点のやり直しを頼む"),
        done=_lazy("採点のやり直しを頼みました"),
        permission=OFFICER,
        reason="required",
        requirements=(UNDECIDED,),
    )
    def reopen(self, **_given: object) -> None:
        write_to(self.reviewer, self, outgoing.TO_SCORE_AGAIN)

    @transition(
        source=(*states.OPEN, ReviewState.RECUSED),
        target=ReviewState.REPLACED,
        label=_lazy("審査員を替える"),
        done=_lazy("審査員を替えました"),
        permission=OFFICER,
        reason="required",
        form="replacement",
        requirements=(UNDECIDED,),
    )
    def replace(self, *, by: User, person: User, cleared: bool = False, **_given: object) -> None:
        asked = begin(
            Review,
            by=by,
            panel=self.panel,
            application=self.application,
            reviewer=person,
            cleared=cleared,
        )
        write_to(person, asked, outgoing.TO_SCORE, n=1, day=asked.score_by)

    @transition(
        source=states.OPEN,
        target=ReviewState.RELEASED,
        label=_lazy("採点を待たずに審査を終える"),
        done=_lazy("採点を待たずに審査を終えました"),
        permission=OFFICER,
        reason="required",
        internal=True,
    )
    def release(self, **_given: object) -> None:
        """The panel closed without this score."""
        write_to(self.reviewer, self.panel, outgoing.NO_SCORE_NEEDED)


class Score(models.Model):
    """Points for one criterion, with the reason."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="scores")
    criterion = models.CharField(max_length=31)
    points = models.PositiveSmallIntegerField()
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="reviews_score_once")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} {self.criterion}"
