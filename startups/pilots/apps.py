from django.apps import AppConfig


class Config(AppConfig):
    name = "startups.pilots"
    label = "startups_pilots"

    def ready(self) -> None:
        from startups.pilots import registrations

        registrations.register()
