"""Signals for people to look at, never verdicts:
what ties an applicant to a vendor, or one case to others.

`picture` gathers the facts of a case in a constant number of queries; each check is a small pure
function over them. A signal says what was seen and why it may matter; an officer looks, and may set
it aside with a reason. Source: the Board of Audit's findings of vendor-led fraud and kick-backs in
digitalisation subsidies (令和5年度決算検査報告).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import known
from grants.completion.models import CompletionReport, Purchase
from grants.completion.reporting import EVIDENCE
from grants.followup import dealings
from grants.payments.accounts import BankAccount
from grants.payments.states import AccountState
from portal import jptext
from portal.accounts.models import Delegation, Membership, Organisation
from portal.documents.models import Document
from portal.registry.models import Corporation
from portal.together import together
from portal.types import Text

MANY_CASES = 5  # from this many other applicants with one vendor on
NEAR = 100  # quotes closer than one part in so many are near-identical


# what a vendor is noticed by: the beginning of the key → what it is
OF_VENDOR = {
    "address": _lazy("同じ所在地"),
    "ties": _lazy("発注先とのつながり"),
    "many": _lazy("多くの案件に出る発注先"),
}


@dataclass(frozen=True)
class Signal:
    """One thing to look at: its stable key, what, and why it is shown; `words` find the cases that it
    is about in the list, by the filter `by`.
    """

    key: str
    what: Text
    why: str
    words: str = ""
    by: str = "q"


@dataclass(frozen=True)
class Bought:
    """One item: its vendor and what is known of it.

    Yen without tax for `amount`, with the quote's own basis for `second`.
    """

    n: int
    vendor: str
    amount: int
    second: int | None = None
    address: str = ""  # of the vendor in the registry, as a search key
    other_applicants: int = 0
    ties: tuple[
        str, ...
    ] = ()  # what the vendor, where it uses the portal itself, shares with the applicant
    advised: tuple[
        tuple[str, int], ...
    ] = ()  # (adviser, other applicants of theirs with this vendor)


@dataclass(frozen=True)
class Picture:
    """The facts of one case."""

    applicant: str
    address: str
    items: Sequence[Bought] = ()
    same_account: Sequence[str] = ()  # other organisations with the applicant's bank account
    reused: Sequence[
        tuple[str, str]
    ] = ()  # (document, case of another applicant that has the same file)
    namesakes: Sequence[
        str | None
    ] = ()  # other firms of the applicant's name, each by its corporate number
    holders: Sequence[str] = ()  # in whose names the applicant's accounts are
    people: Sequence[str] = ()  # who may hold an account for the applicant beside itself
    papers: Sequence[tuple[str, int]] = ()  # (file, of how many items it is the evidence)


def namesakes(picture: Picture) -> list[Signal]:
    if not picture.namesakes:
        return []
    said = known.of_namesakes(picture.namesakes)
    return [Signal("namesake", _("同じ名称の事業者"), said, picture.applicant)]


def other_holder(picture: Picture) -> list[Signal]:
    """A holder is written with a title and more beside the name."""
    own = [key for name in (picture.applicant, *picture.people) if (key := jptext.search_key(name))]
    why = _(
        "振込先の口座の名義「%(holder)s」が、申請者の名称と違います。本人の口座かを確かめてください。"
    )
    return [
        Signal(f"holder:{holder}", _("口座の名義"), why % {"holder": holder})
        for holder in picture.holders
        if not any(name in jptext.search_key(holder) for name in own)
    ]


def same_paper(picture: Picture) -> list[Signal]:
    why = _(
        "ファイル「%(name)s」が、%(n)sつの経費の証拠書類になっています。それぞれの経費の証拠になるかを確かめてください。"
    )
    return [
        Signal(f"paper:{name}", _("複数の経費に同じ書類"), why % {"name": name, "n": n})
        for name, n in picture.papers
        if n > 1
    ]


def shared_account(picture: Picture) -> list[Signal]:
    why = _("振込先と同じ口座を、%(names)sも届け出ています。名義と関係を確かめてください。")
    names = "、".join(picture.same_account)
    return [Signal("account", _("同じ口座"), why % {"names": names})] if names else []


def shared_address(picture: Picture) -> list[Signal]:
    why = _("発注先「%(vendor)s」の登記の所在地が、申請者の所在地と同じです。")
    return [
        Signal(f"address:{item.vendor}", OF_VENDOR["address"], why % {"vendor": item.vendor})
        for item in picture.items
        if item.address and item.address == picture.address
    ]


def ties(picture: Picture) -> list[Signal]:
    why = _("発注先「%(vendor)s」と申請者は、%(ties)sが同じです。取引の実態を確かめてください。")
    return [
        Signal(
            f"ties:{item.vendor}",
            OF_VENDOR["ties"],
            why % {"vendor": item.vendor, "ties": "・".join(item.ties)},
        )
        for item in picture.items
        if item.ties
    ]


def near_quotes(picture: Picture) -> list[Signal]:
    why = _("経費%(n)sの2社の見積りが、%(first)s円と%(second)s円でほとんど同じです。")
    return [
        Signal(
            f"quotes:{item.n}:{item.amount}:{item.second}",
            _("よく似た見積"),
            why % {"n": item.n, "first": f"{item.amount:,}", "second": f"{item.second:,}"},
        )
        for item in picture.items
        if item.second and abs(item.second - item.amount) * NEAR < item.amount
    ]


def many_cases(picture: Picture) -> list[Signal]:
    why = _("「%(vendor)s」は、ほかに%(count)s者の申請者の申請書か実績報告に出てきます。")
    return [
        Signal(
            f"many:{item.vendor}",
            OF_VENDOR["many"],
            why % {"vendor": item.vendor, "count": item.other_applicants},
            item.vendor,
            "vendor",
        )
        for item in picture.items
        if item.other_applicants >= MANY_CASES
    ]


def reused_files(picture: Picture) -> list[Signal]:
    why = _("「%(name)s」と同じ中身のファイルが、ほかの申請者の案件%(case)sにもあります。")
    return [
        Signal(f"file:{name}:{case}", _("同じファイル"), why % {"name": name, "case": case})
        for name, case in picture.reused
    ]


def common_adviser(picture: Picture) -> list[Signal]:
    why = _(
        "代理人の%(adviser)sさんは、ほかに%(count)s者について、同じ発注先「%(vendor)s」の案件を代理しています。"
    )
    return [
        Signal(
            f"adviser:{item.vendor}:{adviser}",
            _("同じ代理人と発注先"),
            why % {"adviser": adviser, "count": count, "vendor": item.vendor},
        )
        for item in picture.items
        for adviser, count in item.advised
    ]


CHECKS = (
    namesakes,
    other_holder,
    shared_account,
    shared_address,
    ties,
    near_quotes,
    many_cases,
    same_paper,
    reused_files,
    common_adviser,
)


def signals(picture: Picture) -> list[Signal]:
    """All signals of a case, in the order of CHECKS; a vendor of several items is named once for each."""
    return list({found.key: found for check in CHECKS for found in check(picture)}.values())


# -- gathering -------------------------------------------------------------------------------------
def picture(report: CompletionReport) -> Picture:
    """The facts of a submitted report, in two trips to the database: what is near, then what that
    leads to.
    """
    firm = report.case.organisation
    rows = sorted(report.purchases.all(), key=lambda row: row.n)
    numbers = [row.number for row in rows if row.number]
    keys = [row.vendor_key for row in rows]
    with together() as ask:
        homes = ask(Corporation.objects.filter(pk__in=numbers))
        elsewhere = [ask(rows) for rows in dealings.elsewhere(keys, firm)]
        vendors = ask(
            Organisation.objects.filter(
                Q(corporate_number__in=numbers) | Q(name_key__in=keys)
            ).exclude(pk=firm.pk)
        )
        same_account = ask(_same_account(firm))
        own = ask(
            Document.objects.live()
            .filter(case=report.case)
            .values_list("file__sha256", "name", "key")
        )
        same_name = ask(known.namesakes_of(firm).values_list("corporate_number", flat=True))
        holders = ask(_holders(firm))
    others: dict[str, set[int]] = {key: set() for key in keys}
    for key, organisation in chain.from_iterable(elsewhere):
        others[key].add(organisation)
    names = {sha256: name for sha256, name, _key in own}
    papers: dict[str, set[str]] = {}
    for sha256, _name, key in own:
        if key.startswith(EVIDENCE):
            papers.setdefault(sha256, set()).add(key)
    with together() as ask:
        shared_people = ask(_shared_people(firm, vendors))
        accounts = ask(_accounts([firm, *vendors]))
        advised = ask(_advised(firm, set().union(*others.values())))
        reused = ask(_reused(firm, [*names]))
    tied = _ties(rows, firm, vendors, set(shared_people), accounts)
    clients: dict[str, set[int]] = {}
    for adviser, client in advised:
        clients.setdefault(adviser, set()).add(client)
    addresses = {found.number: jptext.search_key(found.address) for found in homes}
    return Picture(
        firm.name,
        jptext.search_key(firm.address),
        [
            Bought(
                row.n,
                row.vendor,
                row.amount,
                row.second_amount,
                addresses.get(row.number, ""),
                len(others[row.vendor_key]),
                tied.get(row.n, ()),
                _in_common(clients, others[row.vendor_key]),
            )
            for row in rows
        ],
        sorted(set(same_account)),
        [(names[sha256], number) for sha256, number in reused],
        namesakes=list(same_name),
        holders=sorted(set(holders)),
        people=[] if firm.corporate_number else [firm.representative_name],
        papers=[(names[sha256], len(keys)) for sha256, keys in papers.items()],
    )


def _shared_people(
    firm: Organisation, vendors: Sequence[Organisation]
) -> QuerySet[Membership, int]:
    """The vendors for which somebody acts who acts for the applicant."""
    people = Membership.objects.filter(
        organisation__in=vendors,
        left_at=None,
        user__memberships__organisation=firm,
        user__memberships__left_at=None,
    )
    return people.values_list("organisation", flat=True)


def _accounts(firms: Sequence[Organisation]) -> QuerySet[BankAccount, tuple[int, str, str, str]]:
    known = BankAccount.objects.filter(organisation__in=firms).exclude(state=AccountState.REPLACED)
    return known.values_list("organisation", "bank_code", "branch_code", "number")


def _ties(
    rows: Sequence[Purchase],
    firm: Organisation,
    vendors: Sequence[Organisation],
    shared_people: Collection[int],
    known: Sequence[tuple[int, str, str, str]],
) -> dict[int, tuple[str, ...]]:
    """Item → what its vendor, where it uses the portal itself, shares with the applicant."""
    accounts: dict[int, set[tuple[str, ...]]] = {}
    for owner, *account in known:
        accounts.setdefault(owner, set()).add(tuple(account))
    found: dict[int, tuple[str, ...]] = {}
    for row in rows:
        vendor = next(
            (v for v in vendors if row.number and v.corporate_number == row.number), None
        ) or next((v for v in vendors if v.name_key == row.vendor_key), None)
        if vendor is not None:
            seen = (
                (vendor.pk in shared_people, _("担当者")),
                (_same(firm.representative_name, vendor.representative_name), _("代表者")),
                (_same(firm.address, vendor.address), _("所在地")),
                (bool(accounts.get(firm.pk, set()) & accounts.get(vendor.pk, set())), _("口座")),
            )
            found[row.n] = tuple(name for there, name in seen if there)
    return found


def _same(one: str, two: str) -> bool:
    return bool(one) and jptext.search_key(one) == jptext.search_key(two)


def _same_account(firm: Organisation) -> QuerySet[BankAccount, str]:
    """The names of other firms that declared the applicant's account."""
    own = BankAccount.objects.filter(
        organisation=firm,
        bank_code=OuterRef("bank_code"),
        branch_code=OuterRef("branch_code"),
        number=OuterRef("number"),
    )
    rows = (
        BankAccount.objects.filter(Exists(own.exclude(state=AccountState.REPLACED)))
        .exclude(organisation=firm)
        .exclude(state=AccountState.REPLACED)
    )
    return rows.values_list("organisation__name", flat=True)


