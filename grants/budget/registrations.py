"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.budget import panels
from portal import ports


def register() -> None:
    ports.call_panels.add("budget", panels.of_call)
    ports.menus.add(
        "budget",
        ports.Menu(_lazy("予算"), "budget_list", lambda user: user.has_role(*panels.READERS)),
    )
