from django.apps import AppConfig


class Config(AppConfig):
    name = "grants.reviews"
    label = "grants_reviews"

    def ready(self) -> None:
        from grants.reviews import registrations

        registrations.register()
