"""What hangs on a challenge: who follows it, what was asked and answered for all,
and what the office says among itself.
"""

from collections.abc import Sequence
from typing import Protocol

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock
from portal.accounts.models import StaffRole, User, in_force
from portal.correspondence.post import send

CHALLENGE = "startups_challenges.Challenge"


class Follower(models.Model):
    """A person who wants to hear of a challenge."""

    challenge = models.ForeignKey(CHALLENGE, models.CASCADE, related_name="followers")
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["challenge", "person"], name="challenges_follow_once")
        ]

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.person_id}"


class Question(models.Model):
    """公開の質疑: asked by anyone signed in, answered for all.

    `text` stays inside; `shown` and `answer` are public.
    """

    challenge = models.ForeignKey(CHALLENGE, models.PROTECT, related_name="questions")
    text = models.TextField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    shown = models.TextField(blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None) | ~models.Q(answer=""),
                name="challenges_answer_has_text",
            )
        ]

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.pk}"


class Comment(models.Model):
    """調整: what concierge, department and advisory board say to each other while a challenge takes
    shape. Never public.
    """

    challenge = models.ForeignKey(CHALLENGE, models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=10)
    text = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.kind}"


class Asked(Protocol):
    """What a mail says of a challenge, which stands above this module."""

    pk: int
    number: str
    programme_code: str
    municipality_codes: list[str]

    @property
    def written_by(self) -> User: ...

    @property
    def public_url(self) -> str: ...

    def get_absolute_url(self) -> str: ...


def tell_followers(told: Sequence[tuple[Asked, str]]) -> None:
    """Mail everyone who follows, for each (challenge, message id):
    what happened, and a link to its public page.
    """
    for challenge, text in told:
        followers = Follower.objects.filter(challenge=challenge.pk, person__is_active=True)
        for follower in followers.select_related("person"):
            with override(follower.person.language):
                body = _(
                    "%(text)s。\n\n次のページでごらんください。\n%(link)s\n\nお知らせは、そのページで止められます。\n札幌市 経済観光局 さっぽろ事業支援ポータル"
                )
                _send(follower.person, challenge, text, body, challenge.public_url)


def tell_office(told: Sequence[tuple[Asked, str, str]]) -> None:
    """Mail who has the next step, for each (challenge, message id, "owner",
    "department" or "concierge"), with a link to the office's page.
    """
    for challenge, text, side in told:
        for person in _office(challenge, side):
            with override(person.language):
                body = _(
                    "%(text)s。\n\n次のページで内容を確かめられます（ログインが必要です）。\n%(link)s"
                )
                _send(person, challenge, text, body, challenge.get_absolute_url())


def _office(challenge: Asked, side: str) -> list[User]:
    """Who wrote the challenge, the departments of its municipalities,
    or the concierges in whose scope it lies.
    """
    if side == "owner":
        return [challenge.written_by]
    name = {"department": "challenge_owner", "concierge": "concierge"}[side]
    roles = StaffRole.objects.filter(in_force(), role=name, person__is_active=True).select_related(
        "person"
    )
    covering = [
        role
        for role in roles
        if role.covers(challenge.programme_code, list(challenge.municipality_codes))
    ]
    return list(dict.fromkeys(role.person for role in covering))


def _send(person: User, challenge: Asked, text: str, body: str, path: str) -> None:
    send(
        to=person,
        subject=f"【{_('行政課題')}】{_(text)}（{challenge.number}）",
        body=body % {"text": _(text), "link": f"{settings.SITE_URL}{path}"},
    )
