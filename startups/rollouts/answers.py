"""What is answered about a roll-out: the tests of its route that were confirmed, and every half-year
whether it is still in use.
"""

from django.db import models

from portal.accounts.models import User


class Confirmation(models.Model):
    """A test of the route that was confirmed: by whom, when, on what."""

    rollout = models.ForeignKey("Rollout", models.PROTECT, related_name="confirmations")
    key = models.CharField(max_length=20)
    note = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["rollout", "key"], name="rollouts_confirmed_once")
        ]

    def __str__(self) -> str:
        return f"{self.rollout_id} {self.key}"


class UseAnswer(models.Model):
    """いまも使っているか: one half-year's answer. Public."""

    rollout = models.ForeignKey("Rollout", models.PROTECT, related_name="answers")
    n = models.PositiveSmallIntegerField()
    in_use = models.BooleanField()
    text = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["rollout", "n"], name="rollouts_answer_once")
        ]

    def __str__(self) -> str:
        return f"{self.rollout_id} {self.n} {self.in_use}"
