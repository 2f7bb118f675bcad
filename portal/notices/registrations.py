"""What this room fills in elsewhere."""

from portal.cases.ports import disposals, loaders
from portal.notices.access import notice_for
from portal.notices.issue import empty, issue
from portal.workflow.ports import issue_notices


def register() -> None:
    loaders.add("notice", notice_for)

    issue_notices.fill(issue)

    disposals.add("notices", empty)
