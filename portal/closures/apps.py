from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.closures"
    label = "portal_closures"

    def ready(self) -> None:
        from portal.closures import registrations

        registrations.register()
