"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.accounts import proving, sign_ins
from portal.audit.ports import Kept, kept_rows
from portal.ui.ports import Menu, menus
from portal.workflow.ports import Sealed, sealed_columns


def register() -> None:
    menus.add(
        "roles",
        Menu(
            label=_lazy("職員と役割"),
            url_name="role_list",
            may_see=lambda user: user.has_role("administrator"),
        ),
    )

    kept_rows.add(
        "portal_accounts.RoleProposal", Kept(changes=("closed_by_id", "closed_at", "granted_id"))
    )
    sealed_columns.add("mfa.Authenticator", Sealed(column="data", names=("secret", "seed")))
    sign_ins.listen()
    proving.listen()
