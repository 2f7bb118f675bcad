"""`reconcile_documents`: every row has its object, unchanged, and every object its row; exit 1 with
the list.
"""

from django.core.management.base import BaseCommand, CommandError

from portal.documents.store import faults

SHOWN = 50


class Command(BaseCommand):
    help = "Compare rows and stored objects."

    def handle(self, *_args: object, **_options: object) -> None:
        if found := faults():
            more = f"\n… {len(found)} in all" if len(found) > SHOWN else ""
            raise CommandError("\n".join(found[:SHOWN]) + more, returncode=1)
        self.stdout.write("Rows and stored objects agree.")
