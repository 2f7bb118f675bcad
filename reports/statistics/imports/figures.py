"""Accounts of firms by fiscal year, awarded or not: what effects are compared by."""

import re
from pathlib import Path

from portal import jptext
from portal.accounts.models import Organisation
from portal.registry.corporations import Report
from reports.statistics.imports.cells import amount_of, rows_of
from reports.statistics.models import FirmFigures


def import_figures(path: Path) -> Report:
    """Accounts of firms known to the portal: 法人番号, 年度, 売上高, 営業利益, 人件費, 減価償却費, 従業員数, 出典.

    Whole yen and people.
    """
    names = ("法人番号", "年度", "売上高", "営業利益", "人件費", "減価償却費", "従業員数", "出典")
    known = dict(
        Organisation.objects.exclude(corporate_number=None).values_list("corporate_number", "pk")
    )
    report = Report()
    found: dict[tuple[int, int], FirmFigures] = {}
    for line, row in rows_of(path, names):
        report.read += 1
        number, year = jptext.digits(row["法人番号"]), jptext.digits(row["年度"])
        try:
            if number not in known:
                raise ValueError(f"no firm of the portal has the number {number!r}")
            if not re.fullmatch(r"20\d\d", year):
                raise ValueError(f"{year!r} is no fiscal year")
            if not row["出典"]:
                raise ValueError("no source")
            values = [amount_of(row[name]) for name in names[2:7]]
            if values[4] is not None and not 0 < values[4] <= 10**6:
                raise ValueError("no number of employees")
        except ValueError as error:
            report.refuse(line, str(error))
            continue
        figures = dict(
            zip(("sales", "profit", "personnel", "depreciation", "employees"), values, strict=True)
        )
        found[known[number], int(year)] = FirmFigures(
            organisation_id=known[number], fiscal_year=int(year), source=row["出典"], **figures
        )
        report.stored += 1
    FirmFigures.objects.bulk_create(
        found.values(),
        update_conflicts=True,
        unique_fields=["organisation", "fiscal_year"],
        update_fields=["sales", "profit", "personnel", "depreciation", "employees", "source"],
    )
    return report
