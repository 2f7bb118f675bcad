from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.backtest"
    label = "grants_backtest"

    def ready(self) -> None:
        from grants.backtest import registrations

        registrations.register()
