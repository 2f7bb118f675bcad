"""What this room fills in elsewhere."""

from grants.applications.ports import draw_application
from grants.reviews.ports import draw_record
from portal.approvals.ports import draw_document
from portal.cases.ports import case_files
from portal.firms.ports import draw_letters
from portal.notices.ports import draw_notice
from portal.privacy.ports import draw_answer
from portal.ui.ports import cannot_draw
from portal.workflow.ports import papers
from reports.papers import case_zip, data_answer, fonts, notice, proof_letter, report
from startups.rollouts.ports import draw_report


def register() -> None:
    case_files.add("answers", case_zip.answers)
    case_files.add("notices", case_zip.notices)

    papers.add("answers", case_zip.answers_anew)
    cannot_draw.fill(fonts.missing)
    draw_application.fill(report.draw)
    draw_answer.fill(data_answer.draw)
    draw_document.fill(report.draw)
    draw_letters.fill(proof_letter.draw)
    draw_notice.fill(notice.draw)
    draw_record.fill(report.draw)
    draw_report.fill(report.draw)
