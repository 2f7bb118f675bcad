"""What a firm is after, what its people said of a call, what they were told, and the searches they keep."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from grants.programmes.models import Call
from portal import clock
from portal.accounts.models import Organisation, User


class Aims(models.Model):
    """The purposes (`finding.vocabulary.topics`) that a firm looks for support for."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="+")
    topics = ArrayField(models.CharField(max_length=20), default=list)

    def __str__(self) -> str:
        return f"{self.organisation_id} {','.join(self.topics)}"


class Mark(models.Model):
    """What a person said of a call: not for me, or: remind me on this day. Taken back, it is gone."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    is_hidden = models.BooleanField(default=False)
    remind_on = models.DateField(null=True)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "call"], name="fitting_mark_once"),
            models.CheckConstraint(
                condition=Q(is_hidden=True, remind_on=None)
                | Q(is_hidden=False, remind_on__isnull=False),
                name="fitting_mark_says_one_thing",
            ),
        ]
        indexes = [
            models.Index(
                fields=["remind_on"],
                condition=Q(reminded_at=None, remind_on__isnull=False),
                name="fitting_to_remind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.call_id}"


class Told(models.Model):
    """A person heard of a call: once, whatever it was found by."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    call = models.ForeignKey(Call, models.CASCADE, related_name="+")
    told_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "call"], name="fitting_told_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.call_id}"


class SavedSearch(models.Model):
    """A search of the public list that its person keeps. `asked`: as the form reads it."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    asked = models.JSONField()
    key = models.CharField(max_length=64)  # the same search is kept once
    kept_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-kept_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="fitting_search_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.key}"
