from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.budget"
    label = "grants_budget"

    def ready(self) -> None:
        from grants.budget import registrations

        registrations.register()
