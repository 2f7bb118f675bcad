"""受講: one participant's place in a course, the sessions and who came,
and what became of it half a year later.
"""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.budget.models import decommit, lines_of
from grants.followup.schedule import add_months
from grants.programmes.models import Call
from grants.seats import outgoing, states
from grants.seats.states import EnrolmentState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, office
from portal.cases.models import Case
from portal.types import Text
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    Requirement,
    state_check,
    state_field,
    transition,
)

OFFICER = office("programme_officer")


class Session(models.Model):
    """One meeting of the course of a call."""

    call = models.ForeignKey(Call, models.PROTECT, related_name="sessions")
    n = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    held_on = models.DateField(null=True)  # when attendance was taken

    class Meta:
        ordering = ["n"]
        constraints = [models.UniqueConstraint(fields=["call", "n"], name="seats_session_once")]

    def __str__(self) -> str:
        return f"{self.n} {self.title}"


def _too_few(enrolment: "Enrolment") -> list[str]:
    asked, share = enrolment.asked, enrolment.share
    if share is None:
        return [_("出席をとった回が、まだありません。")]
    if share >= asked:
        return []
    return [
        _("出席が%(n)s回で、修了に要る割合（%(d)s分の%(k)s）に届きません。")
        % {"n": enrolment.attended, "d": asked.denominator, "k": asked.numerator}
    ]


def _course_open(enrolment: "Enrolment") -> list[str]:
    left = enrolment.call.sessions.filter(held_on=None).count()
    return [_("まだ開いていない回が%(n)s回あります。") % {"n": left}] if left else []


class Enrolment(LifeCycle):
    """One person's seat.

    Waiting is the application's; a seat given up before the course begins is free again.
    """

    lock_rank = 64
    STATES = EnrolmentState
    OUTGOING = outgoing.ENROLMENT
    LIVE = states.LIVE

    case = models.ForeignKey(Case, models.PROTECT, related_name="enrolments")
    application = models.ForeignKey(Application, models.PROTECT, related_name="enrolments")
    name = models.CharField(max_length=80)
    work = models.CharField(max_length=80, blank=True)
    sessions = models.ManyToManyField(Session, related_name="enrolments")
    completed_on = models.DateField(null=True)
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [state_check(EnrolmentState, "seats_state")]

    def __str__(self) -> str:
        return f"{self.case} {self.name}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#seats"

    def duty_subjects(self) -> list[str]:
        return [self.subject_key]

    @property
    def act_facts(self) -> Sequence[tuple[Text, str]]:
        return [(_lazy("受講する人"), self.name)]

    @property
    def call(self) -> Call:
        return self.application.call

    @property
    def asked(self) -> Fraction:
        """The share of sessions that completion needs."""
        course = self.call.stated.course
        return course.attendance if course else Fraction(1)

    @property
    def attended(self) -> int:
        return len(self.sessions.all())

    @property
    def share(self) -> Fraction | None:
        """Sessions attended of those held; None before the first."""
        held = sum(session.held_on is not None for session in self.call.sessions.all())
        return Fraction(self.attended, held) if held else None

    @property
    def survey_on(self) -> date | None:
        """When it is asked what became of it; None without a completion, or once it was answered."""
        course = self.call.stated.course
        if self.completed_on is None or course is None or hasattr(self, "survey"):
            return None
        return add_months(self.completed_on, course.survey_months)

    @transition(
        source=UNBORN,
        target=EnrolmentState.ENROLLED,
        label=_lazy("受講を決める"),
        done=_lazy("受講を決定しました"),
        internal=True,
        permission=office("approver"),
        locks=lambda _obj, given: [given["application"].case, given["application"]],
    )
    def begin(
        self, *, application: Application, name: str, work: str = "", **_given: object
    ) -> None:
        """Performed by the act of enrolment, which commits the seats."""
        self.case, self.application, self.name, self.work = (
            application.case,
            application,
            name,
            work,
        )

    @transition(
        source=states.LIVE,
        target=EnrolmentState.ATTENDING,
        label=_lazy("出席を記録する"),
        done=_lazy("出席を記録しました"),
        internal=True,
        permission=OFFICER,
    )
    def attend(self, **_given: object) -> None:
        """Performed with the first session that the person attends."""

    @transition(
        source=EnrolmentState.ATTENDING,
        target=EnrolmentState.COMPLETED,
        label=_lazy("修了とする"),
        done=_lazy("講座を修了しました"),
        permission=OFFICER,
        requirements=(Requirement("held", _course_open), Requirement("attended", _too_few)),
        tone="solid",
    )
    def complete(self, **_given: object) -> None:
        self.completed_on = clock.today()

    @transition(
        source=states.LIVE,
        target=EnrolmentState.DROPPED,
        label=_lazy("受講をやめる"),
        done=_lazy("受講を取りやめました"),
        tone="danger",
        permission=Applicant(submitting=True),
        reason="optional",
        locks=lambda obj, _given: lines_of(obj.call, obj.application.frame),
    )
    def drop(self, *, by: User, **_given: object) -> None:
        self._give_back(by)

    @transition(
        source=states.LIVE,
        target=EnrolmentState.DROPPED,
        label=_lazy("受講を取り消す"),
        done=_lazy("受講の決定を取り消しました"),
        internal=True,
        permission=office("approver"),
        reason="required",
        locks=lambda obj, _given: lines_of(obj.call, obj.application.frame),
    )
    def cancel(self, *, by: User, **_given: object) -> None:
        """Performed by its act: what two people gave is taken by two."""
        self._give_back(by)

    def _give_back(self, by: User) -> None:
        """Before the first session the seat goes back, and whoever waits is next."""
        call = self.call
        if (
            self.state == EnrolmentState.ENROLLED
            and not call.sessions.exclude(held_on=None).exists()
        ):
            decommit(call, self.application.frame, 1, by=by, case=self.case)

    def mirror(self) -> None:
        """The case is closed with its last participant."""
        case = self.case
        others = Enrolment.objects.live().filter(case=case).exclude(pk=self.pk).exists()
        case.closed_at = None if others or self.is_live else clock.now()
        case.save(update_fields=["closed_at"])


class Survey(models.Model):
    """受講後のアンケート: asked of the firm some months after completion."""

    USED = [
        ("daily", _lazy("毎日のように使っている")),
        ("sometimes", _lazy("ときどき使っている")),
        ("no", _lazy("使っていない")),
    ]

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, related_name="survey")
    used = models.CharField(max_length=10, choices=USED)
    hours_saved = models.PositiveIntegerField()  # in a month
    text = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.used}"


def not_by_award(application: Application) -> list[str]:
    """Why an application for seats cannot become an award of money."""
    return [_("この制度は、受講の決定を起案します。")] if application.stated.unit == "seats" else []


def participants(application: Application) -> list[tuple[str, str]]:
    """(name, work) of those named in the last version. Raises NotReady where there is none."""
    version = application.last_version
    rows = version.content.get("participants", {}).get("people", []) if version else []
    if not rows:
        raise NotReady(_("受講する人の名前がありません。"))
    return [(row["name"], row["work"]) for row in rows]
