from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.recovery"
    label = "grants_recovery"

    def ready(self) -> None:
        from grants.recovery import registrations

        registrations.register()
