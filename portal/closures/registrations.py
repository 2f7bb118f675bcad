"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.ui.ports import Menu, menus


def register() -> None:
    menus.add(
        "closures",
        Menu(
            label=_lazy("閉庁日"),
            url_name="closure_list",
            # officers find it beside their calls: one entry more breaks the line of their menu
            may_see=lambda user: user.has_role("administrator"),
        ),
    )
