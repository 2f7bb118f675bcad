from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.maintenance"
    label = "portal_maintenance"

    def ready(self) -> None:
        from portal.maintenance import registrations

        registrations.register()
