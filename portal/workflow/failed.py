"""Work in the background that has failed for good: an administrator sees it, and has it done again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import BigIntegerField, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinatePeriodicDefer

from portal import clock, events
from portal.again import Kind
from portal.events import Event
from portal.types import Text

if TYPE_CHECKING:
    from portal.types import User


def jobs() -> QuerySet[ProcrastinateJob]:
    """Newest first, each with the moment it failed (`failed_at`). What comes by the clock drops out
    once a later turn of it failed or was done; a worker removes what was done, and of the newest turn
    stays that it was begun.
    """
    turn = Cast(KeyTextTransform("timestamp", OuterRef("args")), BigIntegerField())
    done = ProcrastinatePeriodicDefer.objects.filter(
        task_name=OuterRef("task_name"), defer_timestamp__gt=turn, job=None
    )
    later = ProcrastinateJob.objects.filter(
        task_name=OuterRef("task_name"), id__gt=OuterRef("id"), status__in=("succeeded", "failed")
    )
    failed = Max("procrastinateevent__at", filter=Q(procrastinateevent__type="failed"))
    found: QuerySet[ProcrastinateJob] = (
        ProcrastinateJob.objects.filter(status="failed")
        .exclude(Exists(later) | Exists(done), queueing_lock__isnull=False)
        .annotate(failed_at=failed)
        .order_by("-id")
    )
    return found


def since(moment: datetime) -> int:
    """How many failed for good from a moment on."""
    recent = {"procrastinateevent__type": "failed", "procrastinateevent__at__gte": moment}
    return jobs().filter(**recent).count()


def left(job: ProcrastinateJob) -> Text:
    """What it left undone."""
    task = app.tasks.get(job.task_name)
    kind = task.retry_strategy if task is not None else None
    return kind.left if isinstance(kind, Kind) else ""


def once_more(job: ProcrastinateJob, *, by: User) -> None:
    """Have a worker try it once more, now."""
    app.job_manager.retry_job_by_id(job.pk, retry_at=clock.now())
    events.log(Event.JOB_QUEUED, user=by.pk, job=job.task_name, first=job.pk, rows=1)
