"""`load_programmes --by OFFICER --approved-by APPROVER [FOLDER]`: programme files, four eyes included."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from grants.programmes import loading
from grants.programmes.mistakes import Mistake
from portal.accounts.models import User
from portal.workflow.errors import Refused


class Command(BaseCommand):
    help = "Load programme files (TOML); a mistake is refused with file, line and reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=loading.DATA)
        parser.add_argument(
            "--by", required=True, help="e-mail of the programme officer who drafts"
        )
        parser.add_argument("--approved-by", required=True, help="e-mail of the approver")

    def handle(
        self, *_args: object, folder: Path, by: str, approved_by: str, **_options: object
    ) -> None:
        try:
            people = [User.objects.get(email=email.lower()) for email in (by, approved_by)]
            for line in loading.load_programmes(folder, by=people[0], approved_by=people[1]):
                self.stdout.write(line)
        except User.DoesNotExist as error:
            raise CommandError(
                "No such person; give the e-mail addresses of two members of staff."
            ) from error
        except Mistake as mistake:
            raise CommandError(str(mistake)) from mistake
        except Refused as refused:
            raise CommandError(" ".join(refused.reasons)) from refused
