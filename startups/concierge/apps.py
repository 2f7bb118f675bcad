from django.apps import AppConfig


class Config(AppConfig):
    name = "startups.concierge"
    label = "startups_concierge"

    def ready(self) -> None:
        from startups.concierge import registrations

        registrations.register()
