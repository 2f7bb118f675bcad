"""A notice: numbered, its facts frozen when it is issued, verifiable by anyone who holds the paper."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Anyone, System
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.days import day_said
from portal.documents.models import StoredFile
from portal.notices import outgoing
from portal.notices.letterheads import Letterhead
from portal.notices.states import VALID, NoticeState
from portal.types import Text
from portal.workflow.graph import UNBORN, LifeCycle, state_check, state_field, transition
from portal.workflow.ports import notice_kinds

__all__ = ["Letterhead", "Notice", "UndrawnPaper", "notices_of"]


class Notice(LifeCycle):
    lock_rank = 700
    STATES = NoticeState
    OUTGOING = outgoing.NOTICE

    case = models.ForeignKey(Case, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=30)
    number = models.CharField(max_length=40, unique=True)
    code = models.CharField(max_length=19, unique=True)
    facts = models.JSONField()
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(default=clock.now)
    # since when its paper fails to be drawn; empty again once it is
    undrawn_at = models.DateTimeField(null=True)
    # on paper, into the post: of an application that came on paper
    posted_at = models.DateTimeField(null=True)
    posted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    state = state_field()

    class Meta:
        ordering = ["-issued_at", "-pk"]
        constraints = [
            state_check(NoticeState, "notices_state"),
            models.CheckConstraint(
                condition=models.Q(posted_at=None, posted_by=None)
                | models.Q(posted_at__isnull=False, posted_by__isnull=False),
                name="notices_posted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_voided(self) -> bool:
        return self.state == NoticeState.VOIDED

    @property
    def stage(self) -> tuple[str, Text]:
        """Tone and words of where it is: on paper, it has reached nobody before somebody posts it."""
        if self.state != NoticeState.DELIVERED or not self.case.on_paper:
            return self.info.tone, self.info.label
        if self.posted_at is None:
            return "care", _("郵送を待っています")
        return "good", _("郵送済み（%(day)s）") % {"day": day_said(self.posted_at)}

    @property
    def title(self) -> str:
        return str(self.facts.get("title", ""))

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What stands below 記, as (label, text)."""
        rows: list[tuple[str, str]] = self.facts.get("items", [])
        return rows

    @property
    def kind_label(self) -> Text:
        return notice_kinds[self.kind].label

    @transition(
        source=UNBORN,
        target=NoticeState.ISSUED,
        label=_lazy("発行する"),
        done=_lazy("通知書を発行しました"),
        permission=Anyone(),
        internal=True,
    )
    def begin(
        self,
        *,
        case: Case,
        kind: str,
        number: str,
        code: str,
        facts: dict[str, object],
        **_given: object,
    ) -> None:
        self.case, self.kind, self.number, self.code, self.facts = case, kind, number, code, facts
        self.issued_at = clock.now()

    @transition(
        source=NoticeState.ISSUED,
        target=NoticeState.DELIVERED,
        label=_lazy("交付済みにする"),
        done=_lazy("通知書をお届けしました"),
        permission=System(),
        internal=True,
    )
    def deliver(self, *, file: StoredFile | None = None, **_given: object) -> None:
        self.file = file or self.file
        self.undrawn_at = None

    @transition(
        source=VALID,
        target=NoticeState.VOIDED,
        label=_lazy("通知書を無効にする"),
        done=_lazy("通知書を無効にしました"),
        internal=True,
        permission=Anyone(),
        reason="required",
    )
    def void(self, **_given: object) -> None:
        """Whoever verifies the paper is told that it no longer holds. A part of the act that takes
        back what it says, with the rights and the people of that act; nobody presses it by itself.
        """


class UndrawnPaper(models.Model):
    """A paper that fails to be drawn when somebody asks for it; a notice says so itself. It goes once
    the paper is drawn. `paper`: its kind in `portal.workflow.ports.papers`; `row`: the key of what it
    is drawn of; `case`: none where it is about none, as the record of a selection.
    """

    paper = models.CharField(max_length=30)
    row = models.BigIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "row"], name="notices_undrawn_once")
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.row}"


notices_of = OfCase(Notice.objects.all)