def _holders(firm: Organisation) -> QuerySet[BankAccount, str]:
    known = BankAccount.objects.filter(organisation=firm).exclude(state=AccountState.REPLACED)
    return known.values_list("holder", flat=True)


def _advised(firm: Organisation, others: Collection[int]) -> QuerySet[Delegation, tuple[str, int]]:
    """(adviser of the applicant, one of the others for whom they act as well)."""
    advisers = Delegation.objects.filter(organisation=firm).values("adviser")
    rows = Delegation.objects.filter(adviser__in=advisers, organisation__in=others)
    return rows.values_list("adviser__name", "organisation")


def _in_common(
    clients: Mapping[str, Collection[int]], others: set[int]
) -> tuple[tuple[str, int], ...]:
    """(adviser, how many of the others they act for)."""
    return tuple(
        (name, len(others.intersection(own)))
        for name, own in sorted(clients.items())
        if others.intersection(own)
    )


def _reused(firm: Organisation, hashes: Sequence[str]) -> QuerySet[Document, tuple[str, str]]:
    """(file, case of another applicant that has the same)."""
    elsewhere = (
        Document.objects.live()
        .filter(frozen=True, file__sha256__in=hashes)  # of what others only write nobody is told
        .exclude(case__organisation=firm)
    )
    rows = elsewhere.values_list("file__sha256", "case__number")
    return rows.distinct().order_by("case__number")[:20]
