"""What this room fills in elsewhere."""

from portal.cases.ports import disposals, loaders
from portal.notices.issue import empty, issue, load
from portal.workflow.ports import issue_notices


def register() -> None:
    loaders.add("notice", load)

    issue_notices.fill(issue)

    disposals.add("notices", empty)
