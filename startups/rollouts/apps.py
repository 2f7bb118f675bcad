from django.apps import AppConfig


class Config(AppConfig):
    name = "startups.rollouts"
    label = "startups_rollouts"

    def ready(self) -> None:
        from startups.rollouts import registrations

        registrations.register()
