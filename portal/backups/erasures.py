"""What was erased is noted beside the backups, by numbers and keys alone: whatever a restore brings
back of it is erased again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.backups import journal
from portal.backups.ports import erasers
from portal.backups.shelves import Shelf
from portal.cases import retention
from portal.cases.models import Case
from portal.documents import store
from portal.documents.models import StoredFile
from portal.workflow.jobs import enqueue

NOTED = "erased"
AGAIN = gettext_noop("復元の前に消去していた記録を、もう一度消去しました")


def note_case(case: Case) -> None:
    """By each number it had: at the moment of a backup it may have been a draft."""
    _later(cases=[number for number in (case.number, case.draft_number) if number], keys=[])


def note_files(keys: Sequence[str]) -> None:
    _later(cases=[], keys=list(keys))


def _later(*, cases: list[str], keys: list[str]) -> None:
    """By a job of the same transaction: what is noted did happen, also while the storage is away."""
    if settings.BACKUPS:
        at = clock.now().isoformat()
        enqueue([("note_erasure", {"at": at, "cases": [*cases], "keys": [*keys]})])


def note(at: str, cases: list[str], keys: list[str]) -> None:
    journal.put(NOTED, {"at": at, "cases": [*cases], "keys": [*keys]})


@dataclass(frozen=True)
class Erased:
    """What was erased again: cases, files; and keys of files that rows of the moment still hold."""

    cases: list[str]
    files: int
    held: list[str]


def repeat(shelf: Shelf, moment: datetime) -> Erased:
    """Erase again whatever was erased since `moment`."""
    noted, keys = _noted(shelf, moment)
    cases = Case.objects.filter(number__in=noted, disposed_on=None).order_by("pk")
    # a restore gives numbers out again: who was opened later only bears the number of what was erased
    erased = [_erased(case) for case in cases if case.opened_at <= noted[case.number]]
    files = StoredFile.objects.filter(key__in=keys).order_by("pk")
    there = files.count()
    store.forget(files)
    held = list(files.values_list("key", flat=True))
    return Erased(erased, there - len(held), held)


def _erased(case: Case) -> str:
    if not any(erase(case) for erase in erasers.values()):
        retention.dispose(case, by=User.objects.system(), label=AGAIN)
    return case.number


def _noted(shelf: Shelf, moment: datetime) -> tuple[dict[str, datetime], set[str]]:
    """(number of a case → when it was erased last, keys of files)."""
    numbers: dict[str, datetime] = {}
    keys: set[str] = set()
    for noted in journal.since(shelf, NOTED, moment):
        numbers.update(dict.fromkeys(noted["cases"], datetime.fromisoformat(noted["at"])))
        keys.update(noted["keys"])
    return numbers, keys
