"""What accounts, claims and orders are checked against, before somebody confirms, orders or pays: the same
facts on the page of one, in the list of many and at accounting's check.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from grants.awards.models import Award
from grants.budget.standing import Standing, standings, year_said
from grants.payments import passbooks, who_orders
from grants.payments.accounts import FINANCE, BankAccount
from grants.payments.cautions import Firms, before_money, of_account, of_firms
from grants.payments.claims import live_yen
from grants.payments.models import Claim, Payment
from grants.payments.side_by_side import beside, elsewhere
from grants.payments.states import ClaimState
from portal import clock
from portal.accounts.models import Organisation, User
from portal.cases.models import Case, Reading
from portal.cases.visibility import MONEY
from portal.days import dated, day_said
from portal.documents.models import Document
from portal.workflow.against import Against, Fact

CHECKS, CONFIRMS = "check_claim", "confirm_account"


def in_yen(amount: int) -> str:
    return _("%(yen)s円") % {"yen": f"{amount:,}"}


# -- accounts ------------------------------------------------------------------------------------
def _history(account: BankAccount, firms: Firms) -> Iterator[Fact]:
    before = firms.before(account)
    if before is not None:
        yield Fact(
            _("前の口座"),
            _("%(account)s　%(holder)s（%(state)s）")
            % {"account": before.masked, "holder": before.sent_as, "state": before.info.label},
        )
    ended = firms.ended.get(account.organisation_id)
    if ended:
        last = ended[0]
        day = last.came_back_on or last.paid_on or (last.batch.pay_on if last.batch else None)
        said = {"day": dated(day) if day else "―", "state": last.info.label, "why": last.bounce}
        text = _("%(day)s　%(state)s　%(why)s") % said
        yield Fact(_("前の振込"), text.strip())


def _named(firm: Organisation, firms: Firms) -> Iterator[Fact]:
    name, kana = firms.registered_as(firm)
    yield Fact(
        _("登録の名称"), f"{name}（{firm.corporate_number}）" if firm.corporate_number else name
    )
    yield Fact(_("登録のカナ"), kana or _("なし"))


def of_accounts(user: User, accounts: Sequence[BankAccount]) -> dict[int, Against]:
    """Whoever may confirm an account sees it whole, which is kept."""
    firms = of_firms(account.organisation_id for account in accounts)
    cases = Case.objects.visible_to(user, by=MONEY).filter(
        organisation__in=firms.accounts, is_draft=False, closed_at=None
    )
    waits: dict[int, list[Claim]] = {}
    claims = Claim.objects.live().filter(case__in=cases).select_related("case")
    for claim in claims.prefetch_related("payments"):
        if claim.to_transfer > 0:
            waits.setdefault(claim.case.organisation_id, []).append(claim)
    copies = passbooks.of_firms(cases)
    waiting = [claim.case for claims in waits.values() for claim in claims]
    left = who_orders.of_cases(waiting, {case.pk: [(user.pk, CONFIRMS)] for case in waiting})
    return {
        account.pk: _of_account(
            user,
            account,
            firms,
            waits.get(account.organisation_id, []),
            copies.get(account.organisation_id, []),
            left,
        )
        for account in accounts
    }


def _of_account(
    user: User,
    account: BankAccount,
    firms: Firms,
    claims: list[Claim],
    copies: list[Document],
    left: Mapping[int, Sequence[User]],
) -> Against:
    facts = [
        Fact(
            _("案件"),
            f"{claim.case.number}　{claim.case.shown_programme}",
            claim.get_absolute_url(),
        )
        for claim in claims
    ]
    if claims:
        facts.append(Fact(_("支払う額"), in_yen(sum(claim.to_transfer for claim in claims))))
    kind = account.get_kind_display()
    whole = f"{kind} {account.masked}"
    if account.confirming(user):
        touched = Q(pk__in=[case.pk for case in account.touched_cases()])
        Reading.note_each(user, "account", touched, account.subject_key)
        bank = f"{account.bank_name}（{account.bank_code}）"
        branch = f"{account.branch_name}（{account.branch_code}）"
        whole = f"{bank} {branch} {kind} {account.number}"
    facts += [
        *_history(account, firms),
        *_named(account.organisation, firms),
        Fact(_("口座名義"), account.holder),
        Fact(_("銀行に送る名前"), account.sent_as),
        Fact(_("口座"), whole),
        *passbooks.said(copies),
    ]
    facts += [who_orders.said(claim.case, left[claim.case_id]) for claim in claims]
    stuck = [claim.case for claim in claims if not left[claim.case_id]]
    open_ones = [caution.said for caution in of_account(account, firms)]
    return Against(facts=facts, cautions=[*map(who_orders.nobody, stuck), *open_ones])


# -- claims and orders ---------------------------------------------------------------------------
@dataclass(frozen=True)
class Money:
    """What is known of the money of some cases."""

    firms: Firms
    standings: Mapping[int, Standing]


def money_of(claims: Iterable[Claim], day: date) -> Money:
    """`claims`: with award, application, case and firm, the award's payments prefetched."""
    found = list(claims)
    frames = {claim.case: (claim.award.application.call_id, claim.award.frame) for claim in found}
    return Money(
        of_firms(claim.case.organisation_id for claim in found),
        standings(frames, day),
    )


