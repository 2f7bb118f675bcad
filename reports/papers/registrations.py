"""What this room fills in elsewhere."""

from portal import ports
from portal.cases.ports import case_files
from reports.papers import archive, notice, report


def register() -> None:
    ports.notice_drawers.add("paper", notice.draw)
    ports.notice_drawers.add("report", report.draw)
    case_files.add("answers", archive.answers)
    case_files.add("notices", archive.notices)
