"""One answer for Prometheus of two parts: what the processes counted, and what the probes say now.

The library's way for several processes knows no figures that are asked for at the moment, so each
part has a registry of its own.
"""

import threading
import time
from collections.abc import Iterator

from prometheus_client import generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from portal import counting
from portal.health import asking
from portal.health.ports import probes

KEPT = 10.0  # seconds


class _Probes(Collector):
    """Each metric of each probe, and which probes are red."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        answers = asking.answers()
        red = GaugeMetricFamily("portal_probe_red", "1 where health is red.", labels=["probe"])
        for name, answer in answers.items():
            red.add_metric([name], float(answer.is_red))
        yield red
        for name, probe in probes.items():
            label = [probe.label] if probe.label else []
            figures = answers[name].figures
            for metric, told in probe.metrics.items():
                family = GaugeMetricFamily(metric, f"{told.says}.", labels=label)
                for value in probe.values():
                    if (metric, value) in figures:
                        family.add_metric([value] if label else [], figures[metric, value])
                yield family


class _Kept:
    """What was answered last, and when."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.text, self.at = b"", -KEPT

    def __call__(self) -> bytes:
        if time.monotonic() < self.at + KEPT:
            return self.text
        if not self.turn.acquire(blocking=not self.text):
            return self.text  # somebody asks just now
        try:
            self.text = counting.said() + generate_latest(_Probes())
            self.at = time.monotonic()
        finally:
            self.turn.release()
        return self.text


_kept = _Kept()


def answer() -> bytes:
    """As Prometheus reads it; the same for some seconds, so that asking often costs no more."""
    return _kept()


def forget() -> None:
    """Let the next answer be made anew."""
    _kept.text, _kept.at = b"", -KEPT
    asking.forget()
