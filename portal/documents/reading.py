"""Which documents of a case a person may read: one rule for lists, pages, originals, images and the
ZIP.
"""

from django.db.models import F, Q, QuerySet

from portal.accounts.models import StaffRole, User
from portal.cases import visibility
from portal.cases.models import Case
from portal.documents.models import Document
from portal.documents.ports import file_names, open_files


def readable(case: Case, user: User) -> QuerySet[Document]:
    """The documents of a case that the person sees: the office's own records only for those who work
    on it, and of the others what each room leaves open (`open_files`). The office also reads, last,
    what was handed in and taken out since.
    """
    left_open = [narrowed(user, case) for narrowed in open_files.values()]
    rows = Document.objects.kept() if user.is_office else Document.objects.live()
    rows = rows.filter(*left_open, case=case).select_related("file")
    rows = rows.order_by(F("removed_at").asc(nulls_first=True), "key", "uploaded_at", "pk")
    inside = user.is_office and visibility.reads(user, case, visibility.WORKERS)
    return rows if inside else rows.filter(internal=False)


def received(user: User, written: Q) -> Q:
    """Of files that are handed in as a whole (`written`), what a reader is left: the office reads those
    that were, and what it brought itself, not what somebody is writing.
    """
    if not user.is_office:
        return Q()
    brought = Q(uploaded_by__in=StaffRole.objects.values("person"))
    return ~written | Q(frozen=True) | Q(internal=True) | brought


def shown(case: Case, user: User) -> list[Document]:
    """Those, under the names that this person may read."""
    documents = list(readable(case, user))
    for rename in file_names.values():
        rename(user, case, documents)
    return documents
