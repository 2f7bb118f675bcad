"""Background jobs by name, in the caller's transaction (procrastinate finds every room's `jobs` module)."""

from typing import Any

from procrastinate.contrib.django import app


def enqueue(name: str, **arguments: Any) -> None:
    """Defer a registered job; it follows commit and rollback of the transaction it is called in."""
    app.configure_task(name, allow_unknown=False).defer(**arguments)


@app.periodic(cron="*/10 * * * *")
@app.task(name="requeue_stalled", queueing_lock="requeue_stalled", pass_context=True)
async def requeue_stalled(context: Any, timestamp: int) -> None:
    """Jobs of a killed worker stay "doing": put back those whose worker no longer gives a sign of life."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        await manager.retry_job(job)
