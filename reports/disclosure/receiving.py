"""How a request begins, and how it ends with its case."""

from datetime import date

from django.utils.translation import override

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.ports import private_texts
from portal.documents import store
from portal.workflow.door import begin
from reports.disclosure.masking import Marked, lines_of, proposed
from reports.disclosure.models import Disclosure
from reports.disclosure.sheets import enclosed
from reports.dossiers import contents


def receive(
    case: Case, *, by: User, request_number: str, asked: str, received_on: date
) -> Disclosure:
    """Take what is written in the case now, with what the rooms know to be not for everybody marked."""
    with override("ja"):
        known = [text for room in private_texts.values() for text in room(case)]
        pieces = contents.pieces(case, by)
        lines: list[Marked] = [
            (kind, text, proposed(text, known)) for kind, text in lines_of(pieces)
        ]
    return begin(
        Disclosure,
        by=by,
        case=case,
        request_number=request_number,
        asked=asked,
        received_on=received_on,
        lines=lines,
        files=enclosed(pieces),
    )


def forget_of(case: Case) -> None:
    """The copies go with their case; their hashes stay."""
    for row in case.disclosures.exclude(file=None).select_related("file"):
        file, row.file = row.file, None
        row.save(update_fields=["file"])
        if file is not None:
            store.forget([file])
