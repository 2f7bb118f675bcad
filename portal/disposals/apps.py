from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.disposals"
    label = "portal_disposals"

    def ready(self) -> None:
        from portal.disposals import registrations

        registrations.register()
