"""`confirm_roles [NUMBER …]`: confirm proposed roles where a city has one administrator alone;
without numbers, list what is proposed.
"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from portal.accounts import roles
from portal.accounts.models import RoleProposal
from portal.workflow.errors import Refused


class Command(BaseCommand):
    help = "List proposed roles, or confirm those of the given numbers: all or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("numbers", nargs="*", type=int)

    @transaction.atomic
    def handle(self, *_args: object, numbers: list[int], **_options: object) -> None:
        proposed = RoleProposal.objects.filter(closed_at=None).select_related(
            "person", "municipality", "proposed_by"
        )
        found = {proposal.pk: proposal for proposal in proposed}
        if unknown := set(numbers) - set(found):
            raise CommandError(f"not proposed: {', '.join(map(str, sorted(unknown)))}")
        for proposal in [found[number] for number in numbers] or found.values():
            self.stdout.write(_line(proposal))
        try:
            for number in numbers:
                roles.confirm(found[number], by=roles.operator())
        except Refused as refused:
            raise CommandError(" ".join(refused.reasons)) from refused
        if numbers:
            self.stdout.write("confirmed.")


def _line(proposal: RoleProposal) -> str:
    scope = f"{proposal.programme_code or '*'} / {proposal.municipality or '*'}"
    days = f"{proposal.starts_on} – {proposal.ends_on or ''}"
    return (
        f"{proposal.pk}  {proposal.person.email}  {proposal.role}  {scope}  {days}"
        f"  (proposed by {proposal.proposed_by.email})"
    )
