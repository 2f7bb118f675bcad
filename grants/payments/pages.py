"""What a case shows of its money, whose turn it is, how far along the road; and who may open what."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications.papers import frame, yen
from grants.applications.states import ApplicationState
from grants.awards.models import Award, award_of, awards_of
from grants.awards.states import AwardState
from grants.payments import paying
from grants.payments.accounts import BankAccount, confirmed_account, replaced
from grants.payments.claims import claimable, left_to_claim, paid_out
from grants.payments.models import Claim, Payment, PaymentBatch
from grants.payments.states import AccountState, ClaimState, PaymentState
from portal import fiscal
from portal.accounts.models import User
from portal.accounts.permissions import any_of, prefixed, staff_scope, stands_for_applicant
from portal.approvals.turns import is_live, live_items
from portal.cases.found import OfCase
from portal.cases.models import Case, Reading
from portal.cases.ports import TurnSource, TurnWanted
from portal.types import Context, Text
from portal.workflow.door import actions
from portal.workflow.graph import LifeCycle


def _office(what: str, obj: LifeCycle, days: int = 5) -> TurnWanted:
    since = obj.state_day
    return TurnWanted(
        "office",
        what,
        role="finance_officer",
        due_on=fiscal.add_business_days(since, days),
        obj=obj,
    )


claims_of = OfCase(lambda: Claim.objects.prefetch_related("payments__account"))


def turns_of(case: Case) -> list[TurnWanted]:
    award = award_of(case)
    if award is None or award.state not in Award.PAYABLE or is_live(case):
        return []
    found: list[TurnWanted] = []
    claims = [claim for claim in claims_of.all(case) if claim.award_id == award.pk]
    live = [claim for claim in claims if claim.state in Claim.LIVE]
    for claim in live:
        found += _turns_of_claim(case, claim)
    if (
        award.state == AwardState.AMOUNT_FIXED
        and not any(c.kind == "settlement" for c in live)
        and left_to_claim(award, claims) > 0
    ):
        found.append(TurnWanted("applicant", gettext_noop("補助金を請求する"), obj=award))
    return found


SOURCE = TurnSource(turns=turns_of, reads=(awards_of, claims_of, live_items))


def _turns_of_claim(case: Case, claim: Claim) -> list[TurnWanted]:
    if claim.state == ClaimState.RETURNED:
        return [TurnWanted("applicant", gettext_noop("請求を直して出し直す"), obj=claim)]
    account = _turn_of_account(case)
    if claim.state == ClaimState.CLAIMED:
        return account or [_office(gettext_noop("請求を確かめる"), claim)]
    last = claim.payment
    if last is None or last.state == PaymentState.CANCELLED:
        return account or [_office(gettext_noop("支出命令を出す"), claim, 3)]
    if last.state == PaymentState.HELD:
        return [_office(gettext_noop("保留を解くか取り消す"), last)]
    if last.state == PaymentState.ORDERED:
        if last.batch_id is None and replaced(last.account, case):
            return [_office(gettext_noop("新しい口座で支出命令を出し直す"), last, 3)]
        what = (
            gettext_noop("銀行の結果を取り込む")
            if last.batch_id
            else gettext_noop("振込データに入れる")
        )
        return [_office(what, last, 10 if last.batch_id else 3)]
    if last.state == PaymentState.BOUNCED:
        known = confirmed_account(case.organisation)
        if known is not None and known.pk != last.account_id:
            return [_office(gettext_noop("もう一度支出命令を出す"), claim, 3)]
        return account or [TurnWanted("applicant", gettext_noop("振込先の口座を直す"), obj=last)]
    return []


def _turn_of_account(case: Case) -> list[TurnWanted]:
    """A declared account is the office's to confirm, a refused one the firm's to declare anew."""
    found = BankAccount.objects.filter(
        organisation=case.organisation, state__in=BankAccount.UNCONFIRMED
    ).first()
    if found is None:
        return []
    if found.state == AccountState.DECLARED:
        return [_office(gettext_noop("口座を確かめる"), found)]
    return [TurnWanted("applicant", gettext_noop("振込先の口座を届け直す"), obj=found)]


def duty_subjects(case: Case) -> list[tuple[Text, str]]:
    """The accounts of the recipient: who declared and who confirmed them."""
    account = BankAccount.objects.filter(organisation=case.organisation).first()
    return [(_("振込先の口座"), account.duty_subjects()[0])] if account is not None else []


def later(case: Case) -> tuple[int, Text] | None:
    award = award_of(case)
    if award is None:
        return None
    if award.state == AwardState.CLOSED:
        return 8, _("補助金を振り込みました。手続きは終わりました。")
    if award.state != AwardState.AMOUNT_FIXED:
        return None
    claim = Claim.objects.filter(award=award, kind="settlement", state__in=Claim.LIVE).first()
    if claim is None:
        if claimable(award) > 0:
            return 7, _("補助金の額が決まりました。請求してください。")
        return 7, _("補助金の額が決まりました。")
    last = claim.payment
    if last is not None and last.state == PaymentState.BOUNCED:
        return 7, _("振込ができませんでした。口座を確かめて、直してください。")
    shown = last if last is not None and last.state in Payment.LIVE else claim
    return 7, shown.info.say or claim.info.applicant


def panel(case: Case, user: User) -> Context | None:
    """Claims and payments of the case, what may be claimed, and for the office the acts on each."""
    if case.state != ApplicationState.AWARDED:
        return None
    award = award_of(case)
    if award is None:
        return None
    claims = Claim.objects.filter(award=award).select_related("case__organisation", "award")
    rows = [_claim_shown(case, claim, user) for claim in claims]
    if not rows and award.state not in Award.FIXED and "advance" not in award.stated.payment:
        return None
    declared = BankAccount.objects.filter(
        organisation=case.organisation, state__in=BankAccount.UNCONFIRMED
    ).first()
    account = confirmed_account(case.organisation)
    writes = stands_for_applicant(user, case)
    confirming = (
        actions(user, declared)
        if declared and declared.state == AccountState.DECLARED and user.is_office
        else []
    )
    if confirming:  # whoever may confirm it sees it whole
        Reading.note(user, "account", case)
    return {
        "award": award,
        "rows": rows,
        "account": account,
        "declared": declared,
        "left": claimable(award),
        "paid": paid_out(award),
        "account_actions": confirming,
        "surplus": paying.surplus(award),
        "may_claim": writes and award.state == AwardState.AMOUNT_FIXED and claimable(award) > 0,
        "may_advance": writes
        and award.state == AwardState.ACTIVE
        and "advance" in award.stated.payment
        and claimable(award) > 0,
        "expected": paying.expected_month(award),
        "may_declare": writes,
        "may_open_batches": user.has_role(*PaymentBatch.READERS),
    }


def _claim_shown(case: Case, claim: Claim, user: User) -> Context:
    """A claim with its payments, and what the person may do with each."""
    claim.case = case
    payments = [
        (p, actions(user, p))
        for p in claim.payments.select_related("batch", "account", "award", "case")
    ]
    last = payments[-1][0] if payments else None
    stale = last is not None and paying.is_stale(last)
    may_order = (
        claim.state == ClaimState.CHECKED
        and (last is None or stale or last.state in Payment.FAILED)
        and user.has_role("finance_officer")
    )
    done = last is not None and last.state == PaymentState.PAID
    return {
        "claim": claim,
        "actions": [] if done else actions(user, claim),
        "payments": payments,
        "may_order": may_order,
        "stale": replaced(last.account, case) if last is not None and stale else [],
    }


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


# -- loaders ---------------------------------------------------------------------------------------
def load_claim(user: User, pk: int) -> Claim:
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        Claim.objects.select_related("award__application__call", "case__organisation"),
        pk=pk,
        case__in=cases,
    )


def load_payment(user: User, pk: int) -> Payment:
    cases = Case.objects.visible_to(user)
    return get_object_or_404(
        Payment.objects.select_related("award__application__call", "case__organisation", "batch"),
        pk=pk,
        case__in=cases,
    )


def load_account(user: User, pk: int) -> BankAccount:
    """Finance officers who pay a case of the firm; applicants see theirs on its own page, masked."""
    if not (user.is_office and user.has_role("finance_officer")):
        raise Http404
    paid = (
        Case.objects.visible_to(user)
        .filter(pk__in=Award.objects.values("case"))
        .values("organisation")
    )
    return get_object_or_404(
        BankAccount.objects.select_related("organisation__area"), pk=pk, organisation__in=paid
    )


def load_batch(user: User, pk: int) -> PaymentBatch:
    return get_object_or_404(batches_of(user), pk=pk)


def batches_of(user: User) -> QuerySet[PaymentBatch]:
    """The batches whose every payment lies in the scope of one of the person's roles that read them."""
    held = [role for role in user.roles() if role.role in ("finance_officer", "auditor")]
    if not held:
        return PaymentBatch.objects.none()
    scope = any_of([prefixed(staff_scope(role), "case") for role in held])
    return PaymentBatch.objects.exclude(
        pk__in=Payment.objects.exclude(batch=None).exclude(scope).values("batch")
    )
