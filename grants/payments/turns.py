"""Whose turn the money of a case makes it."""

from collections.abc import Callable, Collection, Iterable

from django.db.models import Prefetch, QuerySet, Sum
from django.utils.translation import gettext_noop

from grants.awards.models import Award, award_of, awards_of
from grants.awards.states import AwardState
from grants.payments.accounts import BankAccount, replaced
from grants.payments.claims import left_to_claim
from grants.payments.models import BankWord, Claim, Payment, PaymentBatch
from grants.payments.states import (
    UNCONFIRMED_ACCOUNTS,
    AccountState,
    BatchState,
    ClaimState,
    PaymentState,
)
from portal import clock
from portal.approvals.turns import is_live, live_items
from portal.cases import came_back
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted
from portal.closures import calendars
from portal.together import Ask
from portal.workflow.graph import LifeCycle

CHECK = gettext_noop("請求を確かめる")
ACCOUNT = gettext_noop("口座を確かめる")
ORDER = gettext_noop("支出命令を出す")
ORDER_AGAIN = gettext_noop("もう一度支出命令を出す")
ORDER_ELSEWHERE = gettext_noop("新しい口座で支出命令を出し直す")
ANSWER = gettext_noop("会計の差戻しに応える")
AUDIT = gettext_noop("支出命令を審査する")
EXPORT = gettext_noop("銀行へ送るファイルを作る")
VOID = gettext_noop("振込データの取消しを確かめる")
BOUNCE = gettext_noop("振込不能を確かめる")
CORRECT = gettext_noop("振込結果の訂正を確かめる")
# what is done → the duty that it is on the case
DUTIES = {
    CHECK: "check_claim",
    ACCOUNT: "confirm_account",
    ORDER: "order_payment",
    ORDER_AGAIN: "order_payment",
    ORDER_ELSEWHERE: "order_payment",
    AUDIT: "check_order",
    EXPORT: "export_batch",
    VOID: "confirm_void",
    BOUNCE: "confirm_bounce",
    CORRECT: "confirm_correction",
}


def _office(
    case: Case, what: str, obj: LifeCycle, days: int = 5, *, after: Iterable[LifeCycle | None] = ()
) -> TurnWanted:
    """Its days count from when it could be done: `after` what else it waited for."""
    since = max(row.state_day for row in (obj, *after) if row is not None)
    return TurnWanted(
        "office",
        what,
        role="finance_officer",
        due_on=calendars.of_case(case).add(since, days),
        obj=obj,
    )


claims_of = OfCase(
    lambda: Claim.objects.select_related("case__organisation", "award").prefetch_related(
        Prefetch(
            "payments",
            Payment.objects.select_related(
                "batch", "account", "award", "case", "held_by", "clearance"
            ),
        ),
        Prefetch("payments__bank_words", BankWord.objects.defer("content")),
    )
)
accounts_of = OfCase(
    lambda: BankAccount.objects.select_related("organisation__area"),
    "organisation",
    "organisation_id",
)


def account_in(case: Case, *states: AccountState) -> BankAccount | None:
    """The newest account of the firm in one of these states."""
    return next((row for row in accounts_of.all(case) if row.state in states), None)


def of_case(case: Case) -> list[TurnWanted]:
    award = award_of(case)
    if award is None:
        return []
    claims = [claim for claim in claims_of.all(case) if claim.award_id == award.pk]
    found = [
        _correction(case, payment)
        for claim in claims  # whatever became of the award and of the claim meanwhile
        for payment in _doubts(claim)
    ]
    if award.state not in Award.PAYABLE or is_live(case):
        return found
    live = [claim for claim in claims if claim.is_live]
    for claim in live:
        if not _doubts(claim):  # until that is settled it is nobody else's
            found += _turns_of_claim(case, claim)
    if (
        award.state == AwardState.AMOUNT_FIXED
        and not any(c.kind == "settlement" for c in live)
        and left_to_claim(award, claims) > 0
    ):
        found.append(TurnWanted("applicant", gettext_noop("補助金を請求する"), obj=award))
    return found


SOURCE = TurnSource(turns=of_case, reads=(awards_of, claims_of, accounts_of, live_items))


def _doubts(claim: Claim) -> list[Payment]:
    found = claim.payments.all()
    return [p for p in found if p.state == PaymentState.BOUNCE_DOUBTED or p.is_said_to_be_back]


def _correction(case: Case, payment: Payment) -> TurnWanted:
    """Of what was said to be back, from the day on which the bank's word was handed in."""
    said = [clock.day_of(word.given_at) for word in payment.bank_words.all()]
    since = max([payment.state_day, *said])
    due_on = calendars.of_case(case).add(since, 3)
    return TurnWanted("office", CORRECT, role="finance_officer", due_on=due_on, obj=payment)


