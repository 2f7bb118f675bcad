"""保守: when the portal is closed for work on it, as everybody is told beforehand."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.days import moment_said
from portal.registry.models import in_english

TOLD_BEFORE = timedelta(days=14)  # a planning value: from when every page says so


class MaintenanceQuerySet(models.QuerySet["Maintenance"]):
    def standing(self) -> "MaintenanceQuerySet":
        return self.filter(called_off_at=None)

    def to_come(self, moment: datetime) -> "MaintenanceQuerySet":
        """What is not over, the first one first."""
        return self.standing().filter(ends_at__gt=moment).order_by("starts_at", "pk")


class Maintenance(models.Model):
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    about = models.CharField(max_length=80)  # the public reads it
    about_en = models.CharField(max_length=120, blank=True)
    announced_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(default=clock.now)
    called_off_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    called_off_at = models.DateTimeField(null=True)

    objects = MaintenanceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="maintenance_in_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_over(self) -> bool:
        return self.ends_at <= clock.now()

    @property
    def is_running(self) -> bool:
        return self.starts_at <= clock.now() < self.ends_at

    @property
    def is_told(self) -> bool:
        """Whether it stands on every page."""
        return self.starts_at - TOLD_BEFORE <= clock.now() < self.ends_at

    @property
    def span_said(self) -> str:
        """12月5日（土）22:00から12月6日（日）2:00まで; the day once where it is one."""
        is_one_day = clock.day_of(self.starts_at) == clock.day_of(self.ends_at)
        last = (
            f"{self.ends_at.astimezone(clock.JST):%H:%M}"
            if is_one_day
            else moment_said(self.ends_at)
        )
        return _("%(first)sから%(last)sまで") % {"first": moment_said(self.starts_at), "last": last}

    @property
    def about_read(self) -> str:
        """In the language of whoever reads it."""
        return self.about_en if in_english() and self.about_en else self.about
