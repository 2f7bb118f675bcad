from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.programmes"
    label = "grants_programmes"

    def ready(self) -> None:
        from grants.programmes import registrations

        registrations.register()
