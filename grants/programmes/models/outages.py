"""Outages near a closing moment, and the intakes that closed later because of them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from grants.programmes.models.calls import Call
from portal.days import moment_said
from portal.registry.models import in_english
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal


class OutageQuerySet(models.QuerySet["Outage"]):
    def standing(self) -> "OutageQuerySet":
        """Those that hold, or wait for another person."""
        return self.filter(Q(closed_at=None) | Q(confirmed_at__isnull=False))


class Outage(Proposal):
    """障害: from when until when the portal was away or turned people away; proposed by one, and once
    another confirmed it every intake that it touched closes later.
    """

    lock_rank = 19

    since = models.DateTimeField()
    until = models.DateTimeField()
    reason = models.TextField()  # the public reads it
    reason_en = models.TextField(blank=True)
    known_by = models.TextField()  # the alarm, the lines of the log, or who noticed
    confirmed_at = models.DateTimeField(null=True)

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="programmes_outage_in_order"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | CLOSED_BY_ANOTHER,
                name="programmes_outage_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{moment_said(self.since)} – {moment_said(self.until)}"

    def get_absolute_url(self) -> str:
        return reverse("outage", args=[self.pk])

    @property
    def reason_read(self) -> str:
        """In the language of whoever reads it."""
        return self.reason_en if in_english() and self.reason_en else self.reason


class LaterEnd(models.Model):
    """An intake period that closed later because of an outage."""

    outage = models.ForeignKey(Outage, models.PROTECT, related_name="ends")
    call = models.ForeignKey(Call, models.PROTECT, related_name="later_ends")
    n = models.PositiveSmallIntegerField()  # of the period
    was = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        ordering = ["-closes_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["outage", "call", "n"], name="programmes_later_end_once"
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("was")), name="programmes_later_end_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call} {moment_said(self.closes_at)}"
