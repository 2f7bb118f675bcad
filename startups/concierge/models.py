"""相談: what firms and departments ask the digital concierge,
and what startups offer to departments (リバースピッチ).
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.models import Call
from portal import clock, fiscal
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.permissions import Anyone, Either, Scope, holders, office
from portal.cases.models import NumberSeries
from portal.closures import calendars
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.types import Given, Visitor
from portal.workflow.errors import NotReady
from portal.workflow.graph import UNBORN, LifeCycle, state_check, state_field, transition
from startups.concierge import outgoing
from startups.concierge.states import OPEN, ConsultationState

KINDS = [("question", _lazy("相談")), ("pitch", _lazy("リバースピッチ（こちらからの提案）"))]
ANSWERERS = ("concierge", "challenge_owner")
ANSWER_DAYS = 3  # of the office, within which an answer is meant to be there


class Asker:
    """Whoever asked."""

    def reasons(self, user: User, consultation: "Consultation") -> list[str]:
        return [] if consultation.asked_by_id == user.pk else [_("相談した方だけが行えます。")]

    def q(self, user: User) -> models.Q:
        return models.Q(asked_by=user)


class Answerer:
    """The concierge; for an offer to departments also any department that writes challenges."""

    def reasons(self, user: User, consultation: "Consultation") -> list[str]:
        roles = ANSWERERS if consultation.kind == "pitch" else ("concierge",)
        return office(*roles).reasons(user, consultation)

    def q(self, user: User) -> models.Q:
        return models.Q() if user.has_role("concierge") else models.Q(kind="pitch")


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, user: Visitor) -> "ConsultationQuerySet":
        """One's own; for the concierge all, for departments the offers; the auditor reads all."""
        if not user.is_authenticated:
            return self.none()
        if user.is_office and user.has_role("concierge", "auditor"):
            return self.all()
        own = models.Q(asked_by=user)
        return self.filter(
            own | models.Q(kind="pitch")
            if user.is_office and user.has_role("challenge_owner")
            else own
        )

    def offers(self) -> "ConsultationQuerySet":
        """Offers to departments that anyone may read: open ones that whoever made them wants read,
        and that somebody of the office has looked at.
        """
        return (
            self.filter(kind="pitch", is_public=True, shown_at__isnull=False)
            .exclude(state=ConsultationState.CLOSED)
            .with_standing()
            .prefetch_related("replies")
        )

    def with_standing(self) -> "ConsultationQuerySet":
        """With the firm, and whether who asked still is of it."""
        own = Membership.objects.filter(
            user=models.OuterRef("asked_by"),
            organisation=models.OuterRef("organisation"),
            left_at=None,
        )
        return self.select_related("organisation").annotate(is_of_firm=models.Exists(own))


