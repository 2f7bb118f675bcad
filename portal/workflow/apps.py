from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.workflow"
    label = "portal_workflow"

    def ready(self) -> None:
        from portal.workflow import registrations

        registrations.register()
