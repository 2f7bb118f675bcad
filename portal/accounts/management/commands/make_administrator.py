"""`make_administrator EMAIL NAME`: the first administrators of a new production; of all other roles
one of them proposes what another confirms.
"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from portal.accounts import people, roles
from portal.accounts.models import User
from portal.clock import today
from portal.workflow.errors import Refused


class Command(BaseCommand):
    help = "Make an administrator; the person sets the password by 'forgotten password'."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *_args: object, email: str, name: str, **_options: object) -> None:
        person = User.objects.filter(email=email.lower()).first()
        person = person or User.objects.create_user(email, name=name, office="システム管理")
        people.verified(person)
        try:
            roles.appoint(person, "administrator", starts_on=today())
        except Refused as refused:
            raise CommandError(" ".join(refused.reasons)) from refused
        self.stdout.write(f"{email} is an administrator.")
