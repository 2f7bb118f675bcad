"""Jobs of this room."""

from django.db import transaction
from procrastinate.contrib.django import app

from grants.recovery.models import Reckoned, Recovery
from portal import again, clock

KEPT = ("left", "surcharge", "arrears", "fees", "paid")
AT_ONCE = 200  # returns in one transaction


@app.periodic(cron="5 15 * * *")  # 00:05 in Sapporo
@app.task(name="reckon_returns", retry=again.DAILY, queueing_lock="reckon_returns")
def reckon_returns(timestamp: int) -> None:
    """What is left today of each return that is owed."""
    last = 0
    while keys := _some_after(last):
        last = keys[-1]


@transaction.atomic
def _some_after(last: int) -> list[int]:
    """Reckons some, and says which were looked at. One that somebody is writing is left out: it would be
    forgotten again; whoever writes one later waits for the row, and then forgets it.
    """
    today = clock.today()
    rows = Recovery.objects.owed().exclude(reckoned__on=today).filter(pk__gt=last)
    keys = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    free = Recovery.objects.filter(pk__in=keys).select_for_update(skip_locked=True, no_key=True)
    held = [recovery.pk for recovery in free]
    Reckoned.objects.bulk_create(
        (
            Reckoned(recovery=one, on=today, next_due=one.next_due, **_kept(one.owed(today)))
            for one in Recovery.objects.for_sums().filter(pk__in=held)
        ),
        update_conflicts=True,
        unique_fields=["recovery"],
        update_fields=["on", "next_due", *KEPT],
    )
    return keys


def _kept(owed: dict[str, int]) -> dict[str, int]:
    return {name: owed[name] for name in KEPT}
