"""`verify_audit`: exit 0 when every chain is whole and every kept row is as it was, 1 with the first
fault. `--seals FILE` compares with seals that were published and kept elsewhere.
"""

import csv
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from portal.audit.models import Event
from portal.audit.sealing import Published, fault_of_published
from portal.audit.verifying import ask, run


class Command(BaseCommand):
    help = "Verify every audit chain, payload, head, seal and kept row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seals", type=Path, help="seals.csv as it was published and kept elsewhere"
        )

    def handle(self, *_args: object, **options: object) -> None:
        kept = options.get("seals")
        done = run(ask(by=None))
        fault = done.first_fault or (
            fault_of_published(_published(Path(str(kept)))) if kept else ""
        )
        if fault:
            raise CommandError(fault, returncode=1)
        self.stdout.write(f"{Event.objects.count()} events, every chain is whole.")


def _published(path: Path) -> list[Published]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(row["day"], row["hash"]) for row in csv.DictReader(file)]
