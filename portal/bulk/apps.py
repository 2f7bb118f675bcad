from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.bulk"
    label = "portal_bulk"

    def ready(self) -> None:
        from portal.bulk import registrations

        registrations.register()
