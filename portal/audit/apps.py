from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.audit"
    label = "portal_audit"

    def ready(self) -> None:
        from portal.audit import registrations

        registrations.register()
