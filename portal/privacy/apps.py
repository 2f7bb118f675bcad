from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.privacy"
    label = "portal_privacy"

    def ready(self) -> None:
        from portal.privacy import registrations

        registrations.register()
