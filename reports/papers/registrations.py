"""What this room fills in elsewhere."""

from portal import ports
from reports.papers import archive, notice, report


def register() -> None:
    ports.notice_drawers.add("paper", notice.draw)
    ports.notice_drawers.add("report", report.draw)
    ports.case_files.add("answers", archive.answers)
    ports.case_files.add("notices", archive.notices)
