"""How a pilot begins."""

from portal.accounts.models import User
from portal.workflow.door import begin
from startups.matching.models import Match
from startups.pilots.models import Pilot


def start_pilot(matches: list[Match], *, by: User) -> Pilot:
    """A pilot from agreed matches of one proposal to one challenge."""
    return begin(Pilot, by=by, matches=matches)
