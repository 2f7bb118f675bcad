from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.backups"
    label = "portal_backups"

    def ready(self) -> None:
        from portal.backups import registrations

        registrations.register()
