"""How a request begins, and how it ends with its case."""

from datetime import date

from django.utils.translation import override

from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.ports import Private, private_texts
from portal.documents import store
from portal.workflow.door import begin
from reports.disclosure.grounds import PROPOSED
from reports.disclosure.masking import Marked, Span, lines_of, proposed, undecided
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
        open_yet = undecided(pieces)
        lines: list[Marked] = [
            (kind, text, _spans(n in open_yet, kind, text, known))
            for n, (kind, text) in enumerate(lines_of(pieces))
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
        undecided=sorted(set(open_yet.values())),
    )


def _spans(is_undecided: bool, kind: str, text: str, known: list[Private]) -> list[Span]:
    """What is being considered is withheld whole; what its rows are called is not."""
    if is_undecided and kind != "label" and text:
        return [(0, len(text), PROPOSED["undecided"])]
    return proposed(text, known)


def forget_of(case: Case) -> None:
    """The copies go with their case; their hashes stay."""
    for row in case.disclosures.exclude(file=None).select_related("file"):
        file, row.file = row.file, None
        row.save(update_fields=["file"])
        if file is not None:
            store.forget([file])
