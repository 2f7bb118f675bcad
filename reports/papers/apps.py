from django.apps import AppConfig


class Config(AppConfig):
    name = "reports.papers"
    label = "reports_papers"

    def ready(self) -> None:
        from reports.papers import registrations

        registrations.register()
