from django.apps import AppConfig


class Config(AppConfig):
    name = "reports.dossiers"
    label = "reports_dossiers"

    def ready(self) -> None:
        from reports.dossiers import registrations

        registrations.register()
