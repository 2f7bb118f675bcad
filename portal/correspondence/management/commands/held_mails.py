"""`held_mails`: list the mails that a restore held back; `held_mails NUMBER …` or `--all` sends them
after all.
"""

from django.core.management.base import BaseCommand, CommandParser

from portal import clock
from portal.correspondence import holding


class Command(BaseCommand):
    help = "List the mails that a restore held back, or send some of them after all."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("numbers", nargs="*", type=int)
        parser.add_argument("--all", action="store_true", help="send all of them")

    def handle(self, *_args: object, numbers: list[int], **options: object) -> None:
        rows = list(holding.held())
        chosen = [mail.pk for mail in rows] if options["all"] else numbers
        if chosen:
            self.stdout.write(f"{holding.let_go(chosen)} mails are sent after all.")
            return
        for mail in rows:
            number = mail.case.number if mail.case else "-"
            self.stdout.write(f"{mail.pk}  {clock.stamp(mail.queued_at)}  {number}  {mail.subject}")
        self.stdout.write(f"{len(rows)} mails are held.")
