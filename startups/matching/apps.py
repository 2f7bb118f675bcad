from django.apps import AppConfig


class Config(AppConfig):
    name = "startups.matching"
    label = "startups_matching"

    def ready(self) -> None:
        from startups.matching import registrations

        registrations.register()
