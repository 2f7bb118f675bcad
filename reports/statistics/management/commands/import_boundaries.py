"""`import_boundaries FILE`: true shapes of the 21 areas from 国土数値情報 N03 (GeoJSON or TopoJSON)."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from reports.statistics.imports.boundaries import import_boundaries
from reports.statistics.imports.commands import taken

SOURCE = "「国土数値情報（行政区域データ）」（国土交通省）を加工して作成"


class Command(BaseCommand):
    help = "Draw the map with true shapes from now on; without them it is a map of tiles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--source", default=SOURCE, help="the credit line shown below every map"
        )

    def handle(self, *_args: object, file: Path, source: str, **_options: object) -> None:
        n = taken(lambda: import_boundaries(file, source))
        self.stdout.write(f"{n} areas have their shapes.")
