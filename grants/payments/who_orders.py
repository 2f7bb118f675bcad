"""Who of finance may order the payment of a case: neither who typed or checked its claim nor who typed or
confirmed the account that its money goes to; and whether somebody of accounting may look at it then. A
town with two people reads beforehand which of them is left.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from grants.payments.accounts import ACCOUNTING, FINANCE, BankAccount
from portal.accounts.models import StaffRole, User, in_force
from portal.accounts.permissions import Office, scope_of
from portal.cases.models import Case, Interest
from portal.workflow import duties
from portal.workflow.against import Fact
from portal.workflow.duties import Clash

ORDERS, LOOKS = "order_payment", "check_order"
# what is typed → by what it is confirmed
CONFIRMED_BY = {"change_account": "confirm_account", "file_claim": "check_claim"}
Did = Iterable[tuple[int, str]]  # (primary key of a person, duty)


def did_on(account: BankAccount | None) -> list[tuple[int, str]]:
    """Who confirmed the account, or typed it at the counter, has done so for each case that it is paid to."""
    if account is None:
        return []
    found = [(account.typed_by_id, "change_account"), (account.confirmed_by_id, "confirm_account")]
    return [(by, duty) for by, duty in found if by is not None]


@dataclass(frozen=True)
class Known:
    """What was done on some cases, by `case:…`: (subject, person, duty); who has an interest; who holds
    a role about money anywhere.
    """

    rows: dict[str, Case]
    done: list[tuple[str, int, str]]
    interested: set[tuple[str, int]]
    roles: list[StaffRole]

    def holders(self, case: Case, permission: Office) -> list[User]:
        held = [role for role in self.roles if role.role in permission.roles]
        return list(dict.fromkeys(role.person for role in held if role.covers(*scope_of(case))))

    def left(self, duty: str, permission: Office) -> dict[int, list[User]]:
        """Those who may do it, by primary key of the case."""
        forbids = duties.against(duty)
        clashes = {
            (who, Clash(subject, did, duty)) for subject, who, did in self.done if did in forbids
        }
        allowed = duties.excepted([clash for _who, clash in clashes])
        barred = {(clash.subject, who) for who, clash in clashes if clash not in allowed}
        barred |= self.interested
        return {
            case.pk: [
                person
                for person in self.holders(case, permission)
                if (subject, person.pk) not in barred
            ]
            for subject, case in self.rows.items()
        }

    @property
    def unchecked(self) -> set[int]:
        """Cases of whose holders of accounting none may look at an order."""
        left = self.left(LOOKS, ACCOUNTING)
        return {
            case.pk
            for case in self.rows.values()
            if not left[case.pk] and self.holders(case, ACCOUNTING)
        }


def known(cases: Iterable[Case], did: Mapping[int, Did]) -> Known:
    """`did`: what is said beside what was done, by primary key of the case."""
    rows = {f"case:{case.pk}": case for case in cases}
    done = list(duties.done_by_anyone(rows))
    done += [(f"case:{key}", who, duty) for key, also in did.items() for who, duty in also]
    interested = Interest.objects.filter(case__in=list(rows.values()))
    held = StaffRole.objects.filter(
        in_force(),
        role__in=[*FINANCE.roles, *ACCOUNTING.roles],
        person__is_active=True,
        person__is_system=False,
    )
    return Known(
        rows,
        done,
        {(f"case:{case}", who) for case, who in interested.values_list("case", "person")},
        list(held.select_related("person").order_by("person")),
    )


def of_cases(cases: Iterable[Case], did: Mapping[int, Did]) -> dict[int, list[User]]:
    """Those who may order, by primary key of the case, after what was done on it and what is said
    beside (`did`); without those who declared an interest.
    """
    return known(cases, did).left(ORDERS, FINANCE)


def once_typed(user: User, cases: Iterable[Case], duty: str) -> list[str]:
    """At the counter, before finance types an account or a claim with their own hands: of which cases
    nobody would then be left to confirm it, with another to order.
    """
    if not user.is_office:
        return []
    theirs = [case for case in cases if not FINANCE.reasons(user, case)]
    if not theirs:
        return []
    after = known(theirs, {case.pk: [(user.pk, duty)] for case in theirs})
    ordering, confirming = after.left(ORDERS, FINANCE), after.left(CONFIRMED_BY[duty], FINANCE)
    text = _(
        "%(case)s：入力した職員は、確認も支出命令もできません。あなたが入力すると、確認と支出命令を別々の職員が行えなくなります。"
        "残る経理担当：%(names)s"
    )
    found = []
    for case in theirs:
        orders, confirms = ordering[case.pk], confirming[case.pk]
        left = list(dict.fromkeys([*confirms, *orders]))
        if not (orders and confirms and len(left) > 1):
            names = "、".join(person.name for person in left) or _("いません")
            found.append(text % {"case": case.number, "names": names})
    return found


def said(case: Case, people: Sequence[User]) -> Fact:
    names = "、".join(person.name for person in people)
    return Fact(
        _("支出命令を出せる職員"),
        _("%(case)s　%(names)s") % {"case": case.number, "names": names or _("いません")},
    )


def nobody(case: Case) -> str:
    """Said before an act after which nobody could go on."""
    return _(
        "%(case)s：あなたが確認すると、支出命令を出せる経理担当がいなくなります。口座の確認と請求の確認を同じ職員が行い、"
        "支出命令を別の職員が出します。"
    ) % {"case": case.number}


def nobody_looks(case: Case) -> str:
    """Said before an order that nobody of accounting could look at."""
    return _(
        "%(case)s：口座や請求の確認、支出命令をした会計管理者しかいないため、この支払いは、いまは審査も振込もできません。"
        "別の職員に、会計管理者の役割を付けてもらってください。"
    ) % {"case": case.number}