class Consultation(LifeCycle):
    """A question or an offer with its conversation."""

    lock_rank = 84
    STATES = ConsultationState
    OUTGOING = outgoing.CONSULTATION
    SIDES = {"applicant": "相談した方", "office": "コンシェルジュ"}
    READERS = ("concierge", "challenge_owner", "auditor")

    number = models.CharField(max_length=12, unique=True)
    kind = models.CharField(max_length=10, choices=KINDS)
    title = models.CharField(max_length=80)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    is_public = models.BooleanField(
        default=False
    )  # an offer that whoever made it lets everyone read
    # when the office, having read it, let an offer be read by everyone
    shown_at = models.DateTimeField(null=True)
    handed_to = models.ForeignKey(Call, models.PROTECT, null=True, related_name="+")
    state = state_field()

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            state_check(ConsultationState, "concierge_state"),
            models.CheckConstraint(
                condition=~models.Q(state=ConsultationState.HANDED_OVER)
                | models.Q(handed_to__isnull=False),
                name="concierge_handed_to_a_call",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("consultation", args=[self.number])

    @property
    def is_by_firm(self) -> bool:
        """Is it known that the firm says so? It is proved, and who asked is of it
        (`with_standing`).
        """
        firm = self.organisation
        return firm is not None and firm.is_proved and bool(getattr(self, "is_of_firm", False))

    @property
    def awaits_answer(self) -> bool:
        return self.state == ConsultationState.ASKED

    @property
    def answer_by(self) -> date:
        """The day by which an answer is meant to be there."""
        return calendars.office(SAPPORO).add(clock.day_of(self.asked_at), ANSWER_DAYS)

    @property
    def waits_to_be_shown(self) -> bool:
        """An offer that is to be public and that nobody of the office has let through."""
        return self.is_public and self.shown_at is None and self.state in OPEN

    @property
    def own_scope(self) -> Scope:
        """Of no programme; staff of any municipality may answer."""
        return Scope("", list(Municipality.objects.values_list("code", flat=True)))

    @property
    def told_as(self) -> str:
        """What mails call it: its title may name anybody."""
        return _("相談 %(number)s") % {"number": self.number}

    def hearers(self, side: str) -> list[User]:
        return [self.asked_by] if side == "applicant" else holders("concierge", self)

    def _say(self, by: User, text: str) -> None:
        Reply.objects.create(consultation=self, author=by, text=text, said_at=clock.now())

    @transition(
        source=UNBORN,
        target=ConsultationState.ASKED,
        label=_lazy("相談する"),
        done=_lazy("相談が届きました"),
        internal=True,
        permission=Anyone(),
        unsaid=("text",),
    )
    def begin(
        self,
        *,
        kind: str,
        title: str,
        by: User,
        organisation: Organisation | None = None,
        is_public: bool = False,
        **_given: object,
    ) -> None:
        series = f"Q{fiscal.fiscal_year(clock.today()) - 2018}"
        self.number = f"{series}-{NumberSeries.one(series):04}"
        self.kind, self.title, self.asked_by, self.organisation = kind, title, by, organisation
        self.asked_at, self.is_public = clock.now(), is_public and kind == "pitch"

    def born(self, by: User, given: Given) -> None:
        self._say(by, given["text"])

    @transition(
        source=(ConsultationState.ASKED, ConsultationState.ANSWERED),
        target=ConsultationState.ANSWERED,
        label=_lazy("答える"),
        done=_lazy("相談に答えました"),
        tone="solid",
        permission=Answerer(),
        form="consultation_text",
        unsaid=("text",),
    )
    def answer(self, *, text: str, by: User, **_given: object) -> None:
        self._say(by, text)

    @transition(
        source=(ConsultationState.ANSWERED, ConsultationState.HANDED_OVER),
        target=ConsultationState.ASKED,
        label=_lazy("続けて聞く"),
        done=_lazy("続けて相談しました"),
        permission=Asker(),
        form="consultation_text",
        unsaid=("text",),
    )
    def ask_again(self, *, text: str, by: User, **_given: object) -> None:
        self._say(by, text)

    @transition(
        source=(ConsultationState.ASKED, ConsultationState.ANSWERED),
        target=ConsultationState.HANDED_OVER,
        label=_lazy("制度へ引き継ぐ"),
        done=_lazy("使える制度をご案内しました"),
        permission=office("concierge"),
        form="consultation_hand_over",
        unsaid=("text",),
    )
    def hand_over(self, *, call: Call, text: str, by: User, **_given: object) -> None:
        """Raises NotReady for a call the public does not see."""
        if call.state not in Call.PUBLIC:
            raise NotReady(_("公表されている公募回を選んでください。"))
        self.handed_to = call
        self._say(by, text)

    @transition(
        source=OPEN,
        target=ConsultationState.CLOSED,
        label=_lazy("終わりにする"),
        done=_lazy("相談を終えました"),
        permission=Either((Asker(), office("concierge"))),
    )
    def close(self, **_given: object) -> None:
        pass


class Reply(models.Model):
    """One piece of the conversation."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="replies")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField()
    said_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["said_at", "pk"]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.pk}"
