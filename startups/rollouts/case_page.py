"""What both sides see of a roll-out on its case page."""

from django.http import Http404

from portal.accounts.models import User
from portal.cases.models import Case
from portal.types import Context
from portal.workflow.door import actions
from startups.rollouts.models import OWNER
from startups.rollouts.road import drawn
from startups.rollouts.states import BEFORE_CONTRACT
from startups.rollouts.turns import rollout_of


def both(case: Case, user: User) -> Context:
    rollout = rollout_of.first(case)
    if rollout is None:
        raise Http404
    rollout.case = case
    return {
        "subject": rollout,
        "rollout": rollout,
        "pilot": rollout.pilot,
        "say": rollout.info.say,
        "actions": actions(user, rollout),
        "notices": list(case.notices.all()),
        "confirmed": rollout.confirmed,
        "may_confirm": user.is_office
        and rollout.state in BEFORE_CONTRACT
        and not OWNER.reasons(user, rollout),
        **drawn(rollout.road),
        "answers": list(rollout.answers.all()),
    }
