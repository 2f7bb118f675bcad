"""`import_figures FILE`: accounts of firms by fiscal year, awarded or not: 法人番号, 年度, 売上高, 営業利益,
人件費, 減価償却費, 従業員数, 出典.
"""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from reports.statistics.imports.commands import said, taken
from reports.statistics.imports.figures import import_figures


class Command(BaseCommand):
    help = "Bad rows are reported, the rest goes in; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *_args: object, file: Path, **_options: object) -> None:
        report = taken(lambda: import_figures(file))
        self.stderr.write(said(report))
        self.stdout.write(
            f"{report.read} rows read, {report.stored} taken, {report.refused} refused."
        )
