"""`verify_awards`: what each award carries (`grants.awards.carried`) is what its application, its firm,
the book and its orders say, what each case carries (`grants.payments.by_case`) is what its payments say, and
what awards wait for is what they come to (`grants.payments.awaited`); exit 1 with the first that differ.
`--mend` copies and counts anew.
"""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from grants.awards import carried
from grants.payments import awaited, by_case, verifying


class Command(BaseCommand):
    help = "Compare what awards carry with what it was copied from."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="copy what differs anew")

    def handle(self, *_args: object, mend: bool, **_options: object) -> None:
        if mend:
            carried.copy_anew()
            awaited.copy_anew()
            by_case.copy_anew()
        if fault := verifying.first_fault():
            raise CommandError(fault, returncode=1)
        self.stdout.write("Every award carries what its sources say.")