READ = ("award__application__call", "case__organisation")


def of_claims(user: User, claims: Sequence[Claim]) -> dict[int, Against]:
    """Before a claim is confirmed, and before it is ordered."""
    rows = Claim.objects.filter(pk__in=[claim.pk for claim in claims]).select_related(*READ)
    found = list(rows.prefetch_related("payments", "award__payments"))
    money = money_of(found, clock.today())
    paid_to = money.firms.confirmed
    did: dict[int, list[tuple[int, str]]] = {}
    for claim in found:
        account = paid_to.get(claim.case.organisation_id)
        did[claim.case_id] = who_orders.did_on(account)
        if claim.state == ClaimState.CLAIMED:  # were it confirmed by whoever looks
            did[claim.case_id].append((user.pk, CHECKS))
    known = who_orders.known([claim.case for claim in found], did)
    left, unchecked = known.left(who_orders.ORDERS, FINANCE), known.unchecked
    return {
        claim.pk: _with_orderers(
            _of_claim(claim, money, paid_to.get(claim.case.organisation_id)),
            claim.case,
            left[claim.case_id],
            is_checked=claim.case_id not in unchecked,
        )
        for claim in found
    }


def _with_orderers(
    found: Against, case: Case, left: Sequence[User], *, is_checked: bool
) -> Against:
    stuck = [] if left else [who_orders.nobody(case)]
    if not is_checked:
        stuck.append(who_orders.nobody_looks(case))
    return Against(
        facts=[*found.facts, who_orders.said(case, left)], cautions=[*stuck, *found.cautions]
    )


def _of_claim(claim: Claim, money: Money, account: BankAccount | None) -> Against:
    firm, award = claim.case.organisation, claim.award
    paid = live_yen(award.payments.all())
    days = (clock.today() - clock.day_of(claim.claimed_at)).days
    facts = [
        Fact(
            _("案件"),
            f"{claim.case.number}　{claim.case.shown_programme}",
            claim.case.get_absolute_url(),
        ),
        *_named(firm, money.firms),
        Fact(
            _("請求"),
            _("%(kind)s　%(yen)s円　%(day)s（%(days)s日前）")
            % {
                "kind": claim.get_kind_display(),
                "yen": f"{claim.amount:,}",
                "day": day_said(claim.claimed_at),
                "days": days,
            },
        ),
        *_sums(award, paid),
        *_budget(money.standings.get(claim.case_id)),
        *_paid_to(account),
    ]
    cautions = before_money(account, money.firms) if account is not None else []
    left = award.payable - paid
    if 0 < claim.to_transfer != left and claim.kind == "settlement":
        text = _("請求の額は、支払える残り（%(left)s円）と違います。")
        cautions.insert(0, text % {"left": f"{left:,}"})
    return Against(facts=facts, cautions=cautions)


def _sums(award: Award, paid: int) -> Iterator[Fact]:
    yield Fact(_("交付決定額"), in_yen(award.awarded_amount))
    fixed = award.fixed_amount
    yield Fact(_("確定額"), _("確定前") if fixed is None else in_yen(fixed))
    yield Fact(_("支払い（手続き中を含む）"), in_yen(paid))


def _paid_to(account: BankAccount | None) -> Iterator[Fact]:
    if account is None:
        yield Fact(_("口座"), _("確認済みの口座がありません"))
        return
    yield Fact(_("口座"), account.masked)
    yield Fact(_("銀行に送る名前"), account.sent_as)


def _budget(standing: Standing | None) -> Iterator[Fact]:
    if standing is None:
        return
    yield Fact(_("予算の年度"), year_said(standing.year))
    yield Fact(_("予算科目"), standing.classified or _("付いていません"))
    yield Fact(_("案件の支出負担行為の残り"), in_yen(standing.left_of_case))
    yield Fact(_("予算の支出負担行為の残り"), in_yen(standing.left))


def of_payments(user: User, payments: Sequence[Payment]) -> dict[int, Against]:
    """Of an order that is there: with other orders to a firm of the same name on another account."""
    keys = [payment.pk for payment in payments]
    rows = Payment.objects.filter(pk__in=keys).select_related(
        "account__organisation", "account__confirmed_by", "batch", "claim", *READ
    )
    found = list(rows.prefetch_related("award__payments", "claim__payments"))
    for payment in found:
        payment.claim.case, payment.claim.award = payment.case, payment.award
    BankAccount.name_all([payment.account for payment in found])
    day = max((row.batch.pay_on for row in found if row.batch), default=clock.today())
    money, others = money_of([row.claim for row in found], day), beside(user, found)
    return {
        payment.pk: _of_payment(payment, money, others.get(payment.pk, [])) for payment in found
    }


def _of_payment(payment: Payment, money: Money, others: Sequence[Payment]) -> Against:
    found = _of_claim(payment.claim, money, payment.account)
    said = [elsewhere(other) for other in others]
    yen = Fact(_("支出命令額"), in_yen(payment.amount))
    own = before_money(payment.account, money.firms)
    return Against(facts=[yen, *found.facts], cautions=[*said, *own])
