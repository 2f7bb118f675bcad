from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.firms"
    label = "portal_firms"

    def ready(self) -> None:
        from portal.firms import registrations

        registrations.register()
