"""What the page of a pilot's case shows of roll-outs."""

from django.db.models import Exists, OuterRef

from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case
from portal.types import Context
from startups.pilots.states import PilotState
from startups.rollouts.models import Rollout


def of_case(case: Case, user: User) -> Context | None:
    """On the pilot's case: every municipality's roll-out from it."""
    if case.kind != "pilot" or case.state != PilotState.EVALUATED:
        return None
    seen = Exists(Case.objects.visible_to(user).filter(pk=OuterRef("case")))
    rows = (
        Rollout.objects.filter(pilot__case=case)
        .select_related("municipality", "case")
        .annotate(seen=seen)
    )
    may = visibility.sees_as(user, case, "challenge_owner")
    return {"rows": [(row, row.seen) for row in rows], "may": may, "case": case}
