"""`let_in`: list the accounts that a restore closed; `let_in ADDRESS [--to NEW]` opens one again, once
somebody has seen who asks.
"""

from allauth.account.models import EmailAddress
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal.accounts import taking_again
from portal.accounts.models import User
from portal.accounts.people import verified


class Command(BaseCommand):
    help = "List the accounts that a restore closed, or open one again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("address", nargs="?", default="")
        parser.add_argument("--to", metavar="ADDRESS", default="", help="the address it has since")

    @transaction.atomic
    def handle(self, *_args: object, address: str, to: str, **_options: object) -> None:
        closed = User.objects.filter(is_active=False, is_system=False).order_by("pk")
        if not address:
            for person in closed:
                self.stdout.write(f"{person.email}  {person.name}")
            return
        found = closed.select_for_update(of=("self",)).filter(email=address.lower()).first()
        if found is None:
            raise CommandError(f"not closed: {address}")
        if to:
            if User.objects.filter(email=to.lower()).exists():
                raise CommandError(f"another account has it: {to}")
            EmailAddress.objects.filter(user=found).delete()
            found.email = to.lower()
            found.save(update_fields=["email"])
            verified(found)
        taking_again.let_in(found)
        self.stdout.write(f"{found.email} may come in again, with a new password.")
