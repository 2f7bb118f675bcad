"""`backup [PLACE]`: database and files of one moment, into a folder or s3://bucket/prefix; without a
place into BACKUPS. Ends with 1 where objects were lost or changed before it.
"""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.backups import taking
from portal.backups.programs import Unfit
from portal.backups.shelves import shelf_at


class Command(BaseCommand):
    help = "Copy database and files of one moment."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", nargs="?", default=settings.BACKUPS)
        parser.add_argument(
            "--keep", type=int, metavar="DAYS", help="then remove backups that are older"
        )

    def handle(self, *_args: object, place: str, keep: int | None, **_options: object) -> None:
        if not place:
            raise CommandError("Say where to: a folder, or s3://bucket/prefix; or set BACKUPS.")
        shelf, began = shelf_at(place), time.monotonic()
        try:
            made = taking.take(shelf)
            removed = taking.forget_older(shelf, keep) if keep is not None else (0, 0)
        except Unfit as unfit:
            raise CommandError(str(unfit), returncode=1) from None
        size = made.dump.size + sum(kept.size for kept in made.files)
        self.stdout.write(
            f"{made.name}: {sum(made.facts.counts.values())} rows, {len(made.files)} files,"
            f" {size / 1e9:.3f} GB in {(time.monotonic() - began) / 60:.1f} minutes."
        )
        if keep is not None:
            self.stdout.write(f"{removed[0]} older backups and {removed[1]} objects removed.")
        if made.faulty:
            raise CommandError(
                f"{len(made.faulty)} objects were not there as they should be"
                f" (`reconcile_documents`): {'; '.join(made.faulty[:10])}",
                returncode=1,
            )
