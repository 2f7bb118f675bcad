"""The areas and trades as the files of this folder say them: read once, stored by
`portal.registry.reference`. Choices and names that are made of them ask the database nothing.
"""

import csv
import tomllib
from functools import cache
from pathlib import Path

from portal.registry.models import Area, Industry, Municipality

DATA = Path(__file__).parent / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def municipalities() -> dict[str, Municipality]:
    """By code, in their order."""
    return {
        row["code"]: Municipality(
            code=row["code"],
            name=row["name"],
            name_en=row["name_en"],
            kana=row["kana"],
            corporate_number=row["corporate_number"],
            order=n,
        )
        for n, row in enumerate(rows("areas.csv"))
        if not row["municipality"]
    }


@cache
def areas() -> dict[str, Area]:
    """By code, in their order; each knows its municipality."""
    found = rows("areas.csv")
    parents = {row["municipality"] for row in found}
    return {
        row["code"]: Area(
            code=row["code"],
            municipality=municipalities()[row["municipality"] or row["code"]],
            name=row["name"],
            name_en=row["name_en"],
            order=n,
        )
        for n, row in enumerate(found)
        if row["code"] not in parents
    }


@cache
def industries() -> dict[str, Industry]:
    """By code, in their order."""
    with (DATA / "industries.toml").open("rb") as file:
        majors = tomllib.load(file)
    return {
        code: Industry(
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
    }
