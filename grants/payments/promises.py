"""What the database itself keeps of payments."""

from django.db import models
from django.db.models import Q

from grants.payments.states import TRANSFERS, PaymentState
from portal.workflow.graph import state_check

OF_PAYMENT = [
    state_check(PaymentState, "payments_payment_state"),
    models.CheckConstraint(condition=Q(amount__gt=0), name="payments_payment_positive"),
    models.UniqueConstraint(
        fields=["claim"],
        condition=Q(state__in=list(TRANSFERS), restores=None),
        name="payments_one_live",
    ),
    models.UniqueConstraint(
        fields=["restores"],
        condition=Q(state__in=list(TRANSFERS)),
        name="payments_restored_once",
    ),
    models.UniqueConstraint(fields=["batch", "line"], name="payments_line_once"),
    models.CheckConstraint(
        condition=Q(clearance=None) | Q(batch__isnull=False),
        name="payments_cleared_in_batch",
    ),
    models.CheckConstraint(
        condition=~Q(state=PaymentState.PAID) | Q(paid_on__isnull=False, batch__isnull=False),
        name="payments_paid_has_day",
    ),
    models.CheckConstraint(
        condition=~Q(state=PaymentState.SET_OFF) | Q(paid_on__isnull=False, batch=None),
        name="payments_set_off_moves_nothing",
    ),
    models.CheckConstraint(
        condition=Q(came_back_on=None)
        | Q(
            state__in=(PaymentState.PAID, PaymentState.BOUNCED, PaymentState.BOUNCE_DOUBTED),
            paid_on__lte=models.F("came_back_on"),
        ),
        name="payments_came_back_after",
    ),
]
