"""`show_demo_people`: the sign-in of every demonstration role, for the terminal."""

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.accounts import demo
from tools.demonstration import people


class Command(BaseCommand):
    help = "Print the demonstration's people."

    def handle(self, *_args: object, **_options: object) -> None:
        people.refuse_elsewhere()
        for person in demo.accounts():
            what = ", ".join(role.role for role in person.roles()) or "applicant"
            self.stdout.write(f"  {person.email:28} {what:20} {person.name}")
        self.stdout.write(
            f"  password of all: {demo.PASSWORD}   "
            f"second factor of staff: the six digits on {settings.SITE_URL}/demo/\n"
        )
