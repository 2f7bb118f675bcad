"""The notice of a payment."""

from grants.applications.papers import frame, yen
from grants.awards.papers import decided, earlier, on_award
from grants.payments.models import Payment
from portal import fiscal
from portal.notices.citing import NOTHING, Cited
from portal.types import Row


def on_fixing(payment: Payment) -> list[tuple[str, Row]]:
    return [*on_award(payment), ("fixing", payment.case)]


def payment_facts(
    payment: Payment, *, cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    """支払通知書."""
    award = payment.award
    return frame(
        award.application,
        about="の支払",
        title="補助金支払通知書",
        body=f"{award.application.stated.under('payment')}、次のとおり補助金を振り込みましたので、通知します。",
        body_en="We have transferred the subsidy as follows.",
        items=[
            *decided(award, cited),
            *earlier("額の確定の日と番号", cited.of_case("fixing", payment.case_id)),
            *([["確定額", yen(award.fixed_amount)]] if award.fixed_amount is not None else []),
            ["支払った額", yen(payment.amount)],
            ["振込日", fiscal.era(payment.paid_on) if payment.paid_on else ""],
            ["振込先", payment.account.masked],
            ["支払の区分", {"settlement": "精算払", "advance": "概算払"}[payment.claim.kind]],
        ],
    )
