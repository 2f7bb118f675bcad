"""`reconcile_documents`: every row has its object, unchanged, and every object its row; exit 1 with
the list. `--mend` looks for what is missing or changed in older versions of the bucket and in the
place of backups, and puts back what has the right hash.
"""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.documents import reconciling
from portal.documents.models import StoredFile
from portal.documents.store import faults

SHOWN = 50


class Command(BaseCommand):
    help = "Compare rows and stored objects."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="put back what is found elsewhere")

    def handle(self, *_args: object, mend: bool, **_options: object) -> None:
        if mend:
            looked = reconciling.looked_over(mend=True, read=StoredFile.objects.count())
            for key in looked.mended:
                self.stdout.write(f"{key}: put back")
        if found := faults():
            more = f"\n… {len(found)} in all" if len(found) > SHOWN else ""
            raise CommandError("\n".join(found[:SHOWN]) + more, returncode=1)
        self.stdout.write("Rows and stored objects agree.")
