"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.ui.ports import Menu, menus


def register() -> None:
    menus.add(
        "maintenance",
        Menu(
            label=_lazy("保守"),
            url_name="maintenance_list",
            may_see=lambda user: user.has_role("administrator"),
        ),
    )