def _turns_of_claim(case: Case, claim: Claim) -> list[TurnWanted]:
    if claim.state == ClaimState.RETURNED:
        return [TurnWanted("applicant", gettext_noop("請求を直して出し直す"), obj=claim)]
    last = claim.payment
    account = _turn_of_account(case, claim, last)
    known = account_in(case, AccountState.CONFIRMED)
    if claim.state == ClaimState.CLAIMED:
        return account or [_office(case, CHECK, claim, after=[known])]
    if last is None or last.state == PaymentState.CANCELLED:
        return account or [_office(case, ORDER, claim, 3, after=[known, last])]
    if last.state == PaymentState.HELD:
        return [_office(case, gettext_noop("保留を解くか取り消す"), last)]
    if last.batch is not None and last.state == PaymentState.ORDERED:
        return [_in_batch(case, last, last.batch)]
    if last.state in (PaymentState.ORDERED, PaymentState.RETURNED):
        if replaced(last.account, case):
            return [_office(case, ORDER_ELSEWHERE, last, 3, after=[known])]
        what = gettext_noop("振込データに入れる") if last.state == PaymentState.ORDERED else ANSWER
        return [_office(case, what, last, 3)]
    if last.state == PaymentState.BOUNCED:
        return _after_bounce(case, claim, last, account)
    return []


def _after_bounce(
    case: Case, claim: Claim, last: Payment, account: list[TurnWanted]
) -> list[TurnWanted]:
    """Finance looks at the bank's word while the firm mends its account; then it is ordered anew."""
    known = account_in(case, AccountState.CONFIRMED)
    found = [] if last.is_bounce_confirmed else [_office(case, BOUNCE, last, 3)]
    if known is not None and known.pk != last.account_id:
        return found or [_office(case, ORDER_AGAIN, claim, 3, after=[known, last])]
    firms = TurnWanted("applicant", gettext_noop("振込先の口座を直す"), obj=last)
    return [*found, *(account or [firms])]


def _in_batch(case: Case, payment: Payment, batch: PaymentBatch) -> TurnWanted:
    """Done for all cases of the batch together: finance closes it, accounting looks at its orders,
    makes the file for the bank and takes in the results.
    """
    role, days = "accounting_officer", 3
    if batch.state == BatchState.OPEN:
        role, what = "finance_officer", gettext_noop("振込データを締め切って会計へ回す")
    elif batch.state == BatchState.VOID_ASKED:
        role, what = "finance_officer", VOID
    elif batch.state == BatchState.LOCKED and payment.clearance_id is None:
        what = AUDIT
    elif batch.state == BatchState.LOCKED:
        what = EXPORT
    else:
        what, days = gettext_noop("銀行の結果を取り込む"), 10
    since = batch.state_day
    if what == EXPORT and payment.clearance is not None:
        since = max(since, clock.day_of(payment.clearance.checked_at))
    due_on = calendars.of_case(case).add(since, days)
    return TurnWanted("office", what, role=role, due_on=due_on, obj=batch, is_shared=True)


def sums_of_claims(ask: Ask, keys: Collection[int]) -> Callable[[], dict[int, int]]:
    """Yen that is claimed, and may be less than what was decided."""
    rows = ask(Claim.objects.filter(pk__in=keys).order_by().values_list("pk", "amount"))
    return lambda: dict(rows)


def sums_of_payments(ask: Ask, keys: Collection[int]) -> Callable[[], dict[int, int]]:
    rows = ask(Payment.objects.filter(pk__in=keys).order_by().values_list("pk", "amount"))
    return lambda: dict(rows)


def sums(ask: Ask, keys: Iterable[int], cases: QuerySet[Case]) -> Callable[[], dict[int, int]]:
    """Yen that batches (keys) pay in those of their cases that are in `cases`."""
    paid = Payment.objects.filter(batch__in=list(keys), case__in=cases).order_by()
    rows = ask(paid.values_list("batch").annotate(of=Sum("amount")))
    return lambda: dict(rows)


def named_by(ask: Ask, keys: Iterable[int], cases: QuerySet[Case]) -> Callable[[], dict[int, Case]]:
    """The first line of each that the reader sees."""
    lines = Payment.objects.filter(batch__in=list(keys), case__in=cases)
    first = lines.order_by("batch_id", "line").distinct("batch_id")
    rows = ask(first.select_related("case__organisation"))
    return lambda: {row.batch_id: row.case for row in rows if row.batch_id is not None}


def _turn_of_account(case: Case, *after: LifeCycle | None) -> list[TurnWanted]:
    """A declared account is the office's to confirm, a refused one the firm's to declare anew."""
    found = account_in(case, *UNCONFIRMED_ACCOUNTS)
    if found is None:
        return []
    if found.state == AccountState.DECLARED:
        return [_office(case, ACCOUNT, found, after=after)]
    return [TurnWanted("applicant", gettext_noop("振込先の口座を届け直す"), obj=found)]


CLAIM_CAME_BACK = came_back.notes(  # the reason is blank again by then
    lambda: Claim.objects.filter(state=ClaimState.CLAIMED, version__gt=1), "state_since"
)
