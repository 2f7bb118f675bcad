"""What this room fills in elsewhere."""

from portal import ports
from portal.notices.issue import empty, issue, load


def register() -> None:
    ports.disposals.add("notices", empty)
    ports.issue_notice.add("notices", issue)
    ports.loaders.add("notice", load)
