"""Where a small municipality has too few people: which pairs of duties one person may hold there."""

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.days import span_said
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.types import Text
from portal.workflow import duties
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal


class DutyExceptionQuerySet(models.QuerySet["DutyException"]):
    def in_force(self, at: datetime) -> "DutyExceptionQuerySet":
        """Those that held at a moment: confirmed by then, within their days, not ended by then."""
        day = clock.day_of(at)
        return self.filter(
            Q(ended_at=None) | Q(ended_at__gt=at),
            confirmed_at__lte=at,
            starts_on__lte=day,
            ends_on__gte=day,
        )


class DutyException(Proposal):
    """Proposed by one administrator, with its ground; it holds once another confirmed it, for a year at
    most. Auditors read it.
    """

    BY_ANOTHER = _lazy("提案した方は確認できません。別の管理者が確認します。")
    MOST_DAYS = 366

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    pairs = ArrayField(models.CharField(max_length=60))  # each as `duties.key` writes it
    ground = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField()
    confirmed_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        "portal_accounts.User", models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)

    objects = DutyExceptionQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="accounts_exception_days"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | CLOSED_BY_ANOTHER,
                name="accounts_exception_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(municipality=SAPPORO), name="accounts_exception_small"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(confirmed_at__isnull=False),
                name="accounts_exception_ended_once_begun",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.municipality_id} {self.starts_on} {self.ends_on}"

    @property
    def subject_key(self) -> str:
        return f"dutyexception:{self.pk}"

    @property
    def days_said(self) -> str:
        return span_said(self.starts_on, self.ends_on)

    @property
    def pairs_said(self) -> list[str]:
        return [duties.pair_said(key) for key in self.pairs]

    @property
    def is_running(self) -> bool:
        return (
            self.confirmed_at is not None
            and self.ended_at is None
            and self.ends_on >= clock.today()
        )

    @property
    def stands(self) -> tuple[str, Text]:
        """(tone of the badge, in words) of what became of it."""
        if self.closed_at is None:
            return "care", _lazy("別の管理者の確認待ち")
        if self.confirmed_at is None:
            return "rest", _lazy("取下げ")
        if self.ended_at is not None:
            return "rest", _lazy("終了")
        if self.ends_on < clock.today():
            return "rest", _lazy("期間満了")
        if self.starts_on > clock.today():
            return "city", _lazy("開始前")
        return "care", _lazy("適用中")
