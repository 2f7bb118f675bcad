from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.awards"
    label = "grants_awards"

    def ready(self) -> None:
        from grants.awards import registrations

        registrations.register()
