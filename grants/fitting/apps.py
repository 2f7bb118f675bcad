from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.fitting"
    label = "grants_fitting"

    def ready(self) -> None:
        from grants.fitting import registrations

        registrations.register()
