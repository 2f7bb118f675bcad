"""Days of which daily work is still to be done: today, and those on which no worker was there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from portal import clock
from portal.workflow.models import DoneUntil

MOST = 7  # days: what is older than that helps nobody any more


@contextmanager
def days_of(work: str) -> Iterator[date]:
    """The day before the first that is to be looked at; once the block has come to its end, today
    counts as done.
    """
    today = clock.today()
    last = DoneUntil.objects.filter(work=work).values_list("day", flat=True).first()
    yield begins_after(last, today)
    DoneUntil.objects.update_or_create(work=work, defaults={"day": today})


def begins_after(last: date | None, today: date) -> date:
    """Today is always looked at again, since work may have stopped halfway; where nothing was ever
    done, it alone.
    """
    yesterday = today - timedelta(days=1)
    if last is None:
        return yesterday
    return max(min(last, yesterday), today - timedelta(days=MOST))
