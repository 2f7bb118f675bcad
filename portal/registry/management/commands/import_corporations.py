"""`import_corporations FILE`: the National Tax Agency's 30-column file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from portal.registry import corporations


class Command(BaseCommand):
    help = "Import corporations (CP932 without header, or UTF-8 with one); bad rows are reported, the rest goes in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"{file} is not a file.")
        with tqdm(unit=" rows", disable=None) as bar:
            report = corporations.import_file(file, bar.update)
        self.stderr.write(corporations.write_faults(report))
        self.stdout.write(f"{report.read} rows read, {report.stored} taken, {report.refused} refused.")
