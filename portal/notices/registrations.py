"""What this room fills in elsewhere."""

from portal import ports
from portal.notices.issue import empty, issue, load
from portal.workflow.ports import issue_notices


def register() -> None:
    ports.disposals.add("notices", empty)
    issue_notices.fill(issue)
    ports.loaders.add("notice", load)
