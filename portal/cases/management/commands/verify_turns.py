"""`verify_turns`: the stored turns of every case are those its graphs give now; exit 1 with the
first that differ. So is their number (`portal.cases.tallies`).

`--mend` writes them anew, after an upgrade that says something else about whose turn it is.
"""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.cases import tallies
from portal.cases.models import Case
from portal.cases.turns import differing, rewrite


class Command(BaseCommand):
    help = "Rebuild every case's turns and compare."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--mend", action="store_true", help="write those that differ anew")

    def handle(self, *_args: object, mend: bool, **_options: object) -> None:
        wrong = differing()
        if wrong and mend:
            rewrite(Case.objects.filter(number__in=wrong), wait=True)
            self.stdout.write(f"{len(wrong)} cases written anew.")
            wrong = differing()
        if mend and not tallies.is_exact():
            tallies.recount()
            self.stdout.write("Turns and open cases counted anew.")
        if wrong:
            raise CommandError(f"{len(wrong)} cases differ: {', '.join(wrong[:20])}", returncode=1)
        if not tallies.is_exact():
            raise CommandError("turns or open cases are counted wrongly", returncode=1)
        self.stdout.write("Every turn is as its graph says.")
