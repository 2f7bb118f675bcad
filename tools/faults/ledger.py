"""What people were told is done: a page that led on, a file that arrived. None of it may be missing."""

import hashlib
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from grants.applications.sections import Section
from grants.payments.models import Payment, PaymentBatch
from portal.audit.models import Event
from portal.cases.models import Case
from portal.documents.models import Document

Fact = tuple[str, ...]


class Ledger:
    def __init__(self) -> None:
        self.facts: dict[str, list[Fact]] = defaultdict(list)
        self.told: Counter[str] = Counter()
        self.lock = threading.Lock()

    def note(self, kind: str, *fact: str) -> None:
        """Somebody was told so."""
        with self.lock:
            self.facts[kind].append(fact)
            self.told[kind] += 1

    def missing(self) -> list[str]:
        """Of all that was told, what the portal does not know."""
        with self.lock:
            kept = {kind: list(facts) for kind, facts in self.facts.items()}
        return [
            f"{kind} {' '.join(fact)}"
            for kind, facts in kept.items()
            for fact in KINDS[kind](facts)
        ]

    def __len__(self) -> int:
        return sum(self.told.values())


def _drafts(facts: list[Fact]) -> Iterable[Fact]:
    rows = Case.objects.values_list("number", "draft_number")
    known = {number for row in rows for number in row}
    return [fact for fact in facts if fact[0] not in known]


def _sections(facts: list[Fact]) -> Iterable[Fact]:
    """A section as it was sent last; only its writer writes in it."""
    rows = Section.objects.values_list("application__case", "key", "data")
    known = {(str(case), key): str(data) for case, key, data in rows}
    return [fact for fact in facts if fact[2] not in known.get((fact[0], fact[1]), "")]


def _files(facts: list[Fact]) -> Iterable[Fact]:
    rows = Document.objects.values_list("case", "key", "file__sent_sha256")
    known = {(str(case), key, sent) for case, key, sent in rows}
    return [fact for fact in facts if fact not in known]


def _acts(facts: list[Fact]) -> Iterable[Fact]:
    """Each as often in the record as it was told: (subject, act)."""
    rows = Event.objects.filter(action__in={fact[1] for fact in facts})
    known = Counter(rows.values_list("subject", "action"))
    return [fact for fact, n in Counter(facts).items() if known[(fact[0], fact[1])] < n]


def _orders(facts: list[Fact]) -> Iterable[Fact]:
    known = {str(case) for case in Payment.objects.values_list("case", flat=True)}
    return [fact for fact in facts if fact[0] not in known]


def _sent_to_bank(facts: list[Fact]) -> Iterable[Fact]:
    """The file that was handed over is the one that is kept."""
    known = set(PaymentBatch.objects.values_list("pk", "sha256"))
    return [fact for fact in facts if (int(fact[0]), fact[1]) not in known]


KINDS: dict[str, Callable[[list[Fact]], Iterable[Fact]]] = {
    "draft": _drafts,
    "section": _sections,
    "file": _files,
    "act": _acts,
    "order": _orders,
    "file to the bank": _sent_to_bank,
}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
