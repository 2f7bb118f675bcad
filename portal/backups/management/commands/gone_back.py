"""`gone_back MOMENT`: once the database is back at a minute by its own log, what the portal does then;
deploy/archive/go_back.py calls it. Says what was asked and found; ends with 1 where anything is wrong.
"""

from datetime import datetime

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from portal.backups import going_back
from portal.backups.comparing import tell
from portal.backups.programs import Unfit
from portal.backups.shelves import shelf_at

LATEST = "latest"


class Command(BaseCommand):
    help = "Carry on after the database went back to a minute."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("moment", help=f"2026-11-30T10:15+09:00, or `{LATEST}`")
        parser.add_argument(
            "--erasures", metavar="PLACE", default=settings.BACKUPS, help="where they are noted"
        )

        parser.add_argument(
            "--restarted", action="store_true", help="the server was, since it came back"
        )

    def handle(
        self, *_args: object, moment: str, erasures: str, restarted: bool, **_options: object
    ) -> None:
        if not erasures:
            raise CommandError("Say where erasures are noted: set BACKUPS, or --erasures PLACE.")
        asked = None if moment == LATEST else _read(moment)
        try:
            going_back.wait_until_it_reads_no_more()
            then = going_back.moment_of(asked, restarted=restarted)
            self.stdout.write(f"Back at {then.isoformat()}")
            faults = tell(self.stdout, going_back.carry_on(then, shelf_at(erasures)))
        except Unfit as unfit:
            raise CommandError(str(unfit), returncode=1) from None
        if faults:
            raise CommandError(f"{faults} of these lines name a fault.", returncode=1)


def _read(moment: str) -> datetime:
    read = parse_datetime(moment)
    if read is None or read.tzinfo is None:
        raise CommandError(
            f"{moment} is no moment with its offset, such as 2026-11-30T10:15+09:00."
        )
    return read
