"""`verify_audit`: exit 0 when every chain is whole, 1 with the first broken event."""

from django.core.management.base import BaseCommand, CommandError

from portal.audit.models import Event
from portal.audit.record import first_fault


class Command(BaseCommand):
    help = "Verify every audit chain, payload, head and seal."

    def handle(self, *_args: object, **_options: object) -> None:
        fault = first_fault()
        if fault:
            raise CommandError(fault, returncode=1)
        self.stdout.write(f"{Event.objects.count()} events, every chain is whole.")
