"""Another place to come back to: a database and a storage of its own, for the length of a block."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import psycopg
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.signals import storages_changed
from psycopg import sql
from pytest_django import Settings

from portal.types import Given


@contextmanager
def elsewhere(settings: Settings, storage: Given, **server: object) -> Iterator[None]:
    """Work on a new, empty database of the same server, or of that which `server` names."""
    stated, storages = dict(connection.settings_dict), settings.STORAGES
    # beside the test's own: tests of two workers may restore at once
    restored = f"{stated['NAME']}_restored"
    name = sql.Identifier(restored)
    try:
        connection.close()
        connection.settings_dict |= server | {"NAME": restored}
        with connection._nodb_cursor() as db:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        settings.STORAGES = storages | {"default": storage}
        storages_changed(setting="STORAGES")
        yield
    finally:
        connection.close()
        with connection._nodb_cursor() as db:
            db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.settings_dict.update(stated)
        settings.STORAGES = storages
        storages_changed(setting="STORAGES")


def done(command: str, *given: str) -> tuple[str, str]:
    """What a command said, and with which sentence it failed ("": it did not)."""
    out = StringIO()
    try:
        call_command(command, *given, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def folder(path: Path) -> Given:
    return {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": path},
    }


def parts(url: str) -> dict[str, object]:
    """Of a DATABASE_URL, as the settings have them."""
    found = psycopg.conninfo.conninfo_to_dict(url)
    names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
    return {ours: found[theirs] for ours, theirs in names.items()}
