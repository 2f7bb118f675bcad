"""What is offered to firms."""

from grants.programmes import catalogue
from grants.programmes.models import Call
from grants.programmes.states import CallState
from portal import clock


def offered() -> list[Call]:
    """Calls of the public list that take applications now, or will; those that close first, first."""
    rows = catalogue.public().filter(state=CallState.ANNOUNCED, periods__closes_at__gte=clock.now())
    found = rows.distinct().select_related("programme").prefetch_related("periods")
    return sorted(found, key=lambda call: (call.next_period is not None, call.closes_at, call.pk))
