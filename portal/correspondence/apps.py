from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.correspondence"
    label = "portal_correspondence"

    def ready(self) -> None:
        from portal.correspondence import registrations

        registrations.register()
