"""Background jobs by name, in the caller's transaction (procrastinate finds every room's `jobs`
module).
"""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from procrastinate import App, JobContext
from procrastinate.contrib.django import app
from procrastinate.middleware import AsyncCallNext
from procrastinate.worker import Worker

from portal import again, events, logs
from portal.events import Event
from portal.types import Json
from portal.workflow import sent_forms, stalled
from portal.workflow.ports import paper_drawn, papers


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


def enqueue(jobs: Iterable[tuple[str, dict[str, Json]]], *, priority: int | None = None) -> None:
    """Defer registered jobs (name, arguments), in order by name; they follow commit and rollback of
    the transaction they are called in.

    `priority`: the higher, the sooner; that of the job where none is given.
    """
    by_name: dict[str, list[dict[str, Json]]] = {}
    for name, arguments in jobs:
        by_name.setdefault(name, []).append(arguments)
    for name, given in by_name.items():
        numbers = app.configure_task(name, allow_unknown=False, priority=priority).batch_defer(
            *given
        )
        events.log(Event.JOB_QUEUED, job=name, first=numbers[0], rows=len(numbers))


def watch(ready: App) -> None:
    """Told by the settings, once every job is known."""
    ready.worker_defaults["worker_middleware"] = [noted]


async def noted(call_next: AsyncCallNext, context: JobContext, worker: Worker) -> object:
    """Around each job of a worker: its lines carry its number, and one that fails leaves one."""
    job, task = context.job, worker.app.tasks.get(context.job.task_name)
    with logs.during(f"job-{job.id}"):
        try:
            return await call_next()
        except Exception as error:
            retry = task is not None and task.get_retry_exception(exception=error, job=job)
            events.log(
                Event.JOB_RETRIED if retry else Event.JOB_FAILED,
                job=job.task_name,
                attempt=job.attempts + 1,
                code=type(error).__name__,
                fault=not retry,
            )
            raise


@app.task(name="draw_paper", retry=again.DRAWING)
def draw_paper(paper: str, row: int) -> None:
    """Draw a paper again that could not be drawn when it was asked for; nothing is kept but that it
    can be.
    """
    papers[paper](row)
    paper_drawn.value(paper, row)


@app.periodic(cron="27 * * * *")
@app.task(name="forget_sent_forms", retry=again.OFTEN, queueing_lock="forget_sent_forms")
def forget_sent_forms(timestamp: int) -> None:
    sent_forms.forget()


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="requeue_stalled", retry=again.OFTEN, queueing_lock="requeue_stalled", pass_context=True
)
async def requeue_stalled(context: JobContext, timestamp: int) -> None:
    """Jobs of a killed worker stay "doing": put back those whose worker no longer gives a sign of
    life.
    """
    for job in await context.app.job_manager.get_stalled_jobs():
        await stalled.put_back(context.app, job)
