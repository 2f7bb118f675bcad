"""Reference data from the files of this folder and from packages: loaded again and again to the
same rows.
"""

import csv
import tomllib
from datetime import date
from pathlib import Path

import jpholiday
from django.db import transaction
from zengin_code import Bank as ZenginBank

from portal.registry.models import Area, Bank, Branch, Holiday, Industry, Municipality, PostalCode

DATA = Path(__file__).parent / "data"


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


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _areas() -> None:
    rows = _rows("areas.csv")
    parents = {row["municipality"] for row in rows} - {""}
    for n, row in enumerate(rows):
        names = {"name": row["name"], "name_en": row["name_en"], "order": n}
        if not row["municipality"]:
            Municipality.objects.update_or_create(
                code=row["code"],
                defaults=names | {"kana": row["kana"], "corporate_number": row["corporate_number"]},
            )
        if row["code"] not in parents:
            Area.objects.update_or_create(
                code=row["code"],
                defaults=names | {"municipality_id": row["municipality"] or row["code"]},
            )


def _industries() -> None:
    with (DATA / "industries.toml").open("rb") as file:
        majors = tomllib.load(file)
    rows = [
        Industry(
            code=code,
            major=major,
            major_name=group["name"],
            major_name_en=group["name_en"],
            name=names[0],
            name_en=names[1],
        )
        for major, group in majors.items()
        for code, names in group.items()
        if code.isdigit()
    ]
    Industry.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["major", "major_name", "major_name_en", "name", "name_en"],
    )


def _postal_codes() -> None:
    PostalCode.objects.all().delete()
    PostalCode.objects.bulk_create(
        PostalCode(code=row["code"], area_id=row["area"], town=row["town"])
        for row in _rows("postal_codes.csv")
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
