"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.budget import panels
from grants.programmes.ports import call_panels
from portal.ui.ports import Menu, menus


def register() -> None:
    call_panels.add("budget", panels.of_call)
    menus.add(
        "budget",
        Menu(
            label=_lazy("予算"),
            url_name="budget_list",
            may_see=lambda user: user.has_role(*panels.READERS),
        ),
    )
