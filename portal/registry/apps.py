from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.registry"
    label = "portal_registry"
