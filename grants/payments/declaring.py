"""Who declares an account where the firm has nobody online."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation, User
from portal.accounts.permissions import COUNTER, NOBODY

if TYPE_CHECKING:
    from grants.payments.accounts import BankAccount


class AtCounter:
    """The programme officer, from paper,
    for a firm whose cases were entered at the counter and that has nobody online.
    """

    def reasons(self, user: User, account: "BankAccount | Holder") -> list[str]:
        if not user.is_office:
            return [_("この申請をした方ではありません。")]
        if account.organisation.memberships.filter(left_at=None).exists():
            return [_("口座は、登録されている代表者が届け出ます。")]
        if any(
            not COUNTER.reasons(user, case)
            for case in account.organisation.cases.filter(on_paper=True)
        ):
            return []
        return [_("窓口で受け付けた案件がないため、代わって届け出ることはできません。")]

    def q(self, _user: User) -> Q:
        return NOBODY


@dataclass(frozen=True)
class Holder:
    """Whose account is to be declared, for the permission that is asked before there is one."""

    organisation: Organisation
    programme_code: str = ""

    @property
    def organisation_id(self) -> int:
        return self.organisation.pk
