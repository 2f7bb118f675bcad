"""What the applicant has typed into the sections of a draft."""

from django.db import models

from portal import clock
from portal.accounts.models import User


class Section(models.Model):
    """What the applicant has typed into one section of a draft; `version` guards two writers.

    `editor` names the opened page that saved last and `stroke` counts its requests, so that a page
    never conflicts with its own autosave, and a late autosave never overwrites what the same page
    sent after it.
    """

    application = models.ForeignKey(
        "grants_applications.Application", models.PROTECT, related_name="sections"
    )
    key = models.CharField(max_length=31)
    data = models.JSONField(default=dict)
    handed_in = models.JSONField(null=True)  # what was typed when it was handed in last
    version = models.PositiveIntegerField(default=0)
    editor = models.CharField(max_length=32, blank=True)
    stroke = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(default=clock.now)
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="applications_section_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.key}"


class SectionShare(models.Model):
    """Who is to write a section, as the firm's people note it among themselves (sharing.py)."""

    application = models.ForeignKey(
        "grants_applications.Application", models.PROTECT, related_name="shares"
    )
    key = models.CharField(max_length=31)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="section_shares")
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="applications_share_once")
        ]

    def __str__(self) -> str:
        return f"{self.application_id}/{self.key}"
