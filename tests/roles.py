"""The office of a test, where its people hold other roles than the world gives them: as if these had been
granted so, past the triggers that keep a role as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.models import QuerySet

from portal.accounts.models import StaffRole


@contextmanager
def without_triggers() -> Iterator[None]:
    """What only the owner of the tables can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = origin")


def granted(roles: QuerySet[StaffRole], **terms: object) -> None:
    with without_triggers():
        roles.update(**terms)


def never_granted(roles: QuerySet[StaffRole]) -> None:
    with without_triggers():
        roles.delete()
