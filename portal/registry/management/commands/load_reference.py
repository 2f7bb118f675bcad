"""`load_reference`: municipalities, areas, industries, postal codes, banks, holidays."""

from django.core.management.base import BaseCommand

from portal.registry import reference


class Command(BaseCommand):
    help = "Load the reference data (idempotent)."

    def handle(self, *_args: object, **_options: object) -> None:
        for name, rows in reference.load().items():
            self.stdout.write(f"{name}: {rows}")
