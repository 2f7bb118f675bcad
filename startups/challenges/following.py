"""What hangs on a challenge: who follows it, what was asked and answered for all,
and what the office says among itself.
"""

from django.db import models

from portal import clock
from portal.accounts.models import User
from portal.workflow.drafts import fingerprint

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
    altered_at = models.DateTimeField(null=True)  # when the answer was last written anew

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

    @property
    def said(self) -> str:
        """A digest of what is public of it: does a page still show the answer that stands?"""
        return fingerprint(shown=self.shown, answer=self.answer)


class Comment(models.Model):
    """調整: what concierge, department and advisory board say to each other while a challenge takes
    shape. Never public.

    `asks`: of the advisory board, whose advice is asked for; they read it before it is published.
    """

    challenge = models.ForeignKey(CHALLENGE, models.PROTECT, related_name="comments")
    kind = models.CharField(max_length=10)
    text = models.TextField()
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    asks = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.challenge_id} {self.kind}"
