"""What the web processes count, as Prometheus reads it.

Labels are words of ours: names of addresses, methods, classes of status, events. Nothing that
anybody sent is among them, and there is an end to their number.
"""

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

TOGETHER = "PROMETHEUS_MULTIPROC_DIR"  # where the processes of a gunicorn count (gunicorn.conf.py)
METHODS = ("GET", "HEAD", "POST")
OTHER, NO_ROUTE = "other", "none"

_own = CollectorRegistry()  # without what the library tells of the process
_requests = Counter(
    "portal_requests", "Requests that were answered.", ["route", "method", "status"], registry=_own
)
_seconds = Histogram(
    "portal_request_seconds",
    "Seconds until an answer begins, from the moment a thread took the request.",
    ["route"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
    registry=_own,
)
_waited = Histogram(
    "portal_request_waited_seconds",
    "Seconds for which a request that had arrived waited for a thread.",
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 30),
    registry=_own,
)
_events = Counter("portal_events", "Lines of the log of web processes.", ["event"], registry=_own)


def request(*, route: str, method: str, status: int, seconds: float, waited: float) -> None:
    """`route`: the name of the address; empty for a file of ours and for none."""
    of = route or NO_ROUTE
    _requests.labels(of, method if method in METHODS else OTHER, f"{status // 100}xx").inc()
    _seconds.labels(of).observe(seconds)
    _waited.observe(max(0.0, waited))


def expect(event: str) -> None:
    """It has not happened yet: a counter that begins with its first event shows no rise."""
    _events.labels(event)


def event(name: str) -> None:
    _events.labels(name).inc()


def said() -> bytes:
    """Of all processes that count together, of those that ended too."""
    folder = os.environ.get(TOGETHER)
    if not folder:
        return generate_latest(_own)
    whole = CollectorRegistry()
    MultiProcessCollector(whole, folder)  # type: ignore[no-untyped-call]
    return generate_latest(whole)
