"""事業所数 of each area: the denominator of rates."""

from pathlib import Path

from portal import jptext
from portal.registry.corporations import Report
from portal.registry.models import Area
from reports.statistics.imports.cells import amount_of, day_of, rows_of
from reports.statistics.models import Establishments


def import_establishments(path: Path) -> Report:
    """事業所数 by area: コード (six digits), 事業所数, 時点 (a day), 出典."""
    names = ("コード", "事業所数", "時点", "出典")
    known, report = set(Area.objects.values_list("code", flat=True)), Report()
    for line, row in rows_of(path, names):
        report.read += 1
        try:
            code, count, day = (
                jptext.digits(row["コード"]).zfill(6),
                amount_of(row["事業所数"]),
                day_of(row["時点"]),
            )
            if code not in known:
                raise ValueError(f"{code!r} is none of the 21 areas")
            if not count or count < 1 or day is None or not row["出典"]:
                raise ValueError("number, day or source is missing")
        except ValueError as error:
            report.refuse(line, str(error))
            continue
        Establishments.objects.update_or_create(
            area_id=code, defaults={"count": count, "as_of": day, "source": row["出典"]}
        )
        report.stored += 1
    return report
