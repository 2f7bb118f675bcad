"""`import_corporations FILE`: the National Tax Agency's 30-column file."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from portal.registry import corporations


class Command(BaseCommand):
    help = "Import corporations from full or daily files, in any order (CP932, or UTF-8 with a header)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: object, file: Path, **_options: object) -> None:
        if not file.is_file():
            raise CommandError(f"{file} is not a file.")
        try:
            with tqdm(unit=" rows", disable=None) as bar:
                report = corporations.import_file(file, bar.update)
        except corporations.Unusable as reason:
            raise CommandError(
                f"{file.name} cannot be used: {reason}. Nothing was imported."
            ) from reason
        self.stderr.write(corporations.write_faults(report))
        self.stdout.write(
            f"{report.read} rows read, {report.stored} corporations new or changed, {report.refused} rows refused."
        )
