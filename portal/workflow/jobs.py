"""Background jobs by name, in the caller's transaction (procrastinate finds every room's `jobs`
module).
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from procrastinate import JobContext
from procrastinate.contrib.django import app

from portal.types import Json


@contextmanager
def undisturbed() -> Iterator[None]:
    """Pause the search for reference cycles while many rows are built: it takes a sixth of the time
    and finds next to nothing.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def enqueue(jobs: Iterable[tuple[str, dict[str, Json]]]) -> None:
    """Defer registered jobs (name, arguments), in order by name; they follow commit and rollback of
    the transaction they are called in.
    """
    by_name: dict[str, list[dict[str, Json]]] = {}
    for name, arguments in jobs:
        by_name.setdefault(name, []).append(arguments)
    for name, given in by_name.items():
        app.configure_task(name, allow_unknown=False).batch_defer(*given)


@app.periodic(cron="*/10 * * * *")
@app.task(name="requeue_stalled", queueing_lock="requeue_stalled", pass_context=True)
async def requeue_stalled(context: JobContext, timestamp: int) -> None:
    """Jobs of a killed worker stay "doing": put back those whose worker no longer gives a sign of
    life.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
