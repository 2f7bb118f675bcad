"""Who begins a roll-out, and how."""

from portal.accounts.models import User
from portal.registry.models import Municipality
from portal.types import Visitor
from portal.workflow.door import begin
from startups.pilots.models import Pilot
from startups.pilots.states import PilotState
from startups.rollouts.models import OWNER, Rollout


def start_rollout(
    pilot: Pilot, municipality: Municipality, *, department: str, by: User
) -> Rollout:
    return begin(Rollout, by=by, pilot=pilot, municipality=municipality, department=department)


def may_begin(user: Visitor, pilot: Pilot) -> bool:
    """May this person open a roll-out?

    A challenge owner of any municipality may, on this one's evidence.
    """
    return bool(
        user.is_authenticated
        and user.is_office
        and pilot.state == PilotState.EVALUATED
        and user.has_role(*OWNER.roles)
    )
