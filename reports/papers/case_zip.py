"""What was handed in with an application and the notices of a case, as papers, for its ZIP."""

from collections.abc import Callable
from functools import partial

from django.utils.translation import gettext as _

from grants.applications.answers import parts as answer_rows
from grants.applications.turns import application_of
from grants.applications.versions import ApplicationVersion
from portal import sheets
from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case
from portal.documents.reading import readable
from portal.workflow.papers import drawn
from reports.papers import application
from reports.papers.notice import draw

Files = list[tuple[str, Callable[[], bytes]]]


def notices(case: Case, user: User) -> Files:
    if not visibility.reads(user, case, visibility.WORKERS):
        return []
    rows = case.notices.select_related("case")
    return [
        (
            f"notices/{notice.pk}_{notice.title}.pdf",
            partial(drawn, "notice", notice, partial(draw, notice)),
        )
        for notice in rows
    ]


def answers(case: Case, user: User) -> Files:
    """The answers of the last version that was handed in, as the person may read them:
    to print, and for a spreadsheet.
    """
    found = application_of.first(case)
    version = found.last_version if found is not None else None
    if found is None or version is None:
        return []
    rows = _rows(version, user)
    name = f"answers/{case.number}"
    return [
        (
            f"{name}.pdf",
            partial(drawn, "answers", version, partial(application.draw, version, rows)),
        ),
        (f"{name}.csv", partial(sheets.csv_bytes, [(_("項目"), _("答え")), *rows])),
    ]


def _rows(version: ApplicationVersion, user: User) -> list[tuple[str, str]]:
    case = version.application.case
    parts = answer_rows(version.application, version.readable_by(user), list(readable(case, user)))
    return [(str(part["label"]), str(part["text"])) for part in parts]


def answers_anew(pk: int) -> bytes:
    """The answers of a version as the portal itself reads them."""
    version = ApplicationVersion.objects.get(pk=pk)
    return application.draw(version, _rows(version, User.objects.system()))
