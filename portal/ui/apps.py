from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.ui"
    label = "portal_ui"

    def ready(self) -> None:
        from portal.ui import registrations

        registrations.register()
