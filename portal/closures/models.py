"""閉庁: days on which the office of a municipality is closed beside its days off by ordinance."""

from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal import clock
from portal.accounts.models import User
from portal.days import span_said
from portal.registry.models import Municipality, in_english
from portal.workdays import Span
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal


@dataclass(frozen=True)
class Announced(Span):
    """The days of a closure with the reason that the public reads."""

    reason: str
    reason_en: str

    @property
    def days_said(self) -> str:
        return span_said(self.starts_on, self.ends_on)

    @property
    def reason_read(self) -> str:
        """In the language of whoever reads it."""
        return self.reason_en if in_english() and self.reason_en else self.reason


class ClosureQuerySet(models.QuerySet["Closure"]):
    def in_force(self) -> "ClosureQuerySet":
        return self.exclude(confirmed_at=None)

    def proposed(self) -> "ClosureQuerySet":
        return self.filter(closed_at=None)


class Closure(Proposal):
    """Proposed by one person of the office; it moves deadlines once another confirmed it, and stands
    from then on: people were told.
    """

    lock_rank = 15

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=80)  # the public reads it
    reason_en = models.CharField(max_length=120, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="closures_in_order"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | CLOSED_BY_ANOTHER,
                name="closures_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.starts_on} {self.ends_on}"

    def get_absolute_url(self) -> str:
        return reverse("closure", args=[self.pk])

    @property
    def span(self) -> "Announced":
        return Announced(self.starts_on, self.ends_on, self.reason, self.reason_en)

    @property
    def told_as(self) -> str:
        return f"{self.municipality} {self.days_said}"

    @property
    def days_said(self) -> str:
        return self.span.days_said

    @property
    def is_over(self) -> bool:
        return self.ends_on < clock.today()

    def address_for(self, user: User) -> str:
        """Where a person of the office reads of the deadlines that it moved."""
        return reverse("inbox")
