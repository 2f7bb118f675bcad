from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.health"
    label = "portal_health"

    def ready(self) -> None:
        from portal.health import registrations

        registrations.register()
