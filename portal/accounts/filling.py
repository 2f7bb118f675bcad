"""How far the demonstration's fictitious year has been filled in: kept with its rows, told on every
page until it is whole.
"""

from django.conf import settings
from django.http import HttpRequest

from portal import clock
from portal.accounts.models import Demonstration
from portal.types import Context

_over = False  # for this process: nothing is being filled any more, so no page asks again


def current() -> Demonstration | None:
    """The demonstration that is being filled in; None where there is none, or it is whole."""
    global _over
    if _over or not settings.DEMO:
        return None
    found = Demonstration.objects.order_by("-pk").first()
    if found is None or found.finished_at is not None:
        _over = True
        return None
    return found


def banner(request: HttpRequest) -> Context:
    """For every page's frame."""
    return {"filling": current()}


def begin(*, seed: int, cases: int) -> Demonstration:
    return Demonstration.objects.create(seed=seed, cases=cases, began_at=clock.now())


def note(row: Demonstration, *, step: int, percent: int, memory: dict[str, object]) -> None:
    """Keep that `step` steps are done, and what the next needs to know."""
    row.step, row.percent, row.memory = step, percent, memory
    row.save(update_fields=["step", "percent", "memory"])


def finish(row: Demonstration) -> None:
    row.percent, row.finished_at, row.memory = 100, clock.now(), {}
    row.save(update_fields=["percent", "finished_at", "memory"])
