"""`make_demo_people`: a member and an adviser beside the demonstration's representative."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand

from portal import clock
from portal.accounts import demo, people
from portal.accounts.models import Membership, Organisation


class Command(BaseCommand):
    help = "Complete the demonstration's applicant side (only where DEMO is on)."

    def handle(self, *_args: Any, **_options: Any) -> None:
        demo.refuse_elsewhere()
        persons = demo.applicants()
        firm = demo.organisation()
        if firm is None or firm.delegations.exists():
            return
        Membership.objects.get_or_create(
            user=persons["haruka"], organisation=firm, left_at=None, defaults={"role": "member"}
        )
        for state in ("draft", "returned", "awarded"):  # so that the desk shows a case at each turn
            other = Organisation.objects.filter(cases__state=state).exclude(pk=firm.pk).order_by("pk").first()
            if other is not None:
                Membership.objects.get_or_create(
                    user=persons["mikami"], organisation=other, left_at=None, defaults={"role": "representative"}
                )
        people.delegate(firm, adviser=persons["yoshino"], by=persons["mikami"], programme_code="", may_submit=False,
                        starts_on=clock.today(), ends_on=clock.today() + timedelta(days=365))  # fmt: skip
