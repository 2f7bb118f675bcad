"""Conversation of a case, and the mail that goes out about it (links only, no personal data)."""

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case


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


class Mail(models.Model):
    """One mail to one person. `error` holds the last failure, shown on the case page.

    To the office: its `kind` (kinds.py); one that waits for the morning is gathered in a `digest`.
    """

    WAITING, GATHERED = "waiting", "gathered"
    STATES = [(name, name) for name in ("queued", "sent", "failed", WAITING, GATHERED)]

    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="mails")
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
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-queued_at"]
        indexes = [
            models.Index(
                fields=["to"], condition=models.Q(state="waiting"), name="correspondence_waiting"
            )
        ]

    def __str__(self) -> str:
        return self.subject


class MailChoice(models.Model):
    """How a person wishes to be written to; at once where none is kept. `gathers`: what the office is
    told; `news`: what nobody has to know, such as a call that may fit.
    """

    NEWS = [
        ("at_once", _lazy("そのつど受け取る")),
        ("digest", _lazy("開庁日の朝に1通にまとめて受け取る")),
        ("never", _lazy("受け取らない")),
    ]

    person = models.OneToOneField(User, models.CASCADE, related_name="+")
    gathers = models.BooleanField(default=False)
    news = models.CharField(max_length=8, choices=NEWS, default="at_once")

    def __str__(self) -> str:
        return f"{self.person_id} {self.gathers}"


class Reminder(models.Model):
    """A reminder already sent about a turn, so that each is sent once."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="+")
    subject = models.CharField(max_length=160)
    days_left = models.PositiveSmallIntegerField()

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
