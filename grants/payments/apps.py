from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.payments"
    label = "grants_payments"

    def ready(self) -> None:
        from grants.payments import registrations

        registrations.register()
