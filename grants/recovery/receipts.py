"""納付: what came back, one sum after the other."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from grants.payments.models import Payment
from portal import clock


class MoneyInQuerySet(models.QuerySet["MoneyIn"]):
    def standing(self) -> "MoneyInQuerySet":
        """Those that were not taken back."""
        return self.filter(taken_back_at=None)


class MoneyIn(models.Model):
    """納付: one sum that came back.

    Within the year's settlement period it returns to its line (戻入), later it is revenue (歳入).
    One that was entered wrongly is taken back by two people, and stays in the list (`taking_back`).
    """

    recovery = models.ForeignKey("Recovery", models.PROTECT, related_name="receipts")
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
        return f"{self.recovery_id} {self.amount:,}"

    @property
    def counted(self) -> int:
        """Yen of it that were owed."""
        return self.amount - self.over

    @property
    def waits_to_be_seen(self) -> bool:
        """Nobody but whoever booked it has seen that it is too much."""
        return bool(self.over) and self.over_seen_at is None and self.taken_back_at is None

    @property
    def is_doubted(self) -> bool:
        """Somebody proposed to take it back, and nobody has confirmed it yet."""
        return self.doubted_at is not None and self.taken_back_at is None
