"""Jobs whose worker died under them: begun again, but for one that it may have died of."""

from procrastinate import App
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Job, Status

from portal import events
from portal.again import Kind
from portal.events import Event

LIVES = 3  # times; a worker also dies of a restart, or of what another of its jobs does


async def put_back(app: App, job: Job) -> None:
    """Whatever becomes of one, the others are put back as well."""
    try:
        if job.attempts < tries_of(app, job):
            await _again(app, job)
        else:
            await _end(app, job)
    except ConnectorException as fault:  # its worker lived after all, and ended it meanwhile
        events.log(Event.JOB_RETRIED, job=job.task_name, code=type(fault).__name__)


def tries_of(app: App, job: Job) -> int:
    """How often it is begun again after its worker died: at least LIVES times."""
    task = app.tasks.get(job.task_name)
    kind = task.retry_strategy if task is not None else None
    return max(LIVES, kind.times) if isinstance(kind, Kind) else LIVES


async def _again(app: App, job: Job) -> None:
    """Where its next turn waits already, that one does it: this one stands as failed until then
    (`portal.workflow.failed`).
    """
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
    events.log(Event.JOB_RETRIED, job=job.task_name, attempt=job.attempts + 1, code="killed")


async def _end(app: App, job: Job) -> None:
    await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
    events.log(Event.JOB_FAILED, job=job.task_name, attempt=job.attempts + 1, code="killed")
