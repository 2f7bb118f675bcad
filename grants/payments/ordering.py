"""What an order to pay takes from its claim; why a claim cannot be ordered now, and not by whom."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from grants.awards.models import Award
from grants.budget.carrying import payment_refusals
from grants.payments import who_orders
from grants.payments.accounts import BankAccount, confirmed_account, replaced, serve
from grants.payments.claims import Claim, live_yen
from grants.payments.states import ClaimState, PaymentState
from portal import clock
from portal.accounts.models import User
from portal.workflow import duties
from portal.workflow.errors import NotReady

if TYPE_CHECKING:
    from grants.payments.transfers import Payment


def fill(payment: "Payment", claim_key: int) -> None:
    """Order the claim as it stands now; NotReady where it cannot be."""
    claims = Claim.objects.select_related("award__application", "case__organisation")
    claim = claims.get(pk=claim_key)
    account, last = confirmed_account(claim.case.organisation), claim.payment
    if reasons := refusals(claim, account):
        raise NotReady(*reasons)
    payment.claim, payment.award, payment.case = claim, claim.award, claim.case
    payment.amount, payment.ordered_at = claim.to_transfer, clock.now()
    if account is not None:
        payment.account = account
        serve(account, claim.case)
    payment.reissue_of = last if last and last.state == PaymentState.BOUNCED else None
    payment.restores = _undone(claim)


def _undone(claim: Claim) -> "Payment | None":
    """The set-off that was undone after the rest of the claim was paid: it is paid beside that."""
    rows = list(claim.payments.all())
    if not any(row.state == PaymentState.PAID for row in rows):
        return None
    return max((row for row in rows if row.was_set_off), key=lambda row: row.pk, default=None)


def refusals(claim: Claim, account: BankAccount | None, *, in_time: bool = False) -> list[str]:
    """The first reason, as a sentence; `account`: the confirmed one of the recipient; `in_time`: that
    its money can be paid today is known.
    """
    if claim.state != ClaimState.CHECKED:
        return [_("請求の確認が済んでから、支出命令を出せます。")]
    if claim.award.state not in Award.PAYABLE:
        state = claim.award.info.label
        return [_("「%(state)s」の補助事業には支払えません。") % {"state": state}]
    last = claim.payment
    if last is not None and last.is_live:
        return [_("この請求には、すでに支払いがあります。")]
    if last is not None and last.state == PaymentState.BOUNCED and not last.is_bounce_confirmed:
        return [
            _(
                "経理が、銀行の書面か結果のファイルで振込不能を確認してから、支出命令を出し直せます。"
            )
        ]
    bounced_at = last.account_id if last and last.state == PaymentState.BOUNCED else None
    if account is not None and account.pk == bounced_at:
        return [_("振込不能になった口座のままです。新しい口座の届出と確認が先です。")]
    if claim.to_transfer > claim.award.payable - live_yen(claim.award.payments.all()):
        return [_("支払える額を超えています。")]
    if in_time:
        return []
    frame = (claim.award.application.call_id, claim.award.frame)
    return payment_refusals({claim.case: frame}, {claim.case: claim.to_transfer}, clock.today())


def kept_apart(
    user: User,
    claim: Claim,
    account: BankAccount | None,
    known: dict[str, set[str]] | None = None,
) -> list[str]:
    """Why the person may not order it: they typed or checked the claim, or typed or confirmed the
    account (`known`: what they did, found before).
    """
    subjects = claim.duty_subjects()
    did = duties.done(user, subjects) if known is None else known
    also = {duty for who, duty in who_orders.did_on(account) if who == user.pk}
    return duties.conflicts(
        user, subjects, who_orders.ORDERS, {key: did[key] | also for key in subjects}
    )


def forbidden(user: User, claim: Claim, account: BankAccount | None) -> list[str]:
    """What the page says instead of offering the order: another does it, or it would be refused."""
    if reasons := kept_apart(user, claim, account):
        did = {claim.case_id: who_orders.did_on(account)}
        left = who_orders.of_cases([claim.case], did)[claim.case_id]
        names = "、".join(person.name for person in left)
        return [*reasons, _("支出命令を出せる職員：%(names)s") % {"names": names or _("いません")}]
    if account is None:
        return [_("確認済みの口座がありません。口座の確認が先です。")]
    last = claim.payment
    if last is not None and last.is_live and replaced(last.account, claim.case):
        return []  # that one is cancelled with the new order
    return refusals(claim, account)


def is_stale(payment: "Payment") -> bool:
    """Ordered, not (or no longer) in a batch, and its account is no longer the one to pay to."""
    return (
        payment.state in (PaymentState.ORDERED, PaymentState.RETURNED)
        and payment.batch_id is None
        and bool(replaced(payment.account, payment.case))
    )


def label(last: "Payment | None") -> str:
    """What ordering a claim is called after its `last` payment."""
    if last is not None and is_stale(last):
        return _("新しい口座で支出命令を出し直す")
    return _("支出命令を出す") if last is None else _("もう一度支出命令を出す")
