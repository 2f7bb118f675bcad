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
from grants.payments import passbooks, zengin
from grants.payments.accounts import BankAccount
from grants.payments.claims import live_yen
from grants.payments.models import Claim, Payment
from grants.payments.side_by_side import beside, elsewhere
from grants.payments.states import (
    BOUNCES,
    UNCONFIRMED_ACCOUNTS,
    AccountState,
    PaymentState,
)
from portal import clock
from portal.accounts.models import Organisation, User
from portal.cases.models import Case, Reading
from portal.days import dated, day_said
from portal.documents.models import Document
from portal.registry.models import Corporation
from portal.workflow.against import Against, Fact

ENDED = (PaymentState.PAID, *BOUNCES)
# how banks say that the holder's name is not that of the account
OTHER_NAME = ("名義", "受取人名", "相違")


def in_yen(amount: int) -> str:
    return _("%(yen)s円") % {"yen": f"{amount:,}"}


@dataclass(frozen=True)
class Firms:
    """What is known of some firms: their accounts, newest first, what became of the transfers to
    them, newest first, and how the registry names them.
    """

    accounts: Mapping[int, Sequence[BankAccount]]
    ended: Mapping[int, Sequence[Payment]]
    registered: Mapping[str, Corporation]

    def registered_as(self, firm: Organisation) -> tuple[str, str]:
        """Name and kana: the registry's, else as the firm says."""
        known = self.registered.get(firm.corporate_number or "")
        return (known.name, known.kana or firm.kana) if known else (firm.name, firm.kana)

    @property
    def confirmed(self) -> dict[int, BankAccount]:
        """Where each firm is paid to now."""
        rows = (row for rows in self.accounts.values() for row in rows)
        return {row.organisation_id: row for row in rows if row.state == AccountState.CONFIRMED}

    def before(self, account: BankAccount) -> BankAccount | None:
        """The account that money went to, or was to go to, before this one."""
        others = (row for row in self.accounts[account.organisation_id] if row.pk < account.pk)
        return next((row for row in others if row.state not in UNCONFIRMED_ACCOUNTS), None)


def of_firms(firms: Iterable[int]) -> Firms:
    keys = set(firms)
    accounts: dict[int, list[BankAccount]] = {key: [] for key in keys}
    ended: dict[int, list[Payment]] = {key: [] for key in keys}
    for account in (
        BankAccount.objects.filter(organisation__in=keys)
        .select_related("organisation__area")
        .order_by("-pk")
    ):
        accounts[account.organisation_id].append(account)
    BankAccount.name_all([row for rows in accounts.values() for row in rows])
    by_key = {row.pk: row for rows in accounts.values() for row in rows}
    rows = Payment.objects.filter(case__organisation__in=keys, state__in=ENDED).order_by("-pk")
    for payment in rows.select_related("case", "batch"):
        payment.account = by_key.get(payment.account_id) or payment.account
        ended[payment.case.organisation_id].append(payment)
    numbers = Organisation.objects.filter(pk__in=keys).values("corporate_number")
    registered = Corporation.objects.filter(number__in=numbers).in_bulk()
    return Firms(accounts, ended, registered)


# -- accounts ------------------------------------------------------------------------------------
def same_name_again(account: BankAccount, ended: Sequence[Payment]) -> str:
    """Said where the last transfer came back for the holder's name, and the new account bears the very
    same; "" where it is not so.
    """
    last = ended[0] if ended else None
    if last is None or last.state not in BOUNCES or last.account_id == account.pk:
        return ""
    if not any(word in last.bounce for word in OTHER_NAME):
        return ""
    if zengin.holder(last.account.holder_kana) != account.sent_as:
        return ""
    return _(
        "前の振込は「%(why)s」で戻りました。届け出られた口座名義のカナ（%(kana)s）は、そのときと同じです。"
        "通帳の見開きのカナと1字ずつ比べてください。"
    ) % {"why": last.bounce, "kana": account.sent_as}


