from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.approvals"
    label = "portal_approvals"

    def ready(self) -> None:
        from portal.approvals import registrations

        registrations.register()
