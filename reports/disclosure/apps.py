from django.apps import AppConfig


class Config(AppConfig):
    name = "reports.disclosure"
    label = "reports_disclosure"

    def ready(self) -> None:
        from reports.disclosure import registrations

        registrations.register()
