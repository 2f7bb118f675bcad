"""Who of finance may order the payment of a case: neither who checked its claim nor who confirmed the account
that its money goes to. A town with two people reads beforehand which of them is left.
"""

from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from grants.payments.accounts import FINANCE, BankAccount
from portal.accounts.models import StaffRole, User, in_force
from portal.accounts.permissions import scope_of
from portal.cases.models import Case, Interest
from portal.workflow import duties
from portal.workflow.against import Fact
from portal.workflow.duties import Clash

ORDERS = "order_payment"
Did = Iterable[tuple[int, str]]  # (primary key of a person, duty)


def confirmed(account: BankAccount | None) -> list[tuple[int, str]]:
    """Who confirmed the account has done so for each case that it is paid to."""
    by = account.confirmed_by_id if account is not None else None
    return [] if by is None else [(by, "confirm_account")]


def of_cases(cases: Iterable[Case], did: Mapping[int, Did]) -> dict[int, list[User]]:
    """Those who may order, by primary key of the case, after what was done on it and what is said
    beside (`did`); without those who declared an interest.
    """
    rows = {f"case:{case.pk}": case for case in cases}
    done = list(duties.done_by_anyone(rows))
    done += [(f"case:{key}", who, duty) for key, also in did.items() for who, duty in also]
    forbids = duties.against(ORDERS)
    clashes = {
        (who, Clash(subject, duty, ORDERS)) for subject, who, duty in done if duty in forbids
    }
    allowed = duties.excepted([clash for _who, clash in clashes])
    barred = {(clash.subject, who) for who, clash in clashes if clash not in allowed}
    interested = Interest.objects.filter(case__in=list(rows.values()))
    barred |= {(f"case:{case}", who) for case, who in interested.values_list("case", "person")}
    held = StaffRole.objects.filter(
        in_force(), role__in=FINANCE.roles, person__is_active=True, person__is_system=False
    )
    roles = list(held.select_related("person").order_by("person"))
    return {
        case.pk: list(
            dict.fromkeys(
                role.person
                for role in roles
                if (subject, role.person_id) not in barred and role.covers(*scope_of(case))
            )
        )
        for subject, case in rows.items()
    }


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
