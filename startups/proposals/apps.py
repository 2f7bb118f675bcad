from django.apps import AppConfig


class Config(AppConfig):
    name = "startups.proposals"
    label = "startups_proposals"

    def ready(self) -> None:
        from startups.proposals import registrations

        registrations.register()
