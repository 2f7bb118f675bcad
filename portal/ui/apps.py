from django.apps import AppConfig


class Config(AppConfig):
    name = "portal.ui"
    label = "portal_ui"
