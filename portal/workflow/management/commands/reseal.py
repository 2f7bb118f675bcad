"""`reseal`: seal every sealed value anew under FIELD_KEY; `--count` only says how they stand. It may
be stopped and begun again at any time; exit 1 where a row opens under none of the keys.
"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from portal.workflow.ports import sealed_columns
from portal.workflow.resealing import reseal


class Command(BaseCommand):
    help = "Seal what is sealed under an earlier FIELD_KEY anew, and say what is left."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", action="store_true", help="change nothing")

    def handle(self, *_args: object, count: bool, **_options: object) -> None:
        unreadable = 0
        for label in sealed_columns:
            if not count:
                reseal(label, write=True)
            left = reseal(label, write=False)
            unreadable += left.unreadable
            self.stdout.write(
                f"{label}: {left.current} under FIELD_KEY, {left.older} under another key, "
                f"{left.unreadable} under none that is set"
            )
        if unreadable:
            raise CommandError(f"{unreadable} rows open under no key that is set.", returncode=1)
