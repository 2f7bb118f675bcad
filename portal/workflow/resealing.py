"""A new FIELD_KEY: every sealed value is sealed anew, some rows at a time, as often as it takes."""

from typing import NamedTuple

from cryptography.fernet import InvalidToken
from django.apps import apps
from django.db import transaction
from django.db.models import Model

from portal import crypto
from portal.workflow.ports import Sealed, sealed_columns

BATCH = 200  # rows that are locked at once


class Count(NamedTuple):
    """Rows of a model: under FIELD_KEY, under another key that is set, under none of them."""

    current: int = 0
    older: int = 0
    unreadable: int = 0


def reseal(label: str, *, write: bool) -> Count:
    """Seal the rows of a model anew (`write`), or only count them; how they stood before."""
    found = {"current": 0, "older": 0, "unreadable": 0}
    after = 0
    while batch := _batch(label, after, write=write):
        after = batch[-1][0]
        for _pk, how in batch:
            if how:
                found[how] += 1
    return Count(**found)


@transaction.atomic
def _batch(label: str, after: int, *, write: bool) -> list[tuple[int, str]]:
    sealed, rows = sealed_columns[label], apps.get_model(label)._default_manager
    some = rows.select_for_update(of=("self",)).filter(pk__gt=after).order_by("pk")[:BATCH]
    return [(row.pk, _one(row, sealed, write=write)) for row in some]


def _one(row: Model, sealed: Sealed, *, write: bool) -> str:
    value = getattr(row, sealed.column)
    if not value or (sealed.names and not set(sealed.names) & set(value)):
        return ""
    try:
        new = _resealed(value, sealed)
    except InvalidToken:
        return "unreadable"
    if new == (value if sealed.names else bytes(value)):
        return "current"
    if write:
        type(row)._default_manager.filter(pk=row.pk).update(**{sealed.column: new})
    return "older"


def _resealed(value: object, sealed: Sealed) -> object:
    if isinstance(value, dict):
        texts = {name: value[name] for name in sealed.names if name in value}
        return value | {
            name: crypto.resealed(text.encode()).decode() for name, text in texts.items()
        }
    assert isinstance(value, bytes | memoryview)  # noqa: S101  a binary column
    return crypto.resealed(bytes(value))
