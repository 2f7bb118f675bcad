"""`maintenance on [--until "2026-12-05 23:00"]`, `maintenance off`, `maintenance`: closes the web processes
of this machine, opens them again, says how it stands. Asks nothing of the database.
"""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import clock
from portal.maintenance import gate


class Command(BaseCommand):
    help = "Close the portal for work on it, or open it again."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", choices=["on", "off"])
        parser.add_argument("--until", metavar="TIME", help="of Sapporo, as 2026-12-05 23:00")

    def handle(
        self, *_args: object, what: str | None, until: str | None, **_options: object
    ) -> None:
        if until is not None and what != "on":
            raise CommandError("--until goes with `maintenance on`.")
        if what == "on":
            gate.close(_moment(until) if until else None)
        elif what == "off":
            gate.open_again()
        closed = gate.closed()
        if closed is None:
            self.stdout.write("Open.")
        else:
            said = clock.stamp(closed.until) if closed.until else "`maintenance off`"
            self.stdout.write(f"Closed until {said}.")


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no time; write it as 2026-12-05 23:00.") from None
    moment = found if found.tzinfo else found.replace(tzinfo=clock.JST)
    if moment <= clock.now():
        raise CommandError("That time has passed.")
    return moment
