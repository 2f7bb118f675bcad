"""What whoever runs the portal watches of calls: `portal.health.ports`."""

from datetime import timedelta

from grants.programmes.models import Call, CallQuerySet, IntakePeriod
from grants.programmes.states import CallState
from portal import clock
from portal.health.ports import Figures, Metric, Probe

CLOSING = "portal_calls_closing"
SOON = timedelta(days=1)


def closing() -> CallQuerySet:
    """Those of which an intake period ends within a day."""
    now = clock.now()
    periods = IntakePeriod.objects.filter(closes_at__gte=now, closes_at__lt=now + SOON)
    return Call.objects.filter(state=CallState.ANNOUNCED, pk__in=periods.values("call"))


def _calls() -> Figures:
    return {(CLOSING, ""): closing().count()}


PROBES = {
    "calls": Probe(
        metrics={CLOSING: Metric(says="calls of which an intake ends within a day")}, ask=_calls
    )
}
