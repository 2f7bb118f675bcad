from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.seats"
    label = "grants_seats"

    def ready(self) -> None:
        from grants.seats import registrations

        registrations.register()
