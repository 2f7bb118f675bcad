from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.accounts"
    label = "portal_accounts"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _lazy

        from portal import ports

        ports.menus.add(
            "roles",
            ports.Menu(
                _lazy("職員と役割"), "role_list", lambda user: user.has_role("administrator")
            ),
        )
