"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.accounts import proving, sign_ins
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

    sealed_columns.add("mfa.Authenticator", Sealed(column="data", names=("secret", "seed")))
    sign_ins.listen()
    proving.listen()