def _core(kana: str) -> str:
    """A name without the form of the corporation and spaces, as the bank writes it; "" for none."""
    try:
        plain = zengin.holder(kana)
    except zengin.Unfit:
        return ""
    for _form, short in zengin.FORMS:
        plain = plain.removeprefix(f"{short})").removesuffix(f"({short}")
    return plain.replace(" ", "")


def _of_holder(account: BankAccount, firms: Firms) -> Iterator[str]:
    """What is odd about an account, wherever money is about to go to it."""
    firm = account.organisation
    name, kana = firms.registered_as(firm)
    if _core(kana) and _core(kana) != _core(account.holder_kana):
        said = {"holder": account.holder_kana, "kana": kana, "name": name}
        yield (
            _("口座名義のカナ（%(holder)s）が、登録の名称（%(name)s、%(kana)s）と違います。") % said
        )
    ended = firms.ended.get(firm.pk, [])  # none of the firm before, whose award went on to another
    if again := same_name_again(account, ended):
        yield again
    paid = next((row for row in ended if row.state == PaymentState.PAID), None)
    if paid is not None and paid.account_id != account.pk and paid.paid_on is not None:
        yield _("前に支払った口座（%(day)s、%(account)s）とは違う口座です。") % {
            "day": dated(paid.paid_on),
            "account": paid.account.masked,
        }


def _history(account: BankAccount, firms: Firms) -> Iterator[Fact]:
    before = firms.before(account)
    if before is not None:
        yield Fact(
            _("前の口座"),
            _("%(account)s　%(holder)s（%(state)s）")
            % {"account": before.masked, "holder": before.sent_as, "state": before.info.label},
        )
    ended = firms.ended[account.organisation_id]
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
    cases = Case.objects.worked_on_by(user).filter(
        organisation__in=firms.accounts, is_draft=False, closed_at=None
    )
    waits: dict[int, list[Claim]] = {}
    claims = Claim.objects.live().filter(case__in=cases).select_related("case")
    for claim in claims.prefetch_related("payments"):
        if claim.to_transfer > 0:
            waits.setdefault(claim.case.organisation_id, []).append(claim)
    awards = Award.objects.filter(case__in=cases).select_related("case")
    asking = {award.case.organisation_id for award in awards if passbooks.is_asked(award)}
    copies = passbooks.of_firms(cases)
    return {
        account.pk: _of_account(
            user,
            account,
            firms,
            waits.get(account.organisation_id, []),
            copies.get(account.organisation_id, []),
            is_asked=account.organisation_id in asking,
        )
        for account in accounts
    }


def _of_account(
    user: User,
    account: BankAccount,
    firms: Firms,
    claims: list[Claim],
    copies: list[Document],
    *,
    is_asked: bool,
) -> Against:
    facts = [
        Fact(
            _("案件"),
            f"{claim.case.shown_number}　{claim.case.shown_programme}",
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
    before = firms.before(account)
    since = before.declared_at if before is not None else None
    missing = passbooks.missing(copies, since) if is_asked else []
    return Against(facts=facts, cautions=[*missing, *_of_holder(account, firms)])


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


def of_claims(_user: User, claims: Sequence[Claim]) -> dict[int, Against]:
    """Before a claim is confirmed, and before it is ordered."""
    rows = Claim.objects.filter(pk__in=[claim.pk for claim in claims]).select_related(*READ)
    found = list(rows.prefetch_related("payments", "award__payments"))
    money = money_of(found, clock.today())
    return {
        claim.pk: _of_claim(claim, money, money.firms.confirmed.get(claim.case.organisation_id))
        for claim in found
    }


def _of_claim(claim: Claim, money: Money, account: BankAccount | None) -> Against:
    firm, award = claim.case.organisation, claim.award
    paid = live_yen(award.payments.all())
    days = (clock.today() - clock.day_of(claim.claimed_at)).days
    facts = [
        Fact(
            _("案件"),
            f"{claim.case.shown_number}　{claim.case.shown_programme}",
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
    cautions = list(_of_holder(account, money.firms)) if account is not None else []
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
        "account__organisation", "batch", "claim", *READ
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
    own = list(_of_holder(payment.account, money.firms))
    return Against(facts=[yen, *found.facts], cautions=[*said, *own])
