"""Jobs of the queue, brought to their end as a worker would."""

from django.db import connection


def ended(task: str, status: str) -> int:
    """The newest waiting job of a task, taken up and ended; its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id ="
            " (SELECT max(id) FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo')"
            " RETURNING id",
            [task],
        )
        (number,) = cursor.fetchone()
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s",
            [status, number],
        )
    return int(number)
