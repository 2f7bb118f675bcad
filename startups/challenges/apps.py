from django.apps import AppConfig


class Config(AppConfig):
    name = "startups.challenges"
    label = "startups_challenges"

    def ready(self) -> None:
        from startups.challenges import registrations

        registrations.register()
