"""The notice of a payment."""

from grants.applications.papers import frame, yen
from grants.payments.models import Payment
from portal import fiscal


def payment_facts(payment: Payment, **_given: object) -> dict[str, object]:
    """支払通知書."""
    award = payment.award
    return frame(
        award.application,
        title="補助金支払通知書",
        body="次のとおり補助金を振り込みましたので、通知します。",
        body_en="We have transferred the subsidy as follows.",
        items=[
            ["補助事業の名称", award.application.title],
            ["支払った額", yen(payment.amount)],
            ["振込日", fiscal.era(payment.paid_on) if payment.paid_on else ""],
            ["振込先", payment.account.masked],
            ["支払の区分", {"settlement": "精算払", "advance": "概算払"}[payment.claim.kind]],
        ],
    )
