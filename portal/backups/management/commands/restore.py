"""`restore PLACE [--moment NAME]`: the last backup of a place, or that one, into an empty database
(DATABASE_URL) and an empty place for files. Says what was asked and found; ends with 1 where anything
is wrong. `--check` reads the backup and changes nothing.
"""

import time

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backups import restoring
from portal.backups.comparing import tell
from portal.backups.programs import Unfit
from portal.backups.shelves import shelf_at


class Command(BaseCommand):
    help = "Bring database and files back to the moment of a backup."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place")
        parser.add_argument(
            "--moment", default="", help="which backup; the last one where not said"
        )
        parser.add_argument(
            "--erasures", metavar="PLACE", help="where erasures are noted, if not in the same place"
        )
        parser.add_argument("--check", action="store_true", help="only read the backup")

    def handle(self, *_args: object, place: str, moment: str, **options: object) -> None:
        shelf, began = shelf_at(place), time.monotonic()
        try:
            manifest = restoring.chosen(shelf, moment)
            self.stdout.write(f"Backup {manifest.name}")
            if options["check"]:
                faults = tell(self.stdout, restoring.checked(shelf, manifest))
            else:
                noted = shelf_at(str(options["erasures"] or place))
                faults = tell(self.stdout, restoring.restore(shelf, manifest, noted))
        except Unfit as unfit:
            raise CommandError(str(unfit), returncode=1) from None
        self.stdout.write(f"{(time.monotonic() - began) / 60:.1f} minutes.")
        if faults:
            raise CommandError(f"{faults} of these lines name a fault.", returncode=1)
