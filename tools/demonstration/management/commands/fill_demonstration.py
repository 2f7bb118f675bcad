"""`fill_demonstration`: the demonstration's year,
begun before the first page and filled in beside the running portal.
"""

from argparse import ArgumentParser

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from portal.accounts import filling as progress
from tools.demonstration import filling

CASES, SEED = 80, 1


class Command(BaseCommand):
    help = (
        "Fill the demonstration with a small fictitious year, "
        "on from where it was stopped (only where DEMO is on)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--begin", action="store_true", help="only what a visitor needs at once"
        )
        parser.add_argument("--cases", type=int, default=CASES)

    def handle(self, *_args: object, begin: bool, cases: int, **_options: object) -> None:
        if not settings.DEMO:
            raise CommandError("DEMO is off.")
        if begin:
            if filling.begin(cases, SEED):
                call_command("make_demo_people")
            return
        try:
            self.go_on()
        except OperationalError:  # `make run` was stopped, and its database with it
            raise CommandError("The fictitious year goes on at the next start.") from None

    def go_on(self) -> None:
        told = 0

        def tell(percent: int) -> None:
            nonlocal told
            if percent // 10 > told:
                told = percent // 10
                self.stdout.write(f"  fictitious year: {percent} %")

        row = progress.current()
        if row is None or not filling.go_on(tell):
            return
        call_command("make_demo_people")
        call_command("seal_audit")
        progress.finish(row)
        self.stdout.write("  fictitious year: complete")
