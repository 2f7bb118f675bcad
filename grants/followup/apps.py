from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.followup"
    label = "grants_followup"

    def ready(self) -> None:
        from grants.followup import registrations

        registrations.register()
