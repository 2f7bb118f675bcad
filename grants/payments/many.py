"""Accounts confirmed, claims confirmed and claims ordered for several cases at once, each through the door
by which it goes alone.
"""

from collections.abc import Callable, Sequence
from functools import partial

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.obstacles import halted
from grants.budget.carrying import payment_refusals
from grants.payments import against, cautions, ordering, paying
from grants.payments.accounts import FINANCE, BankAccount, no_confirmed
from grants.payments.closed_firms import closed_among
from grants.payments.models import Claim
from grants.payments.states import AccountState, ClaimState
from portal import clock
from portal.accounts.models import User
from portal.cases import interests
from portal.cases.models import Case
from portal.cases.ports import BulkAct, Look
from portal.types import Given
from portal.workflow import duties
from portal.workflow.against import Against
from portal.workflow.door import perform
from portal.workflow.errors import NotReady

Rows = dict[int, Claim]  # by primary key of the case


def _form(data: object, _cases: Sequence[Case], _by: User) -> forms.Form:
    return forms.Form(data)  # type: ignore[arg-type]


# -- accounts ------------------------------------------------------------------------------------
def _declared(cases: Sequence[Case]) -> dict[int, BankAccount]:
    """The account that waits to be confirmed, by primary key of the firm."""
    rows = BankAccount.objects.filter(
        organisation__in={case.organisation_id for case in cases}, state=AccountState.DECLARED
    )
    return {row.organisation_id: row for row in rows.select_related("organisation__area")}


def _look_accounts(by: User, cases: Sequence[Case], _given: Given | None) -> dict[int, Look]:
    interests.fill(by, list(cases))
    found = _declared(cases)
    BankAccount.know_cases(list(found.values()))
    firms = cautions.of_firms(found)
    done = duties.done(by, {key for row in found.values() for key in row.duty_subjects()})
    first: dict[int, Case] = {}
    looks = {}
    for case in cases:
        account = found.get(case.organisation_id)
        if account is None:
            looks[case.pk] = Look(seen="", reasons=[_("確認を待つ口座がありません。")])
            continue
        other = first.setdefault(account.pk, case)
        reasons = (
            FINANCE.reasons(by, case)
            or FINANCE.reasons(by, account)
            or duties.conflicts(by, account.duty_subjects(), "confirm_account", done)
            or _to_be_answered(account, firms)
        )
        if not reasons and other != case:
            text = _("同じ事業者の口座です。%(case)sと一緒に確かめます。")
            reasons = [text % {"case": other.number}]
        looks[case.pk] = Look(seen=f"{account.pk} {account.version}", reasons=reasons)
    return looks


def _to_be_answered(account: BankAccount, firms: cautions.Firms) -> list[str]:
    """An account with open cautions is confirmed on its own page, which asks why."""
    if not cautions.of_account(account, firms):
        return []
    return [_("確かめることが残っている口座です。案件から開き、理由を書いて確かめてください。")]


def _confirm(case: Case, by: User, _given: Given) -> None:
    account = _declared([case]).get(case.organisation_id)
    if account is None:
        raise NotReady(_("確認を待つ口座がありません。"))
    perform(account, "confirm", by=by)


def _against_accounts(by: User, cases: Sequence[Case]) -> dict[int, Against]:
    interests.fill(by, list(cases))
    found = _declared([case for case in cases if not FINANCE.reasons(by, case)])
    by_key = against.of_accounts(by, list(found.values()))
    return {
        case.pk: by_key[found[case.organisation_id].pk]
        for case in cases
        if case.organisation_id in found
    }


ACCOUNTS = BulkAct(
    label=_lazy("口座を確認済みにする"),
    look=_look_accounts,
    effect=_confirm,
    form=_form,
    against=_against_accounts,
    sensitive=True,
)


# -- claims --------------------------------------------------------------------------------------
def _claims(cases: Sequence[Case], state: ClaimState) -> Rows:
    """The claim of each case that is in a state, with all that is asked of it."""
    by_pk = {case.pk: case for case in cases}
    rows = Claim.objects.filter(case__in=by_pk, state=state)
    rows = rows.select_related("award__application__call").prefetch_related(
        "payments__account", "award__payments", "award__application__checks"
    )
    found = {}
    for row in rows.order_by("-pk"):  # of several the one that was filed first
        row.case = row.award.case = row.award.application.case = by_pk[row.case_id]
        for payment in row.payments.all():
            payment.case = row.case
        found[row.case_id] = row
    return found


