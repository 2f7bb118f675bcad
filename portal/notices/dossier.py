"""What is bound into the whole of a case of its notices."""

from functools import partial

from portal.accounts.models import User
from portal.cases.dossier import listed
from portal.cases.models import Case
from portal.cases.ports import DossierPaper, Section
from portal.documents.kinds import PDF
from portal.notices.access import open_to
from portal.notices.models import Notice
from portal.notices.paper import paper_of
from portal.ui.templatetags import ui


def _rows(case: Case, user: User) -> list[Notice]:
    """The oldest first; without what a case whose time is over has forgotten."""
    rows = case.notices.exclude(facts={}).select_related("case", "file").order_by("issued_at", "pk")
    return open_to(user, case, rows)


def catalogue(case: Case, user: User) -> list[Section]:
    rows = [
        (notice.number, f"{notice.title}　{ui.full_day(notice.issued_at)}　{notice.stage[1]}")
        for notice in _rows(case, user)
    ]
    return listed("発行した通知書", rows)


def papers(case: Case, user: User) -> list[DossierPaper]:
    return [
        DossierPaper(
            key=f"notice:{notice.pk}",
            title=f"{notice.title}　{notice.number}",
            name=f"{notice.title}_{notice.pk}.pdf",
            content_type=PDF,
            sha256=notice.file.sha256 if notice.file else "",
            make=partial(paper_of, notice),
            file_id=notice.file_id,
        )
        for notice in _rows(case, user)
    ]
