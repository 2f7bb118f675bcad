"""Reference data from the files of this folder and from packages: loaded again and again to the
same rows.
"""

from collections.abc import Iterable
from copy import copy
from datetime import date
from typing import TypeVar

import jpholiday
from django.db import models, transaction
from zengin_code import Bank as ZenginBank

from portal.registry import files
from portal.registry.models import Area, Bank, Branch, Holiday, Industry, Municipality, PostalCode

M = TypeVar("M", bound=models.Model)


@transaction.atomic
def load() -> dict[str, int]:
    """Load everything; returns rows by table."""
    _areas()
    _industries()
    _postal_codes()
    _banks()
    _holidays()
    tables = (Municipality, Area, Industry, PostalCode, Bank, Branch, Holiday)
    return {model.__name__: model.objects.count() for model in tables}


def _areas() -> None:
    names = ["name", "name_en", "order"]
    _store(Municipality, files.municipalities().values(), [*names, "kana", "corporate_number"])
    _store(Area, files.areas().values(), [*names, "municipality"])


def _industries() -> None:
    names = ["major", "major_name", "major_name_en", "name", "name_en"]
    _store(Industry, files.industries().values(), names)


def _store(model: type[M], rows: Iterable[M], said: list[str]) -> None:
    """Rows with a code, as copies: those of the files are shared."""
    model._default_manager.bulk_create(
        (copy(row) for row in rows),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=said,
    )


def _postal_codes() -> None:
    PostalCode.objects.all().delete()
    PostalCode.objects.bulk_create(
        PostalCode(code=row["code"], area_id=row["area"], town=row["town"])
        for row in files.rows("postal_codes.csv")
    )


def _banks() -> None:
    banks = [
        Bank(code=bank.code, name=bank.name, kana=bank.kana) for bank in ZenginBank.all.values()
    ]
    branches = [
        Branch(bank_id=bank.code, code=branch.code, name=branch.name, kana=branch.kana)
        for bank in ZenginBank.all.values()
        for branch in bank.branches.values()
    ]
    Bank.objects.bulk_create(
        banks,
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "kana"],
    )
    if Branch.objects.count() != len(branches):
        Branch.objects.bulk_create(
            branches,
            batch_size=5000,
            update_conflicts=True,
            unique_fields=["bank", "code"],
            update_fields=["name", "kana"],
        )


def _holidays() -> None:
    days = [
        day
        for year in range(2019, 2036)
        for day in jpholiday.between(date(year, 1, 1), date(year, 12, 31))
    ]
    rows = [Holiday(day=found[0], name=found[1]) for found in days]
    Holiday.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day"], update_fields=["name"]
    )
