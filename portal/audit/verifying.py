"""Is the record whole: every kind of check, one after the other, and what each run found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.audit import rows, sealing
from portal.audit.models import Event, Payload, Print, Seal, Verification
from portal.audit.ports import faults
from portal.types import Text

if TYPE_CHECKING:
    from portal.types import User

LONGEST = timedelta(hours=1)  # a run that has not ended by then is not waited for


@dataclass(frozen=True)
class Check:
    """A kind of check: what it asks, over how many, and its first fault ("": none)."""

    label: Text
    asks: Text
    count: Callable[[], int]
    first_fault: Callable[[], str]


CHECKS = {
    "chains": Check(
        _lazy("出来事"),
        _lazy("1件ずつ前のものに続き、内容も理由も書かれたときのままか"),
        lambda: Event.objects.count(),
        sealing.fault_of_chains,
    ),
    "seals": Check(
        _lazy("日ごとの封印"),
        _lazy("公開した封印のときと同じ記録か"),
        lambda: Seal.objects.count(),
        sealing.fault_of_seals,
    ),
    "rows": Check(
        _lazy("書き換えない表の行"),
        _lazy("書き込まれたときのままで、抜けたものも割り込んだものもないか"),
        lambda: Print.objects.filter(kept__in=rows.tables()).count(),
        rows.fault_of_rows,
    ),
    "prints": Check(
        _lazy("行の控え"),
        _lazy("封印に含めた控えと同じか"),
        lambda: Event.objects.filter(chain=rows.CHAIN).count(),
        rows.fault_of_prints,
    ),
    "erasures": Check(
        _lazy("消去した内容"),
        _lazy("保存年限が過ぎて廃棄した案件のものだけか"),
        lambda: Payload.objects.exclude(erased_at=None).count(),
        rows.fault_of_erasures,
    ),
    "sums": Check(
        _lazy("たがいに合うはずの数と文"),
        _lazy("予算の帳簿、申請の版、選定の記録が、もとの行と合うか"),
        lambda: len(list(faults.items())),
        rows.fault_of_sums,
    ),
}


def first_fault() -> str:
    """The first broken place, as a sentence, or "" when every chain, payload, head, seal and kept
    row is whole.
    """
    return next((fault for check in CHECKS.values() if (fault := check.first_fault())), "")


def ask(*, by: User | None) -> Verification:
    """Somebody wants to know; a worker looks."""
    return Verification.objects.create(asked_at=clock.now(), asked_by=by)


def is_under_way() -> bool:
    since = clock.now() - LONGEST
    return Verification.objects.filter(ended_at=None, asked_at__gt=since).exists()


def run(asked: Verification) -> Verification:
    """Ask every kind of check, and keep what each found."""
    asked.found = [
        {"kind": name, "count": check.count(), "fault": check.first_fault()}
        for name, check in CHECKS.items()
    ]
    asked.ended_at = clock.now()
    asked.save(update_fields=["found", "ended_at"])
    return asked


@dataclass(frozen=True)
class Found:
    """What one kind of check found in a run."""

    check: Check
    count: int
    fault: str


def told(done: Verification) -> Iterator[Found]:
    """What a run found, kind by kind, in their order."""
    for row in done.findings:
        yield Found(CHECKS[row["kind"]], row["count"], row["fault"])
