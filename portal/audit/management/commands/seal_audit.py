"""`seal_audit`: write today's seal now (the worker does it every night)."""

from django.core.management.base import BaseCommand

from portal.audit.sealing import seal


class Command(BaseCommand):
    help = "Seal all audit chains for today."

    def handle(self, *_args: object, **_options: object) -> None:
        self.stdout.write(str(seal()))
