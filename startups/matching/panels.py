"""What the case page shows of matches, and how far along its road the proposal is."""

from collections.abc import Callable

from grants.applications.states import READY
from grants.applications.turns import application_of
from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.cases.models import Case
from portal.together import Ask
from portal.types import Context, Text
from portal.workflow import duties
from portal.workflow.door import actions
from startups.matching.access import reads_record
from startups.matching.models import Match, not_yet
from startups.matching.starting import STARTERS
from startups.matching.turns import matches_of


def of_case(case: Case, user: User) -> Context | None:
    """Each match with its buttons; the record of the interview for the office of its municipality
    alone.
    """
    application = application_of.first(case)
    if application is None or application.stated.kind != "proposal":
        return None
    rows = matches_of.all(case)
    may_start = (
        not rows and application.state in READY and not office(*STARTERS).reasons(user, application)
    )
    if not rows and not may_start:
        return None
    for row in rows:
        row.case, row.application = case, application
    live = [subject for row in rows if row.is_live for subject in row.duty_subjects()]
    known = duties.done(user, live) if live else None
    return {
        "case": case,
        "may_start": may_start,
        "not_yet": not_yet(application) if may_start else [],
        "rows": [
            {
                "match": row,
                "actions": actions(user, row, known if row.is_live else None),
                "inside": reads_record(user, row),
            }
            for row in rows
        ],
    }


def reached(case: Case) -> tuple[int, Text] | None:
    """How far along a proposal in matching is."""
    live = [row for row in matches_of.all(case) if row.is_live]
    return (3, live[0].info.applicant) if live else None


def duty_subjects(ask: Ask, case: Case) -> Callable[[], list[tuple[Text, str]]]:
    """Its matches, by municipality."""
    rows = ask(Match.objects.filter(case=case).select_related("municipality"))
    return lambda: [(str(match.municipality), match.subject_key) for match in rows]
