from django.apps import AppConfig


class Config(AppConfig):
    name = "reports.statistics"
    label = "reports_statistics"

    def ready(self) -> None:
        from reports.statistics import registrations

        registrations.register()
