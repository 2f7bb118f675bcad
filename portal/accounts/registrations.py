"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal import ports


def register() -> None:
    ports.menus.add(
        "roles",
        ports.Menu(_lazy("職員と役割"), "role_list", lambda user: user.has_role("administrator")),
    )
