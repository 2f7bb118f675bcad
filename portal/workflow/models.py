"""What the door remembers beside the rows themselves: duties done, keys of requests already
answered, and the day of which work by the clock was done last.
"""

from django.conf import settings
from django.db import models


class Duty(models.Model):
    """A person did a duty on a subject (a case, or where there is none the programme, call,
    organisation …).
    """

    subject = models.CharField(max_length=80)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False
    )
    duty = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "person", "duty"], name="workflow_duty_once")
        ]
        # what somebody did of one kind: who decides does another one on every case
        indexes = [models.Index(fields=["person", "duty"], name="workflow_duty_of_person")]

    def __str__(self) -> str:
        return f"{self.duty} on {self.subject}"


class AnsweredKey(models.Model):
    """An idempotency key of a form: a second press of the button gets the first result."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="workflow_key_once")]

    def __str__(self) -> str:
        return self.key


class SentForm(models.Model):
    """A form that was done, and where it led (`portal.workflow.sent_forms`)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    page = models.CharField(max_length=64)
    key = models.CharField(max_length=64)
    led_to = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="workflow_sent_form_once")
        ]

    def __str__(self) -> str:
        return self.key


class DoneUntil(models.Model):
    """The last day of which daily work was done (`portal.workflow.spans`)."""

    work = models.CharField(max_length=40, primary_key=True)
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.work} {self.day}"
