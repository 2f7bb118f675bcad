"""Who looks at what finance ordered, and pays it: nobody who may order it themselves.

The two roles are no longer given to one person in one place (`portal.accounts.roles`); whoever held
both before keeps them, and takes no act of accounting until one of them is ended.
"""

from dataclasses import dataclass

from django.db.models import Model
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.accounts.permissions import Office, scopes_of
from portal.workflow.errors import Forbidden


@dataclass(frozen=True)
class Apart(Office):
    """Staff with one of `roles`, unless they hold the role `beside` over the row, too."""

    beside: str = ""

    def reasons(self, user: User, obj: Model) -> list[str]:
        if reasons := super().reasons(user, obj):
            return reasons
        held = [role for role in user.roles() if role.role == self.beside]
        if any(role.covers(*scope) for role in held for scope in scopes_of(obj)):
            return [
                _(
                    "経理担当と会計管理者を兼ねている方は、会計の操作をできません。別の会計管理者が行うか、"
                    "システム管理の担当者に、どちらかの役割を終えてもらってください。"
                )
            ]
        return []

    def demand(self, user: User, obj: Model) -> None:
        """For what is written beside a transition. Raises Forbidden with the reasons."""
        if reasons := self.reasons(user, obj):
            raise Forbidden(*reasons)


ACCOUNTING = Apart(("accounting_officer",), beside="finance_officer")
