"""納付: what came back, one sum after the other."""

from datetime import date, datetime
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.awards.models import Award
from grants.payments.models import Payment
from portal import clock
from portal.cases.models import Case

if TYPE_CHECKING:
    from grants.recovery.models import Recovery


class MoneyInQuerySet(models.QuerySet["MoneyIn"]):
    def standing(self) -> "MoneyInQuerySet":
        """Those that were not taken back."""
        return self.filter(taken_back_at=None)

    def with_subject(self) -> "MoneyInQuerySet":
        """With what they pay, or the award of those that pay nothing yet."""
        found = [f"{path}__case__organisation" for path in ("recovery", "unordered")]
        calls = ("recovery__award__application__call", "unordered__application__call")
        return self.select_related(*found, *calls)

    def early(self) -> "MoneyInQuerySet":
        """Those that no order has taken up, newest last."""
        return self.filter(recovery=None)


class MoneyIn(models.Model):
    """納付: one sum that came back.

    Within the year's settlement period it returns to its line (戻入), later it is revenue (歳入).
    One that was entered wrongly is taken back by two people, and stays in the list (`taking_back`).
    What came before anything was ordered is held outside the accounts (`early`) until an order
    takes it up.
    """

    recovery = models.ForeignKey("Recovery", models.PROTECT, null=True, related_name="receipts")
    # 仮受: of which award, until there is an order
    unordered = models.ForeignKey(Award, models.PROTECT, null=True, related_name="early_receipts")
    taken_up_at = models.DateTimeField(null=True)  # when an order took up what had come early
    paid_on = models.DateField()  # of one set off: from when both claims could be (民法 506条2項)
    amount = models.BigIntegerField()
    over = models.BigIntegerField(default=0)  # 過誤納: yen above what was owed, to be given back
    # who saw in the books that it is too much: another than booked it
    over_seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    over_seen_at = models.DateTimeField(null=True)
    refunded_on = models.DateField(null=True)
    payer = models.CharField(max_length=60, blank=True)  # where somebody else paid
    to_line = models.BooleanField()
    # 相殺: by which payment, of which no bank moved this sum
    set_off = models.OneToOneField(Payment, models.PROTECT, null=True, related_name="set_against")
    note = models.CharField(max_length=120, blank=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(default=clock.now)
    # why it should be taken back, and who proposed that; then who confirmed it
    doubt = models.TextField(blank=True)
    doubted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    doubted_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    taken_back_at = models.DateTimeField(null=True)

    objects = MoneyInQuerySet.as_manager()

    class Meta:
        ordering = ["paid_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_receipt_positive"),
            models.CheckConstraint(
                condition=Q(recovery=None, unordered__isnull=False, to_line=False, set_off=None)
                | Q(recovery__isnull=False, unordered=None),
                name="recovery_receipt_of_an_order_or_early",
            ),
            models.CheckConstraint(
                condition=Q(over__gte=0, over__lte=models.F("amount")), name="recovery_receipt_over"
            ),
            models.CheckConstraint(
                condition=Q(refunded_on=None) | Q(over__gt=0), name="recovery_receipt_refunded"
            ),
            models.CheckConstraint(
                condition=Q(over_seen_at=None, over_seen_by=None, refunded_on=None)
                | Q(over_seen_at__isnull=False, over__gt=0),
                name="recovery_receipt_over_seen",
            ),
            models.CheckConstraint(
                condition=Q(over_seen_by=None) | ~Q(over_seen_by=models.F("booked_by")),
                name="recovery_receipt_over_seen_by_another",
            ),
            models.CheckConstraint(
                condition=Q(set_off=None)
                | Q(over=0) & (Q(doubted_at=None) | Q(taken_back_at__isnull=False)),
                name="recovery_receipt_set_off_stands",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None)
                | Q(
                    taken_back_at__isnull=False,
                    taken_back_by__isnull=False,
                    doubted_by__isnull=False,
                )
                & ~Q(taken_back_by=models.F("doubted_by")),
                name="recovery_receipt_taken_back_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.amount:,}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#recovery"

    @property
    def duty_subject(self) -> str:
        """Who booked it does not confirm it."""
        return f"moneyin:{self.pk}"

    @property
    def debt(self) -> "Recovery":
        """What it pays, of one that is not early."""
        return cast("Recovery", self.recovery)

    @property
    def subject(self) -> "Recovery | Award":
        """Under which the record has it: the order, before that the award."""
        return self.recovery or cast("Award", self.unordered)

    @property
    def award(self) -> Award:
        return self.recovery.award if self.recovery else cast("Award", self.unordered)

    @property
    def case(self) -> Case:
        return self.subject.case

    @property
    def counted(self) -> int:
        """Yen of it that were owed."""
        return self.amount - self.over

    @property
    def counts_since(self) -> datetime:
        """From when it pays what is owed."""
        return self.taken_up_at or self.booked_at

    @property
    def moved_on(self) -> date:
        """In the accounts of which day it moves: what was held outside them, or moved by no bank, on
        the day of the decision.
        """
        is_by_decision = self.taken_up_at is not None or self.set_off_id is not None
        return clock.day_of(self.counts_since) if is_by_decision else self.paid_on

    @property
    def waits_to_be_seen(self) -> bool:
        """Nobody but whoever booked it has seen that it is too much; an early one, that no order
        will take it up.
        """
        if self.over_seen_at is not None or self.taken_back_at is not None:
            return False
        return bool(self.over) or self.recovery_id is None

    @property
    def is_doubted(self) -> bool:
        """Somebody proposed to take it back, and nobody has confirmed it yet."""
        return self.doubted_at is not None and self.taken_back_at is None

    @property
    def waits_to_be_given_back(self) -> bool:
        """What is too much was seen, and has not gone back yet."""
        is_left = self.refunded_on is None and self.taken_back_at is None
        return is_left and self.over_seen_at is not None
