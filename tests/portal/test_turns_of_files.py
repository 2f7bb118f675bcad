"""Files are looked into by turns: nobody waits for all that somebody else has sent."""

from django.db import connection

from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents import receiving
from portal.documents.models import StoredFile
from tests.conftest import World, check_files
from tests.portal.test_documents import photo


def queued(task: str) -> list[int]:
    """The files of the waiting jobs, in the order in which the queue hands them out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'file_id' FROM procrastinate_jobs"
            " WHERE queue_name = 'files' AND task_name = %s AND status = 'todo'"
            " ORDER BY priority DESC, id",
            [task],
        )
        return [int(pk) for (pk,) in cursor.fetchall()]


def send(case: Case, by: User) -> int:
    """One more file of the person; its key."""
    document = receiving.receive(
        case, key="other", name="見積.jpg", data=photo(), kind="image/jpeg", by=by
    )
    return document.file_id


def test_the_first_file_of_everybody_comes_before_the_second_of_anybody(world: World) -> None:
    (busy, many), (other, one) = world.draft(), world.draft()
    check_files()
    StoredFile.objects.filter(pictured_at=None).update(pages=None)
    before = set(queued("check_file")) | set(queued("draw_pages"))
    heavy = [send(busy.case, many) for _n in range(4)]
    light = [send(other.case, one) for _n in range(2)]
    wanted = [heavy[0], light[0], heavy[1], light[1], *heavy[2:]]
    assert [pk for pk in queued("check_file") if pk not in before] == wanted
    check_files()
    assert [pk for pk in queued("draw_pages") if pk not in before] == wanted


def test_checks_come_before_drawings_however_many_wait(world: World) -> None:
    application, person = world.draft()
    for _n in range(3):
        send(application.case, person)
    check_files()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(priority) FILTER (WHERE task_name = 'check_file'),"
            " max(priority) FILTER (WHERE task_name = 'draw_pages') FROM procrastinate_jobs"
        )
        last_check, first_drawing = cursor.fetchone()
    assert last_check > first_drawing
