"""`confirm_factor_removals [NUMBER …]`: take lost factors away where a city has one administrator alone;
without numbers, list what is proposed.
"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts import lost_factors, roles
from portal.accounts.models import FactorRemoval
from portal.workflow.errors import Refused


class Command(BaseCommand):
    help = "List proposed removals of lost factors, or confirm those of the given numbers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("numbers", nargs="*", type=int)

    @transaction.atomic
    def handle(self, *_args: object, numbers: list[int], **_options: object) -> None:
        proposed = FactorRemoval.objects.filter(outcome="").select_related("person", "proposed_by")
        found = {removal.pk: removal for removal in proposed}
        if unknown := set(numbers) - set(found):
            raise CommandError(f"not proposed: {', '.join(map(str, sorted(unknown)))}")
        for removal in [found[number] for number in numbers] or found.values():
            self.stdout.write(_line(removal))
        try:
            for number in numbers:
                lost_factors.confirm(found[number], by=roles.operator())
        except Refused as refused:
            raise CommandError(" ".join(refused.reasons)) from refused
        if numbers:
            self.stdout.write("confirmed.")


def _line(removal: FactorRemoval) -> str:
    told = f"{removal.how}: {removal.ground}"
    return (
        f"{removal.pk}  {removal.person.email}  {told}  from {removal.waits_until:%Y-%m-%d %H:%M} UTC"
        f"  (proposed by {removal.proposed_by.email})"
    )
