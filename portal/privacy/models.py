"""開示・訂正・利用停止の請求: what somebody asks of the data that the portal keeps of them (個人情報の保護に関する
法律 76条, 90条, 98条), and what two people of the office answered by a day that the law sets.
"""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.cases import retention
from portal.registry.codes import SAPPORO
from portal.types import Text
from portal.workflow.drafts import fingerprint

# 83条, 94条, 102条: from the day of the request, and once as many more
DAYS = timedelta(days=30)
SOON = timedelta(days=7)


class DataRequest(models.Model):
    """`person`: who asked through the portal; without, `name` and `address` of whoever asked on paper,
    entered by an officer who saw who it is (`identified_by`).
    """

    KINDS = [
        ("disclose", _lazy("開示")),
        ("correct", _lazy("訂正")),
        ("stop", _lazy("利用の停止")),
    ]
    OUTCOMES = [
        ("whole", _lazy("請求のとおり行う")),
        ("part", _lazy("一部を行う")),
        ("none", _lazy("行わない")),
    ]
    lock_rank = 98
    # what somebody typed: gone once the records are disposed of
    ERASED = ("about", "wanted", "name", "address", "identified_by", "extended_for", "reason")
    # who may act for the office: those of no single programme
    programme_code = ""
    municipality_codes = (SAPPORO,)

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=8, choices=KINDS)
    about = models.TextField()
    wanted = models.TextField(blank=True)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="data_requests")
    name = models.CharField(max_length=80)
    address = models.CharField(max_length=200, blank=True)
    identified_by = models.CharField(max_length=120, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_on = models.DateField()
    due_on = models.DateField()
    extended_for = models.TextField(blank=True)
    outcome = models.CharField(max_length=5, choices=OUTCOMES, blank=True)
    reason = models.TextField(blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    disposal_asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    disposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    disposed_on = models.DateField(null=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=None) | ~Q(identified_by="") | Q(disposed_on__isnull=False),
                name="privacy_somebody_is_known",
            ),
            models.CheckConstraint(
                condition=Q(drafted_by=None) | ~Q(outcome=""), name="privacy_draft_says_what"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None)
                | Q(decided_by__isnull=False, drafted_by__isnull=False)
                & ~Q(decided_by=F("drafted_by")),
                name="privacy_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(disposed_on=None, disposed_by=None)
                | Q(
                    disposed_on__isnull=False,
                    disposed_by__isnull=False,
                    disposal_asked_by__isnull=False,
                )
                & ~Q(disposed_by=F("disposal_asked_by")),
                name="privacy_disposed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def told_as(self) -> str:
        return self.number

    def address_for(self, user: User) -> str:
        name = "data_request" if user.pk == self.person_id else "data_request_staff"
        return reverse(name, args=[self.number])

    def get_absolute_url(self) -> str:
        return reverse("data_request_staff", args=[self.number])

    @property
    def is_open(self) -> bool:
        return self.decided_at is None and self.withdrawn_at is None

    @property
    def is_drafted(self) -> bool:
        return self.is_open and self.drafted_by_id is not None

    @property
    def draft_print(self) -> str:
        """A digest of what the page of whoever decides shows of the draft."""
        return fingerprint(
            outcome=self.outcome, reason=self.reason, by=self.drafted_by_id, due=str(self.due_on)
        )

    @property
    def is_late(self) -> bool:
        return self.is_open and self.due_on < clock.today()

    @property
    def is_soon(self) -> bool:
        return self.is_open and not self.is_late and self.due_on <= clock.today() + SOON

    @property
    def stage(self) -> tuple[str, Text]:
        """(look, word) of where it stands."""
        if self.disposed_on:
            return "rest", _lazy("廃棄済み")
        if self.withdrawn_at:
            return "rest", _lazy("取下げ")
        if self.decided_at:
            return "good", _lazy("決定済み")
        return ("care", _lazy("決定待ち")) if self.drafted_by_id else ("you", _lazy("検討中"))

    @property
    def decided_on(self) -> date | None:
        return clock.day_of(self.decided_at) if self.decided_at else None

    @property
    def kept_until(self) -> date | None:
        """The last day of keeping; None while it is open."""
        ended_at = self.decided_at or self.withdrawn_at
        return retention.after(clock.day_of(ended_at)) if ended_at else None

    @property
    def is_over(self) -> bool:
        """Has its time of keeping passed, and is it still there?"""
        until = self.kept_until
        return self.disposed_on is None and until is not None and until < clock.today()
