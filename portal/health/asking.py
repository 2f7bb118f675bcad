"""What the probes answer, for the pages of health and for the metrics.

An answer serves for some seconds, so that whoever asks often costs no more; while one thread asks,
others read what was found last, so that a part that hangs takes one thread and not all.
"""

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

from portal import events, outage
from portal.events import Event
from portal.health.ports import Figures, Probe, probes

OK, AWAY, UNKNOWN = "ok", "away", "unknown"
DATABASE = "database"  # the probe without which no other of the database is asked


@dataclass(frozen=True)
class Answer:
    """`word`: "ok", or what is wrong."""

    word: str
    figures: Figures = field(default_factory=dict)
    at: float = field(default_factory=time.monotonic)

    @property
    def is_red(self) -> bool:
        return self.word != OK

    @property
    def age(self) -> float:
        return time.monotonic() - self.at


class _Kept:
    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.answer: Answer | None = None


_kept: defaultdict[str, _Kept] = defaultdict(_Kept)  # by probe: what this process knows


def forget() -> None:
    """Let each be asked anew."""
    _kept.clear()


def answers(*, of_visitors: bool = False) -> dict[str, Answer]:
    """Of every probe, or of those alone that decide whether visitors are sent here."""
    found: dict[str, Answer] = {}
    for name, probe in probes.items():
        if of_visitors and not probe.of_visitors:
            continue
        is_cut_off = probe.asks_database and name != DATABASE and answer(DATABASE).is_red
        found[name] = Answer(UNKNOWN) if is_cut_off else answer(name)
    return found


def answer(name: str) -> Answer:
    probe, kept = probes[name], _kept[name]
    last = kept.answer
    if last is not None and last.age < probe.kept:
        return last
    if not kept.turn.acquire(blocking=False):
        return last or Answer(UNKNOWN)
    try:
        found = kept.answer = _ask(name, probe)
    finally:
        kept.turn.release()
    return found


def _ask(name: str, probe: Probe) -> Answer:
    try:
        figures = probe.ask()
    except outage.AWAY:
        return Answer(AWAY)
    except Exception:  # a fault of ours hides nothing else
        events.log(Event.PROBE_FAILED, fault=True, probe=name)
        return Answer(UNKNOWN)
    whole = {
        (metric, value): float(figures.get((metric, value), 0.0))
        for metric in probe.metrics
        for value in probe.values()
    }
    return Answer(judged(probe, whole), whole)


def judged(probe: Probe, figures: Figures) -> str:
    """ "ok", or the words of what lies beyond its bounds."""
    words = [
        probe.metrics[metric].word
        for (metric, _value), figure in figures.items()
        if probe.metrics[metric].is_red(figure)
    ]
    return " ".join(dict.fromkeys(words)) or OK
