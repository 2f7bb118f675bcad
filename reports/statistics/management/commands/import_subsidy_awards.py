"""`import_subsidy_awards FILE`: gBizINFO's subsidy records (the 8-column bulk CSV, or JSON of its
API).
"""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand
from tqdm import tqdm

from reports.statistics.imports.commands import said, taken
from reports.statistics.imports.subsidies import import_awards


class Command(BaseCommand):
    help = "Bad rows are reported, the rest goes in; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: object, file: Path, **_options: object) -> None:
        with tqdm(unit=" rows", disable=None) as bar:
            report = taken(lambda: import_awards(file, bar.update))
        self.stderr.write(said(report))
        self.stdout.write(
            f"{report.read} rows read, {report.stored} taken, {report.refused} refused."
        )
