"""Is a database with its files what the backup says, and whole? One line for each thing that was asked."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.management.base import OutputWrapper

from portal.audit import verifying
from portal.backups import copying, facts
from portal.backups.manifest import Kept, Manifest, differing
from portal.backups.ports import comparisons
from portal.cases import tallies, turns
from portal.documents import store
from portal.workflow import resealing
from portal.workflow.ports import sealed_columns

_SHOWN = 10


@dataclass(frozen=True)
class Said:
    """What was asked, and what is wrong with it ("": nothing)."""

    asked: str
    fault: str = ""


def said(asked: str, faults: list[str]) -> Said:
    more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
    return Said(asked, "; ".join(faults[:_SHOWN]) + more)


def tell(out: OutputWrapper, lines: Iterator[Said]) -> int:
    """Each line as it is found; how many of them name a fault."""
    faults = 0
    for line in lines:
        faults += bool(line.fault)
        out.write(f"FAULT {line.asked}: {line.fault}" if line.fault else f"  {line.asked}")
    return faults


def compared(manifest: Manifest) -> Iterator[Said]:
    kept = manifest.facts
    counts = facts.counts()
    yield said(f"{sum(counts.values())} rows", list(differing(kept.counts, counts)))
    yield said("sums of money", list(differing(kept.sums, facts.added_up())))
    yield Said(
        f"last seal {' '.join(kept.seal) or '(none)'}",
        "" if facts.last_seal() == kept.seal else "it is another one",
    )
    yield from is_whole()
    yield of_files(manifest)


def is_whole() -> Iterator[Said]:
    yield Said("audit chain, seals and kept rows", verifying.first_fault())
    counted = [] if tallies.is_exact() else ["turns or open cases are counted wrongly"]
    yield said("turns", [*turns.differing(), *counted])
    for name, fault in comparisons.items():
        yield Said(name, fault())
    yield said("sealed values, under the keys of this machine", list(_unreadable()))


def of_files(manifest: Manifest) -> Said:
    """Each object is read back."""
    wrong = [
        f"{kept.key}: {'changed' if found else 'missing'}"
        for kept, found in copying.in_threads(_hash_of, manifest.files)
        if found != kept.sha256
    ]
    return said(f"{len(manifest.files)} files read back", wrong)


def _hash_of(kept: Kept) -> str:
    return store.sha256_of(kept.key)


def _unreadable() -> Iterator[str]:
    for label in sealed_columns:
        if n := resealing.reseal(label, write=False).unreadable:
            yield f"{n} of {label} cannot be opened: is FIELD_KEY the one of then?"
