"""True shapes of the 21 areas, which the map is drawn with once they are there."""

import json
from pathlib import Path

from django.db import transaction

from portal.registry.models import Area
from reports.statistics.imports import shapes
from reports.statistics.imports.cells import Unfit
from reports.statistics.models import Boundary


@transaction.atomic
def import_boundaries(path: Path, source: str) -> int:
    """Replace all shapes by those of a file; how many areas.

    Raises Unfit, and then nothing has changed.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
        found = shapes.read(data, Area.objects.values_list("code", flat=True))
    except (UnicodeDecodeError, json.JSONDecodeError, shapes.Unreadable) as error:
        raise Unfit(str(error)) from error
    rows = [
        Boundary(area_id=code, rings=rings, label=shapes.centre(rings[0]), source=source)
        for code, rings in found.items()
    ]
    Boundary.objects.all().delete()
    Boundary.objects.bulk_create(rows)
    return len(rows)
