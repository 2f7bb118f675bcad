"""`check --deploy --database default`: the role and the clock of the database."""

from collections.abc import Collection

from django.core.checks import Error
from django.db import DataError, connections, transaction

from portal import clock
from portal.audit import role

MOST_APART = 60  # seconds
ZONE = clock.JST.key
_WALL = "SELECT extract(epoch FROM m AT TIME ZONE %s - m AT TIME ZONE 'UTC'), m FROM clock_timestamp() AS m"


def role_is_restricted(databases: Collection[str] | None = None, **_options: object) -> list[Error]:
    """Asked is the role of DATABASE_URL, which should be that of web and workers."""
    found = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT current_user")
            name = cursor.fetchone()[0]
            if role.is_strong(cursor, name):
                said = (
                    f"The database role {name} {role.STRONG}: it could change what is kept."
                    " Give web and workers the role that restrict_role makes."
                )
                found.append(Error(said, id="audit.E001"))
    return found


def clocks_agree(databases: Collection[str] | None = None, **_options: object) -> list[Error]:
    """The database knows our zone as this machine does, and what time it is."""
    return [fault for alias in databases or () for fault in _clock_of(alias)]


def _clock_of(alias: str) -> list[Error]:
    try:
        with transaction.atomic(alias), connections[alias].cursor() as cursor:
            cursor.execute(_WALL, [ZONE])
            shift, moment = cursor.fetchone()
    except DataError:
        return [Error(f"The database does not know the time zone {ZONE}.", id="audit.E002")]
    here, found = clock.now(), []
    ours = here.astimezone(clock.JST).utcoffset()
    if ours is None or float(shift) != ours.total_seconds():
        said = f"In the time zone {ZONE} the database has another time than this machine."
        found.append(Error(said, id="audit.E002"))
    if abs((moment - here).total_seconds()) > MOST_APART:
        said = f"The clocks of database and machine are more than {MOST_APART} seconds apart."
        found.append(Error(said, id="audit.E003"))
    return found
