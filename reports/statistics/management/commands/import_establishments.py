"""`import_establishments FILE`: 事業所数 by area: コード, 事業所数, 時点, 出典."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from reports.statistics.imports.commands import said, taken
from reports.statistics.imports.establishments import import_establishments


class Command(BaseCommand):
    help = "Bad rows are reported, the rest goes in; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: object, file: Path, **_options: object) -> None:
        report = taken(lambda: import_establishments(file))
        self.stderr.write(said(report))
        self.stdout.write(
            f"{report.read} rows read, {report.stored} taken, {report.refused} refused."
        )
