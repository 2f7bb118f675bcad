"""`index_cases`: write what cases are found by; `--all`: of every case anew, else of those that have
nothing yet.
"""

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from portal.cases import search
from portal.cases.models import Case


class Command(BaseCommand):
    help = "Write the search documents of cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="also those that have one")

    def handle(self, *_args: object, all: bool, **_options: object) -> None:
        rows = Case.objects.filter(is_draft=False, disposed_on=None).order_by("-pk")
        keys = list(rows.values_list("pk", flat=True) if all else search.missing())
        with tqdm(total=len(keys), disable=None) as bar:
            for done in search.index_all(keys):
                bar.update(done - bar.n)
        self.stdout.write(f"{len(keys)} cases indexed.")
