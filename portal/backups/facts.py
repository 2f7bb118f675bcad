"""What a database says of itself, for the manifest and to be compared with it."""

from collections.abc import Iterable

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.models import Sum
from psycopg import sql

from portal.audit.models import Seal
from portal.backups.manifest import Facts
from portal.backups.ports import sums

_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""
# who else than the owner may do something with the tables
_ROLES = """
SELECT DISTINCT rolname FROM pg_class, aclexplode(relacl) AS granted
JOIN pg_roles AS role ON role.oid = granted.grantee
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND granted.grantee <> relowner
ORDER BY rolname
"""


_SERVER = """
SELECT current_setting('server_version_num')::int, (CASE WHEN pg_is_in_recovery()
  THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END)::text
"""


def all_of_them() -> Facts:
    with connection.cursor() as cursor:
        cursor.execute(_SERVER)
        server, lsn = cursor.fetchone()
    return Facts(
        server=server,
        lsn=lsn,
        migrations=applied(),
        roles=roles(),
        counts=counts(),
        sums=added_up(),
        seal=last_seal(),
    )


def tables() -> list[str]:
    return _column(_TABLES)


def roles() -> list[str]:
    return _column(_ROLES)


def left_out() -> list[str]:
    """Tables whose rows are not kept: sessions, so that nobody stays signed in, and the cache."""
    sessions = ("sessions.Session", "usersessions.UserSession")
    return [
        *(apps.get_model(label)._meta.db_table for label in sessions),
        settings.CACHES["default"]["LOCATION"],
    ]


def counts() -> dict[str, int]:
    """Rows of each table that is kept."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted({*tables()} - {*left_out()}):
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
    return found


def added_up() -> dict[str, int]:
    """The yen that each room named."""
    return {
        name: apps.get_model(label)._default_manager.aggregate(yen=Sum(column))["yen"] or 0
        for name, (label, column) in sums.items()
    }


def last_seal() -> list[str]:
    found = Seal.objects.first()  # the newest
    return [found.day.isoformat(), found.hash] if found else []


def applied() -> list[str]:
    """The migrations of the database."""
    return sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations)


def other_migrations(applied: Iterable[str]) -> list[str]:
    """What of them this version does not know, and what it has beside them."""
    ours = MigrationLoader(None).disk_migrations
    named = {".".join(key) for key in ours}
    replaced = {".".join(key) for row in ours.values() for key in row.replaces}
    there = {name for name in applied if name.partition(".")[0] in apps.app_configs}
    return sorted((there - named - replaced) | (named - replaced - there))


def _column(statement: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [value for (value,) in cursor.fetchall()]
