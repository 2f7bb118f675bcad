"""Jobs of this room."""

from procrastinate.contrib.django import app

from portal import again
from portal.bulk import running
from portal.bulk.models import Bulk


@app.task(name="carry_on", retry=again.DATABASE)
def carry_on(bulk: int) -> None:
    """What is left of an act on many cases."""
    for found in Bulk.objects.select_related("person").filter(pk=bulk):
        running.carry_on(found)
