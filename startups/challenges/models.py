"""行政課題: a question that a department asks in a call, from its first draft to the end of the round."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.models import Call
from grants.programmes.states import CALL_IN_MAKING
from portal import clock, jptext
from portal.accounts.models import User
from portal.accounts.permissions import holders, office
from portal.cases.models import NumberSeries
from portal.registry.models import Municipality, in_english
from portal.types import Given, Text
from portal.workflow import duties
from portal.workflow.door import begin, send_out, tell, write_to
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)
from startups.challenges import outgoing, states
from startups.challenges.following import Comment, Follower, Question
from startups.challenges.ports import naming_cases
from startups.challenges.querysets import ChallengeQuerySet
from startups.challenges.routes import BY_KEY, Route
from startups.challenges.states import ChallengeState

__all__ = ["Challenge", "Comment", "Follower", "Question"]

OWNER = office("challenge_owner")
# who coordinates challenges and publishes them
PUBLISHERS = ("concierge",)
CONCIERGE = office(*PUBLISHERS, every_town=True)
# who calls off a published one that another of the office proposes to call off
CALL_OFF = ("concierge", "approver")


def _no_road(challenge: "Challenge") -> list[str]:
    said = challenge.content
    missing = [
        text
        for key, text in (
            ("route", _("本格導入の方法")),
            ("adoption_year", _("本格導入の予算の年度")),
            ("adoption", _("本格導入までの進め方")),
        )
        if not said.get(key)
    ]
    return (
        [_("導入の道すじが決まっていません：%(names)s") % {"names": "、".join(missing)}]
        if missing
        else []
    )


def _not_announced(challenge: "Challenge") -> list[str]:
    return (
        []
        if challenge.call.is_open
        else [_("公募回が受付中ではありません。公募回を公表してから、課題を公表します。")]
    )


def _still_open(challenge: "Challenge") -> list[str]:
    """A pause, and the days between two periods, are no end of the intake."""
    call = challenge.call
    is_over = not call.is_running or (call.is_intake_over and not call.is_paused)
    return [] if is_over else [_("まだ提案を受け付けています。")]


def _asked_before(challenge: "Challenge") -> list[str]:
    return [_("中止は、すでに提案されています。")] if challenge.calling_off else []


def _not_asked(challenge: "Challenge") -> list[str]:
    if challenge.calling_off:
        return []
    return [_("先に、別の職員が、公表する理由を書いて中止を提案します。")]


class Challenge(LifeCycle):
    """One question of one or several municipalities.

    `typed` is what was typed; `content` what was handed in, cleaned.

    content: the fields of `ChallengeForm` (days as ISO text, support in yen), "work" [{what,
    number, unit}] and "indicators" [{name, unit, baseline, target, method}].
    """

    lock_rank = 22
    STATES = ChallengeState
    OUTGOING = outgoing.CHALLENGE
    SIDES = {"applicant": "お知らせを受け取る方", "office": "次に進める職員"}
    EDITABLE = states.EDITABLE
    READERS = (
        "challenge_owner",
        "concierge",
        "programme_officer",
        "approver",
        "reviewer",
        "auditor",
    )

    number = models.CharField(max_length=12, unique=True)
    call = models.ForeignKey(Call, models.PROTECT, related_name="challenges")
    programme_code = models.CharField(max_length=20)
    municipality_codes = ArrayField(models.CharField(max_length=6))
    title = models.CharField(max_length=80, blank=True)
    title_en = models.CharField(max_length=160, blank=True)
    typed = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    search_text = models.TextField(blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # why it was sent back or cancelled
    calling_off = models.TextField(blank=True)  # why it is to be cancelled, until another confirms
    state = state_field()

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            state_check(ChallengeState, "challenges_state"),
            models.CheckConstraint(
                condition=~models.Q(state=ChallengeState.PUBLISHED)
                | models.Q(published_at__isnull=False),
                name="challenges_published_at",
            ),
        ]
        indexes = [GinIndex(fields=["municipality_codes"], name="challenges_municipalities")]

    def __str__(self) -> str:
        return f"{self.number} {self.shown_title}".strip()

    def get_absolute_url(self) -> str:
        return reverse("challenge_staff", args=[self.number])

    @property
    def public_url(self) -> str:
        return reverse("challenge", args=[self.number])

    def address_for(self, user: User) -> str:
        """The office's page for whoever reads it there, for others the public one."""
        is_read = Challenge.objects.visible_to(user).filter(pk=self.pk).exists()
        return self.get_absolute_url() if is_read else self.public_url

    @property
    def told_as(self) -> str:
        return _("行政課題 %(number)s") % {"number": self.number}

    def hearers(self, side: str) -> list[User]:
        """Who follows it; of the office whoever has the next step: the concierge while it is
        coordinated, the departments while none has handed it in, else who wrote it.
        """
        if side == "applicant":
            following = self.followers.filter(person__is_active=True).select_related("person")
            return [row.person for row in following.order_by("pk")]
        if self.state == ChallengeState.COORDINATING:
            return holders("concierge", self)
        return [self.written_by] if self.content else holders("challenge_owner", self)

    @property
    def act_facts(self) -> list[tuple[Text, str]]:
        """Whoever calls it off reads why, and how many it hits."""
        if self.state != ChallengeState.PUBLISHED:
            return []
        hit = _("%(n)s件") % {"n": naming_cases.value(self).count()}
        why = [(_("提案された理由（公表します）"), self.calling_off)] if self.calling_off else []
        return [*why, (_("この課題を選んだ提案と下書き"), hit)]

    @property
    def shown_title(self) -> str:
        return (self.title_en if in_english() and self.title_en else self.title) or _(
            "（題はまだありません）"
        )

    @property
    def municipalities(self) -> list[Municipality]:
        return list(Municipality.objects.filter(code__in=self.municipality_codes))

    @property
    def route(self) -> Route | None:
        return BY_KEY.get(self.content.get("route", ""))

    @property
    def is_cancelled(self) -> bool:
        return self.state == ChallengeState.CANCELLED

    @property
    def is_open(self) -> bool:
        return self.state == ChallengeState.PUBLISHED and self.call.is_open

    @transition(
        source=UNBORN,
        target=ChallengeState.DRAFT,
        label=_lazy("課題を書き始める"),
        done=_lazy("課題を書き始めました"),
        internal=True,
        permission=office("challenge_owner", "concierge"),
        locks=lambda _obj, given: [given["call"]],
        unsaid=("typed",),
    )
    def begin(
        self,
        *,
        call: Call,
        municipality_codes: list[str],
        by: User,
        typed: dict[str, str] | None = None,
        **_given: object,
    ) -> None:
        """`typed`: what was typed elsewhere already.

        Raises NotReady for a call that takes no challenges.
        """
        if call.stated.kind != "proposal" or call.state not in CALL_IN_MAKING:
            raise NotReady(_("この公募回には、課題を出せません。"))
        self.call, self.programme_code, self.written_by = call, call.programme_code, by
        self.municipality_codes, self.typed = sorted(set(municipality_codes)), dict(typed or {})
        series = f"CH{call.fiscal_year - 2018}"
        self.number = f"{series}-{NumberSeries.one(series):03}"

    def born(self, by: User, given: Given) -> None:
        """Whoever begins it writes it; to split off what another wrote is not to write."""
        if not given.get("typed"):
            duties.note(by, self.duty_subjects(), "write_challenge")

    @transition(
        source=ChallengeState.DRAFT,
        target=ChallengeState.COORDINATING,
        label=_lazy("調整に回す"),
        done=_lazy("課題を調整に回しました"),
        internal=True,
        permission=OWNER,
        duty="write_challenge",
    )
    def hand_in(self, *, content: Given, by: User, **_given: object) -> None:
        """Performed by `writing.hand_in` alone, which checks and freezes.

        Whoever hands it in has written it.
        """
        self.written_by = by
        self.content, self.title, self.title_en = (
            content,
            content["title"],
            content.get("title_en", ""),
        )
        words = [
            self.number,
            *(
                str(content.get(key, ""))
                for key in ("title", "title_en", "department", "background", "wished", "skills")
            ),
        ]
        self.search_text = " ".join(jptext.search_key(word) for word in words if word)
        self.reason = ""

    @transition(
        source=ChallengeState.COORDINATING,
        target=ChallengeState.DRAFT,
        label=_lazy("担当課に戻す"),
        done=_lazy("課題を担当課に戻しました"),
        permission=CONCIERGE,
        reason="required",
    )
    def send_back(self, *, reason: str, **_given: object) -> None:
        self.reason = reason

    @transition(
        source=ChallengeState.COORDINATING,
        target=ChallengeState.COORDINATING,
        label=_lazy("市町村のテーマに分ける"),
        done=_lazy("市町村のテーマに分けました"),
        permission=CONCIERGE,
        form="challenge_split",
    )
    def split(self, *, municipality: str, by: User, **_given: object) -> None:
        """One municipality gets a draft of its own with what was typed; the others go on together.

        Raises NotReady where it is alone.
        """
        if municipality not in self.municipality_codes or len(self.municipality_codes) < 2:
            raise NotReady(_("いくつかの市町村が出している課題だけを分けられます。"))
        self.municipality_codes = [code for code in self.municipality_codes if code != municipality]
        own = begin(
            Challenge,
            by=by,
            call=self.call,
            municipality_codes=[municipality],
            typed=self.typed | {"theme": "municipal"},
        )
        send_out(own, outgoing.SPLIT_OFF)

    @transition(
        source=ChallengeState.COORDINATING,
        target=ChallengeState.PUBLISHED,
        label=_lazy("公表する"),
        done=_lazy("課題を公表しました"),
        tone="solid",
        permission=CONCIERGE,
        duty="publish_challenge",
        requirements=(Requirement("road", _no_road), Requirement("call", _not_announced)),
    )
    def publish(self, **_given: object) -> None:
        """導入の道すじ is published with the question:
        a challenge without a route to adoption is not a good challenge.
        """
        self.published_at = clock.now()

    @transition(
        source=ChallengeState.PUBLISHED,
        target=ChallengeState.DECIDED,
        label=_lazy("決定済みにする"),
        done=_lazy("課題の結果が決まりました"),
        permission=CONCIERGE,
        requirements=(Requirement("closed", _still_open),),
    )
    def decide(self, **_given: object) -> None:
        self.calling_off = ""

    @transition(
        source=ChallengeState.DECIDED,
        target=ChallengeState.ARCHIVED,
        label=_lazy("保管する"),
        done=_lazy("課題を保管しました"),
        permission=CONCIERGE,
    )
    def archive(self, **_given: object) -> None:
        pass

    @transition(
        source=(ChallengeState.DRAFT, ChallengeState.COORDINATING),
        target=ChallengeState.CANCELLED,
        label=_lazy("中止する"),
        done=_lazy("課題を中止しました"),
        permission=CONCIERGE,
        reason="required",
        tone="danger",
    )
    def cancel(self, *, reason: str, **_given: object) -> None:
        """Before anybody outside has read it."""
        self.reason = reason

    @transition(
        source=ChallengeState.PUBLISHED,
        target=ChallengeState.PUBLISHED,
        label=_lazy("課題の中止を提案する"),
        done=_lazy("課題の中止を提案しました"),
        permission=office("challenge_owner", "concierge"),
        reason="required",
        duty="ask_calling_off",
        requirements=(Requirement("new", _asked_before),),
    )
    def ask_calling_off(self, *, reason: str, by: User, **_given: object) -> None:
        self.calling_off = reason
        for person in dict.fromkeys(who for role in CALL_OFF for who in holders(role, self)):
            if person != by:
                write_to(person, self, outgoing.CALLING_OFF_ASKED)

    @transition(
        source=ChallengeState.PUBLISHED,
        target=ChallengeState.PUBLISHED,
        label=_lazy("中止の提案を取り下げる"),
        done=_lazy("課題の中止の提案を取り下げました"),
        permission=office("challenge_owner", *CALL_OFF),
        reason="required",
        requirements=(Requirement("asked", _not_asked),),
    )
    def go_on(self, **_given: object) -> None:
        self.calling_off = ""

    @transition(
        source=ChallengeState.PUBLISHED,
        target=ChallengeState.CANCELLED,
        label=_lazy("提案された中止を確認する"),
        done=_lazy("公表した課題を中止しました"),
        permission=office(*CALL_OFF, every_town=True),
        duty="call_off_challenge",
        requirements=(Requirement("asked", _not_asked),),
        tone="danger",
        sensitive=True,
    )
    def call_off(self, *, by: User, **_given: object) -> None:
        """In public, and everybody is told whose proposal or draft names it."""
        self.reason, self.calling_off = self.calling_off, ""
        for case in naming_cases.value(self):
            tell(case, "applicant", outgoing.NAMED_CALLED_OFF, by=by)
