"""What somebody has to think of before an account is confirmed, and before money goes to it: that the copy
of its passbook is missing, that it bears another name. No obstacle: whoever confirms the account says why
all the same, and what they wrote is read at the order, in the batch and at accounting's check.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _

from grants.awards.models import Award
from grants.payments import passbooks, zengin
from grants.payments.accounts import BankAccount
from grants.payments.holders import bare, core
from grants.payments.models import Payment
from grants.payments.states import BOUNCES, UNCONFIRMED_ACCOUNTS, AccountState, PaymentState
from portal import clock
from portal.accounts.models import Organisation
from portal.cases.models import Case
from portal.days import dated, day_said
from portal.documents.models import Document
from portal.registry.models import Corporation

ENDED = (PaymentState.PAID, *BOUNCES)
# how banks say that the holder's name is not that of the account
OTHER_NAME = ("名義", "受取人名", "相違")


class Caution(NamedTuple):
    key: str
    said: str

    @property
    def field(self) -> str:
        """What the answer to it is called in a form."""
        return f"why_{self.key}"


@dataclass(frozen=True)
class Firms:
    """What is known of some firms: their accounts, newest first, what became of the transfers to
    them, newest first, how the registry names them, the copies of passbooks in their open cases, and
    those of which such a copy is asked.
    """

    accounts: Mapping[int, Sequence[BankAccount]]
    ended: Mapping[int, Sequence[Payment]]
    registered: Mapping[str, Corporation]
    copies: Mapping[int, Sequence[Document]]
    asked: frozenset[int]

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
        others = (
            row for row in self.accounts.get(account.organisation_id, []) if row.pk < account.pk
        )
        return next((row for row in others if row.state not in UNCONFIRMED_ACCOUNTS), None)

    def follows_another(self, account: BankAccount) -> bool:
        """Was any other account declared before, used or not?"""
        rows = self.accounts.get(account.organisation_id, [])
        return any(row.pk < account.pk for row in rows)

    def waiting_after(self, account: BankAccount) -> BankAccount | None:
        """The account that was declared since, and that nobody has looked at yet."""
        rows = self.accounts.get(account.organisation_id, [])
        later = (row for row in rows if row.pk > account.pk)
        return next((row for row in later if row.state == AccountState.DECLARED), None)


def of_firms(firms: Iterable[int]) -> Firms:
    keys = set(firms)
    accounts: dict[int, list[BankAccount]] = {key: [] for key in keys}
    ended: dict[int, list[Payment]] = {key: [] for key in keys}
    for account in (
        BankAccount.objects.filter(organisation__in=keys)
        .select_related("organisation__area", "confirmed_by")
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
    cases = Case.objects.filter(organisation__in=keys, is_draft=False, closed_at=None)
    awards = Award.objects.filter(case__in=cases).select_related("case")
    asked = frozenset(award.case.organisation_id for award in awards if passbooks.is_asked(award))
    return Firms(accounts, ended, registered, passbooks.of_firms(cases), asked)


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


def _of_account(account: BankAccount, firms: Firms) -> Iterator[Caution]:
    """What is open about an account now."""
    firm = account.organisation
    if firm.pk in firms.asked:
        # a copy that came before this account was declared may show the one before
        since = account.declared_at if firms.follows_another(account) else None
        for text in passbooks.missing(firms.copies.get(firm.pk, []), since):
            yield Caution("passbook", text)
    if account.explanation:
        text = _(
            "口座名義（%(holder)s）は、申請者や代表者の名義ではありません。届出の説明：%(why)s"
        )
        yield Caution("holder", text % {"holder": account.holder, "why": account.explanation})
    name, kana = firms.registered_as(firm)
    if core(kana) and core(kana) != core(account.holder_kana):
        text = _("口座名義のカナ（%(holder)s）が、登録の名称（%(name)s、%(kana)s）と違います。")
        yield Caution("name", text % {"holder": account.holder_kana, "kana": kana, "name": name})
    elif not core(kana) and bare(name) not in bare(account.holder):
        text = _("口座名義（%(holder)s）が、登録の名称（%(name)s）と違います。")
        yield Caution("name", text % {"holder": account.holder, "name": name})
    ended = firms.ended.get(firm.pk, [])  # none of the firm before, whose award went on to another
    if again := same_name_again(account, ended):
        yield Caution("again", again)
    paid = next((row for row in ended if row.state == PaymentState.PAID), None)
    if paid is not None and paid.account_id != account.pk and paid.paid_on is not None:
        said = {"day": dated(paid.paid_on), "account": paid.account.masked}
        text = _("前に支払った口座（%(day)s、%(account)s）とは違う口座です。")
        yield Caution("other", text % said)


def of_account(account: BankAccount, firms: Firms | None = None) -> list[Caution]:
    return list(_of_account(account, firms or of_firms([account.organisation_id])))


def before_money(account: BankAccount, firms: Firms) -> list[str]:
    """What is read of it wherever money is about to go there: what was answered when it was confirmed,
    what has come up since, and that the firm has declared another.
    """
    known = {key for key, _said, _why in account.answers}
    return [
        *account.answered,
        *(caution.said for caution in of_account(account, firms) if caution.key not in known),
        *_declared_since(account, firms),
    ]


def _declared_since(account: BankAccount, firms: Firms) -> Iterator[str]:
    waiting = firms.waiting_after(account)
    if waiting is not None:
        text = _(
            "このあとに別の口座（%(account)s、%(day)s）が届け出られ、確認を待っています。先にそちらを確かめてください。"
        )
        yield text % {"account": waiting.masked, "day": day_said(clock.day_of(waiting.declared_at))}
