"""What the whole of a case holds for one person, in the order of the work."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case
from portal.cases.ports import DossierPaper, Section, dossier_parts

ORDER = (
    "overview",
    "application",
    "checks",
    "scores",
    "approvals",
    "award",
    "completion",
    "payments",
    "recovery",
    "followup",
    "seats",
    "matches",
    "pilot",
    "rollout",
    "notices",
    "messages",
    "documents",
    "log",
    "readings",
)


@dataclass(frozen=True)
class Piece:
    """A part with what is written in it, and what is bound in after that."""

    label: str
    sections: Sequence[Section]
    papers: Sequence[DossierPaper]


def pieces(case: Case, user: User) -> list[Piece]:
    """The parts that say something and that this person may read. Asked in Japanese."""
    found = []
    for name in ORDER:
        part = dossier_parts[name]
        if not visibility.reads(user, case, part.readers):
            continue
        sections = part.sections(case, user) if part.sections else []
        papers = part.papers(case, user) if part.papers else []
        if sections or papers:
            found.append(Piece(part.label, sections, papers))
    return found
