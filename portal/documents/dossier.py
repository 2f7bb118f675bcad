"""What is bound into the whole of a case of its documents: their list, and each of them."""

from functools import partial

from portal.accounts.models import User
from portal.cases.dossier import listed
from portal.cases.models import Case
from portal.cases.ports import DossierPaper, Section
from portal.documents import store
from portal.documents.models import Document
from portal.documents.reading import readable
from portal.ui.templatetags import ui


def catalogue(case: Case, user: User) -> list[Section]:
    """Every document with its hash, also those that no scanner has passed yet."""
    rows = [
        (f"書類{n}", _described(document))
        for n, document in enumerate(readable(case, user).select_related("uploaded_by"), 1)
    ]
    return listed("書類の一覧", rows)


def _described(document: Document) -> str:
    file = document.file
    pages = f"　{file.pages}ページ" if file.pages else ""
    by = f"{ui.short_moment(document.uploaded_at)}　{document.uploaded_by.name}"
    return (
        f"{_titled(document)}\n{by}\n{file.size:,}バイト{pages}"
        f"{'' if file.is_open_to_others else '　検査待ち（綴じ込んでいません）'}\nSHA-256 {file.sha256}"
    )


def _titled(document: Document) -> str:
    return f"{document.name}{'（以前の版）' if document.is_earlier else ''}"


def papers(case: Case, user: User) -> list[DossierPaper]:
    return [
        DossierPaper(
            key=f"document:{document.pk}",
            title=_titled(document),
            name=document.download_name,
            content_type=document.file.content_type,
            sha256=document.file.sha256,
            make=partial(store.read, document.file),
            file_id=document.file_id,
        )
        for document in readable(case, user)
        if document.file.is_open_to_others
    ]
