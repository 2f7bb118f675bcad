from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.accounts"
    label = "portal_accounts"

    def ready(self) -> None:
        from portal.accounts import registrations

        registrations.register()
