"""Storing many changed rows of one model in few queries."""

from collections.abc import Sequence

from django.db import models


def loaded(row: models.Model) -> dict[str, object]:
    """The columns of a row as they are in memory now; those not read from the database are left
    out.
    """
    names = [field.attname for field in row._meta.concrete_fields]
    return {name: row.__dict__[name] for name in names if name in row.__dict__}


def store(rows: Sequence[models.Model], was: Sequence[dict[str, object]]) -> None:
    """Store what changed since `loaded`, each row by one UPDATE: constraints of the database look at
    a row after every one.
    """
    model = type(rows[0])
    names = [
        name
        for name in was[0]
        if any(getattr(row, name) != old[name] for row, old in zip(rows, was, strict=True))
    ]
    same = {
        name: getattr(rows[0], name)
        for name in names
        if len({repr(getattr(row, name)) for row in rows}) == 1
    }
    if len(same) == len(names):
        model._default_manager.filter(pk__in=[row.pk for row in rows]).update(**same)
    else:
        model._default_manager.bulk_update(rows, names, batch_size=500)
