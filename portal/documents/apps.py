from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.documents"
    label = "portal_documents"

    def ready(self) -> None:
        from portal.documents import registrations

        registrations.register()
