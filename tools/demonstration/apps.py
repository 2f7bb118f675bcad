from django.apps import AppConfig


class Config(AppConfig):
    name = "tools.demonstration"
    label = "tools_demonstration"
