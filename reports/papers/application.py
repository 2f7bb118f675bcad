"""What was handed in with an application, on paper:
every question with its answer, as the reader may read it.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from reportlab.lib.units import mm

from grants.applications.models import ApplicationVersion
from portal.ui.templatetags import ui
from reports.papers.sheet import LEADING, LEFT, RIGHT, SIZE, WIDTH, Sheet, wrap

Answers = Iterable[tuple[str, str]]
_TEXT_X = LEFT + 12.3 * SIZE  # where the answers begin, beside their questions


class Form(Sheet):
    """The sheets of one version, with the case's number and n／m at the foot of each."""

    low = 30 * mm

    def __init__(self, version: ApplicationVersion) -> None:
        self.case = version.application.case
        super().__init__(f"{version.application.words.noun} {self.case.number}")

    def foot(self, page: int, pages: int) -> None:
        keep, self.y = self.y, 20 * mm
        self.text(LEFT, self.case.number, size=8.5)
        self.text(WIDTH - RIGHT, f"{page}／{pages}", size=8.5, align="right")
        self.y = keep


def draw(version: ApplicationVersion, answers: Answers) -> bytes:
    """The PDF of a version: its answers as (question, answer)."""
    sheet, application = Form(version), version.application
    sheet.text(
        WIDTH / 2,
        _("%(noun)sの内容") % {"noun": application.words.noun},
        size=14,
        align="center",
        bold=True,
    )
    sheet.down(LEADING * 1.8)
    for line in (application.case.organisation.name, str(application.call)):
        sheet.block(LEFT, WIDTH - LEFT - RIGHT, line)
    handed_in = _("受付番号 %(number)s　第%(n)s版　%(at)s提出")
    said = {
        "number": application.case.number,
        "n": version.n,
        "at": ui.short_moment(version.submitted_at),
    }
    sheet.block(LEFT, WIDTH - LEFT - RIGHT, handed_in % said, size=9.5)
    sheet.down(LEADING * 0.5)
    for label, text in answers:
        _answer(sheet, label, text)
    return sheet.done()


def _answer(sheet: Sheet, label: str, text: str) -> None:
    """A question with its answer beside it; both go on where the page turns."""
    labels, rows = wrap(label, 11.3 * SIZE), wrap(text, WIDTH - RIGHT - _TEXT_X)
    for k in range(max(len(labels), len(rows))):
        if k < len(labels):
            sheet.text(LEFT, labels[k])
        if k < len(rows):
            sheet.text(_TEXT_X, rows[k])
        sheet.down()
    sheet.down(LEADING * 0.3)
