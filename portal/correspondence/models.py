"""Conversation of a case, and the mail that goes out about it (links only, no personal data)."""

import re
import secrets
from collections.abc import Collection
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.correspondence import answers, kinds
from portal.types import Text

_STOP = re.compile(r"(/mails/stop/)\S+")


class Message(models.Model):
    """Something one side wrote to the other. `internal`: a note among staff."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    side = models.CharField(max_length=10)
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    body = models.TextField()
    internal = models.BooleanField(default=False)
    sent_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["sent_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.side}"


def new_envelope() -> str:
    """By which a mail server names a mail: nobody guesses it who never saw that mail."""
    return secrets.token_hex(16)


class MailQuerySet(models.QuerySet["Mail"]):
    def failing(self) -> Self:
        """What came back, nobody saw to, and went to an address that its reader still has."""
        has_it = Q(to=None) | Q(to__email__iexact=F("address"))
        return self.filter(has_it, state=Mail.UNREACHED, settled_at=None).exclude(address="")


class Mail(models.Model):
    """One mail to one person. `error`: why our own server did not take it, at the last try; `address`:
    where it was sent.

    `kind`: as the outgoing tables say (kinds.py); one that waits for the morning is gathered in a
    `digest`. `subject_key`: the row that it tells of (`LifeCycle.subject_key`), by which it is read
    like what happened to that row.
    """

    WAITING, GATHERED, UNREACHED = "waiting", "gathered", "unreached"
    TONES = {"sent": "good", "failed": "care", UNREACHED: "stop"}
    STATES = [
        ("queued", _lazy("送信を待っています")),
        ("sent", _lazy("送りました")),
        ("failed", _lazy("まだ送れていません（送り直しています）")),
        (WAITING, _lazy("朝のまとめを待っています")),
        (GATHERED, _lazy("朝のまとめに入れました")),
        (UNREACHED, _lazy("届きませんでした")),
    ]

    UNKNOWN = "?"  # in `subject_key`: it was sent before that was kept

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="mails")
    subject_key = models.CharField(max_length=80, blank=True)
    to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    address = models.EmailField(blank=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=STATES, default="queued")
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, blank=True)
    digest = models.ForeignKey("self", models.PROTECT, null=True, related_name="gathered")
    # a link that opens an account: the text is emptied once sent
    holds_key = models.BooleanField(default=False)
    queued_at = models.DateTimeField(default=clock.now)
    # it stood in the queue of a database that was restored, and may have gone out since (`holding`)
    held_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # to a contact without an account, who wants no more of the case by this address
    stopped_at = models.DateTimeField(null=True)
    envelope = models.CharField(max_length=32, unique=True, null=True, default=new_envelope)
    # what the receiving side's server said later: still trying, or given up; `answer`: as "5.1.1"
    delayed_at = models.DateTimeField(null=True)
    unreached_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=12, blank=True)
    # somebody looked after the address
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = MailQuerySet.as_manager()

    class Meta:
        ordering = ["-queued_at"]
        indexes = [
            models.Index(
                fields=["to"], condition=Q(state="waiting"), name="correspondence_waiting"
            ),
            models.Index(
                fields=["case"],
                condition=Q(state="unreached", settled_at=None),
                name="correspondence_unreached",
            ),
            models.Index(
                fields=["queued_at"],
                condition=Q(state__in=["queued", "failed"]),
                name="correspondence_unsent",
            ),
        ]

    def __str__(self) -> str:
        return self.subject

    def is_of(self, matters: Collection[str]) -> bool:
        """Does it tell of a matter that begins so (`visibility.closed_to`)? Of what the office was sent
        before that was kept nobody knows: of a case, it may.
        """
        if self.subject_key == self.UNKNOWN:
            return bool(matters) and self.case_id is not None and self.kind in kinds.KINDS
        return self.subject_key.partition(":")[0] in matters

    @property
    def shown_to(self) -> str:
        """Who it went to, in words; a contact has no name here."""
        return self.to.name if self.to is not None else _("申請書の担当者")

    @property
    def shown_body(self) -> str:
        """As it was sent, less what lets whoever reads it act in the place of whom it was sent to: a key
        of an account, the link by which a contact stops the mails.
        """
        if self.holds_key:
            return _("本人だけが使えるリンクを含むので、本文は出しません。")
        kept_back = _("（受け取った方だけのリンク）")
        return _STOP.sub(lambda found: found[1] + kept_back, self.body)

    @property
    def is_failing(self) -> bool:
        """As `failing` has it."""
        has_it = self.to is None or self.to.email.lower() == self.address.lower()
        is_open = self.state == self.UNREACHED and self.settled_at is None
        return is_open and has_it and bool(self.address)

    @property
    def badge(self) -> tuple[str, Text]:
        """Tone and words of what became of it."""
        if self.held_at is not None:
            return "care", _("止めています（復元の前に送ったかもしれません）")
        if self.is_late:
            return "care", _("遅れています（相手のサーバーを待っています）")
        return self.TONES.get(self.state, "city"), self.get_state_display()

    @property
    def is_late(self) -> bool:
        return self.state == "sent" and self.delayed_at is not None

    @property
    def why(self) -> Text:
        """What the receiving side's server said, in words."""
        return answers.said(self.answer)


class MailChoice(models.Model):
    """How a person wishes to be written to; at once where none is kept. `gathers`: what the office is
    told; `news`: what nobody has to know, such as a call that may fit.
    """

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    gathers = models.BooleanField(default=False)
    news = models.CharField(max_length=8, choices=kinds.WAYS, default="at_once")
    # of one's own applications: kind (`kinds.OWN_KINDS`) → way, where it is not at once
    own = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.person_id} {self.gathers}"


class Reminder(models.Model):
    """A reminder already sent about a turn, so that each is sent once. `days_left`: below zero once the
    day has passed.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    subject = models.CharField(max_length=220)
    days_left = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "subject", "days_left"], name="correspondence_remind_once"
            )
        ]

    def __str__(self) -> str:
        return self.subject


class CalendarKey(models.Model):
    """The secret address of a person's own deadlines: found by its hash, shown from its seal."""

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    secret_hash = models.CharField(max_length=64, unique=True)
    secret_sealed = models.BinaryField()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.person_id}"
