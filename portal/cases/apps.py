from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.cases"
    label = "portal_cases"

    def ready(self) -> None:
        from portal.cases import registrations

        registrations.register()
