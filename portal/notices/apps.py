from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.notices"
    label = "portal_notices"

    def ready(self) -> None:
        from portal.notices import registrations

        registrations.register()