def _looks(
    by: User,
    cases: Sequence[Case],
    found: Rows,
    apart: Callable[[Claim, BankAccount | None, dict[str, set[str]]], list[str]],
    ask: Callable[[Claim], list[str]],
) -> dict[int, Look]:
    interests.fill(by, list(cases))
    done = duties.done(by, {key for row in found.values() for key in row.duty_subjects()})
    accounts = cautions.of_firms({case.organisation_id for case in cases}).confirmed
    closed = closed_among(list(found.values()))
    looks = {}
    for case in cases:
        row = found.get(case.pk)
        if row is None:
            looks[case.pk] = Look(seen="", reasons=[_("その段階の請求がありません。")])
            continue
        account = accounts.get(case.organisation_id)
        not_theirs = FINANCE.reasons(by, row)
        reasons = (
            not_theirs
            or apart(row, account, done)
            or no_confirmed(account)
            or ([closed[row.pk]] if row.pk in closed else [])
            or ask(row)
        )
        seen = f"{row.pk} {row.version} {account.pk if account else ''}"
        looks[case.pk] = Look(
            seen=seen, reasons=reasons, yen=None if not_theirs else row.to_transfer
        )
    return looks


def _look_claims(by: User, cases: Sequence[Case], _given: Given | None) -> dict[int, Look]:
    found = _claims(cases, ClaimState.CLAIMED)

    def apart(claim: Claim, _account: BankAccount | None, done: dict[str, set[str]]) -> list[str]:
        return duties.conflicts(by, claim.duty_subjects(), "check_claim", done)

    return _looks(by, cases, found, apart, lambda _claim: [])


def _claim_of(case: Case, state: ClaimState) -> Claim:
    claim = _claims([case], state).get(case.pk)
    if claim is None:
        raise NotReady(_("その段階の請求がありません。"))
    return claim


def _examine(case: Case, by: User, _given: Given) -> None:
    perform(_claim_of(case, ClaimState.CLAIMED), "examine", by=by)


def _against(state: ClaimState, by: User, cases: Sequence[Case]) -> dict[int, Against]:
    interests.fill(by, list(cases))
    found = _claims([case for case in cases if not FINANCE.reasons(by, case)], state)
    by_key = against.of_claims(by, list(found.values()))
    return {case: by_key[claim.pk] for case, claim in found.items()}


CLAIMS = BulkAct(
    label=_lazy("請求を確認済みにする"),
    look=_look_claims,
    effect=_examine,
    form=_form,
    against=partial(_against, ClaimState.CLAIMED),
)


# -- orders --------------------------------------------------------------------------------------
def _look_orders(by: User, cases: Sequence[Case], _given: Given | None) -> dict[int, Look]:
    found = _claims(cases, ClaimState.CHECKED)
    frames = {row.case: (row.award.application.call_id, row.award.frame) for row in found.values()}
    yen = {row.case: row.to_transfer for row in found.values()}
    late = bool(payment_refusals(frames, yen, clock.today()))  # of all: one by one only where so
    accounts = cautions.of_firms({case.organisation_id for case in cases}).confirmed

    def ask(claim: Claim) -> list[str]:
        account = accounts.get(claim.case.organisation_id)
        last = claim.payment
        if last is not None and ordering.is_stale(last):
            return []  # that one is cancelled with the new order
        return halted(claim.award.application) or ordering.refusals(
            claim, account, in_time=not late
        )

    return _looks(by, cases, found, partial(ordering.kept_apart, by), ask)


def _order(case: Case, by: User, _given: Given) -> None:
    paying.order(_claim_of(case, ClaimState.CHECKED), by=by)


ORDERS = BulkAct(
    label=_lazy("支出命令を出す"),
    look=_look_orders,
    effect=_order,
    form=_form,
    against=partial(_against, ClaimState.CHECKED),
)
