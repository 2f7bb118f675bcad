from django.apps import AppConfig


class Config(AppConfig):
    name = "reports.opendata"
    label = "reports_opendata"
