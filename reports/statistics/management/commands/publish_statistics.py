"""`publish_statistics --fiscal-year 2026`: draft, build and approve a release of the statistics, by
two people.
"""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from portal.accounts.models import User
from portal.workflow.errors import Refused
from reports.statistics.pipeline.disclosure import THRESHOLD
from reports.statistics.releasing import building


class Command(BaseCommand):
    help = (
        "Publish a release of the statistics; refused where they do not agree with the book, "
        "or where one person would do both parts."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fiscal-year", type=int, required=True)
        parser.add_argument(
            "--by", required=True, metavar="EMAIL", help="the programme officer who drafts it"
        )
        parser.add_argument("--approved-by", required=True, metavar="EMAIL", help="the approver")
        parser.add_argument(
            "--threshold",
            type=int,
            default=THRESHOLD,
            help="firms below which a figure is hidden; never fewer",
        )
        parser.add_argument("--note", default="", help="what it corrects")

    def handle(
        self,
        *_args: object,
        fiscal_year: int,
        by: str,
        approved_by: str,
        note: str,
        threshold: int,
        **_options: object,
    ) -> None:
        if not 2000 <= fiscal_year <= 2100:
            raise CommandError(f"{fiscal_year} is no fiscal year.")
        if threshold < THRESHOLD:
            raise CommandError(f"A threshold below {THRESHOLD} would tell what is to be hidden.")
        known = {
            email: User.objects.filter(email=email, is_active=True).first()
            for email in (by, approved_by)
        }
        people = {email: person for email, person in known.items() if person is not None}
        if unknown := [email for email in known if email not in people]:
            raise CommandError(f"Nobody signs in as {', '.join(unknown)}.")
        try:
            release = building.publish(
                fiscal_year,
                by=people[by],
                approved_by=people[approved_by],
                note=note,
                threshold=threshold,
            )
        except Refused as refused:
            raise CommandError(" ".join(refused.reasons)) from refused
        rows = ", ".join(f"{name} {n}" for name, n in sorted(release.row_counts.items()))
        self.stdout.write(f"{release.number} sha256 {release.sha256}\n{rows}")
        for what, ours, book in release.checks:
            self.stdout.write(f"{what}: {ours:,} = {book:,}")
