from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.applications"
    label = "grants_applications"

    def ready(self) -> None:
        from grants.applications import registrations

        registrations.register()
