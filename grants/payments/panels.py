"""What the case page shows of money, and how far along its road the case is."""

from django.utils.translation import gettext as _

from grants.applications.states import ApplicationState
from grants.awards.models import Award, award_of
from grants.awards.states import AwardState
from grants.payments import ordering, passbooks, paying
from grants.payments.access import may_declare
from grants.payments.accounts import BankAccount, replaced
from grants.payments.claims import left_to_claim, live_yen
from grants.payments.models import Claim, OrderCheck, Payment, PaymentBatch
from grants.payments.states import (
    MADE,
    UNCONFIRMED_ACCOUNTS,
    AccountState,
    ClaimState,
    PaymentState,
)
from grants.payments.turns import account_in, accounts_of, claims_of
from portal.accounts import proving
from portal.accounts.models import User
from portal.accounts.permissions import stands_for_applicant
from portal.cases import visibility
from portal.cases.models import Case, Reading
from portal.types import Context, Text
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import Action, actions

READS = (paying.awards_with_money, claims_of, accounts_of)


def reached(case: Case) -> tuple[int, Text] | None:
    award = award_of(case)
    if award is None:
        return None
    if award.state == AwardState.CLOSED:
        return 8, _("補助金の支払いが済みました。手続きは終わりました。")
    if award.state != AwardState.AMOUNT_FIXED:
        return None
    claims = [row for row in claims_of.all(case) if row.award_id == award.pk]
    claim = next((row for row in claims if row.is_live and row.kind == "settlement"), None)
    if claim is None:
        fixed = {"yen": in_yen(award.payable)}
        if left_to_claim(award, claims) > 0:
            return 7, _("補助金の額が%(yen)sに決まりました。請求してください。") % fixed
        return 7, _("補助金の額が%(yen)sに決まりました。") % fixed
    last = claim.payment
    if last is not None and last.state == PaymentState.BOUNCED:
        return 7, _after_bounce(case, last)
    shown = last if last is not None and last.is_live else claim
    return 7, shown.info.say or claim.info.applicant


def _after_bounce(case: Case, payment: Payment) -> str:
    if account_in(case, AccountState.DECLARED) is not None:
        return _("届け出た新しい口座を、市が確かめています。確かめてから、振り込み直します。")
    known = account_in(case, AccountState.CONFIRMED)
    if known is not None and known.pk != payment.account_id:
        return _("新しい口座へ振り込み直す手続きをしています。")
    return _("振込ができませんでした。口座を確かめて、直してください。")


def of_case(case: Case, user: User) -> Context | None:
    """Claims and payments of the case, what may be claimed, and for the office the acts on each."""
    if case.state != ApplicationState.AWARDED:
        return None
    award = paying.award_with_money(case)
    if award is None:
        return None
    claims = [claim for claim in claims_of.all(case) if claim.award_id == award.pk]
    account = account_in(case, AccountState.CONFIRMED)
    for claim in claims:  # what one part of the page read serves all
        claim.case, claim.award = case, award
        for payment in claim.payments.all():
            payment.case, payment.award = case, award
    rows = [_claim_shown(case, claim, account, user) for claim in claims]
    if not rows and award.state not in Award.FIXED and "advance" not in award.stated.payment:
        return None
    declared = account_in(case, *UNCONFIRMED_ACCOUNTS)
    shown = [payment.account for claim in claims for payment in claim.payments.all()]
    BankAccount.name_all([row for row in (*shown, account, declared) if row is not None])
    left = left_to_claim(award, claims)
    bounced = account is not None and paying.came_back(account)
    is_wrong = bounced or (declared is not None and declared.state == AccountState.REFUSED)
    writes = stands_for_applicant(user, case)
    confirming = declared.confirming(user) if declared else []
    if confirming:  # whoever may confirm it sees it whole
        Reading.note(user, "account", case)
    return {
        "award": award,
        "rows": rows,
        "account": account,
        "account_bounced": bounced,
        "declared": declared,
        "refusal": _refusal(declared, user),
        "left": left,
        "paid": live_yen(award.payments.all()),
        "account_actions": confirming,
        "surplus": paying.surplus(award),
        "may_claim": writes and award.state == AwardState.AMOUNT_FIXED and left > 0,
        "may_advance": writes
        and award.state == AwardState.ACTIVE
        and "advance" in award.stated.payment
        and left > 0,
        "expected": None if is_wrong else paying.expected_month(award),
        "may_declare": writes and may_declare(user, case),
        "may_hand_in": passbooks.is_asked(award) and passbooks.may_hand_in(user, case),
        "may_open_batches": user.has_role(*PaymentBatch.READERS),
    }


def _refusal(declared: BankAccount | None, user: User) -> str:
    """Why the account was sent back, for whoever acts for all of the firm, whose account it is."""
    if declared is None or not declared.refusal:
        return ""
    if user.is_office or proving.acts_for_all(user, declared.organisation_id):
        return declared.refusal
    return _("事業者の方が、口座のページで見られます。")


def _claim_shown(case: Case, claim: Claim, account: BankAccount | None, user: User) -> Context:
    """A claim with its payments, and what the person may do with each."""
    payments = [(p, _actions(user, claim, p)) for p in claim.payments.all()]
    last = claim.payment
    stale = last is not None and ordering.is_stale(last)
    may_order = (
        claim.state == ClaimState.CHECKED
        and (last is None or stale or last.state in Payment.FAILED)
        and visibility.sees_as(user, claim.case, "finance_officer")
    )
    done = last is not None and last.state in MADE
    return {
        "claim": claim,
        "rest": claim.to_transfer if 0 < claim.to_transfer < claim.amount else 0,
        "actions": [] if done else actions(user, claim),
        "payments": payments,
        "doubt": _doubt(last),
        "may_order": may_order,
        "order_reasons": ordering.forbidden(user, claim, account) if may_order else [],
        "order_label": ordering.label(last),
        "order_id": f"order-{claim.pk}",
        "stale": replaced(last.account, case) if last is not None and stale else [],
    }


def _actions(user: User, claim: Claim, payment: Payment) -> list[Action]:
    """Those that answer what accounting said of it are there once it was said; of a bounce finance is
    asked once, and only while its claim is still to be paid.
    """
    is_over = payment.is_bounce_confirmed or claim.state != ClaimState.CHECKED
    is_bounce = payment.state == PaymentState.BOUNCED
    if is_bounce and is_over and not user.has_role("accounting_officer"):
        return []
    found = actions(user, payment)
    if payment.state != PaymentState.PAID or payment.is_said_to_be_back:
        return found
    return [action for action in found if action.spec.name == "say_came_back"]


def _doubt(payment: Payment | None) -> OrderCheck | None:
    """What accounting could not confirm of an order that it sent back, for the office."""
    if payment is None or payment.state != PaymentState.RETURNED:
        return None
    return max(payment.checks.all(), key=lambda check: check.pk, default=None)
