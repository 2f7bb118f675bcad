"""`make_demo_people`: a member and an adviser beside the demonstration's representative."""

from datetime import timedelta

from django.core.management.base import BaseCommand

from portal import clock
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.people import delegate
from tools.demonstration import people


class Command(BaseCommand):
    help = "Complete the demonstration's applicant side (only where DEMO is on)."

    def handle(self, *_args: object, **_options: object) -> None:
        people.refuse_elsewhere()
        persons = people.applicants()
        firm = people.organisation()
        if firm is None:
            return
        Membership.objects.get_or_create(
            user=persons["member"], organisation=firm, left_at=None, defaults={"role": "member"}
        )
        if not firm.delegations.exists():
            delegate(
                firm,
                adviser=persons["adviser"],
                by=persons["representative"],
                programme_code="",
                may_submit=False,
                starts_on=clock.today(),
                ends_on=clock.today() + timedelta(days=365),
            )
        if persons["representative"].memberships.count() == 1:
            self._other_firms(persons["representative"], firm)

    def _other_firms(self, person: User, firm: Organisation) -> None:
        """So that the person's list shows a case at each turn, as far as there are such cases yet."""
        for state in ("draft", "returned", "awarded"):
            other = (
                Organisation.objects.filter(cases__state=state)
                .exclude(pk=firm.pk)
                .order_by("pk")
                .first()
            )
            if other is not None:
                Membership.objects.get_or_create(
                    user=person,
                    organisation=other,
                    left_at=None,
                    defaults={"role": "representative"},
                )
