from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.completion"
    label = "grants_completion"

    def ready(self) -> None:
        from grants.completion import registrations

        registrations.register()
