"""支出命令の審査: what the accounting officer looked at before an order is paid (地方自治法232条の4第2項)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from portal import clock

# what is confirmed of each order: column → in words
CONFIRMATIONS = {
    "lawful": _lazy("法令と予算に違反していないこと"),
    "debt_fixed": _lazy("債務が確定していること"),
    "complete": _lazy("必要な書類がそろっていること"),
}
ALL_CONFIRMED = Q(**dict.fromkeys(CONFIRMATIONS, True))


class OrderCheck(models.Model):
    """One order looked at in one batch: all three confirmed, or sent back with a reason. It stays."""

    payment = models.ForeignKey("grants_payments.Payment", models.PROTECT, related_name="checks")
    batch = models.ForeignKey("grants_payments.PaymentBatch", models.PROTECT, related_name="checks")
    lawful = models.BooleanField()
    debt_fixed = models.BooleanField()
    complete = models.BooleanField()
    reason = models.CharField(max_length=1000, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~ALL_CONFIRMED | Q(reason=""), name="payments_check_passed_or_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.payment}"

    @property
    def is_passed(self) -> bool:
        return self.lawful and self.debt_fixed and self.complete

    @property
    def doubts(self) -> list[str]:
        """What could not be confirmed, in words."""
        return [str(said) for name, said in CONFIRMATIONS.items() if not getattr(self, name)]
