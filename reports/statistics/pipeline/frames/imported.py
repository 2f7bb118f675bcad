"""What was imported: accounts of firms, establishments, awards of others; and the 21 areas."""

import pandas as pd
from django.db.models import Count, Sum

from portal.registry.models import Area
from reports.statistics.models import Establishments, FirmFigures, OutsideAward
from reports.statistics.pipeline.columns import (
    CATEGORY,
    DAY,
    INT,
    TEXT,
    frame,
)


def figures() -> pd.DataFrame:
    """Imported accounts of firms, awarded or not, by fiscal year."""
    parts = {name: INT for name in ("sales", "profit", "personnel", "depreciation", "employees")}
    return frame(FirmFigures.objects.all(), firm=("organisation_id", INT), fiscal_year=INT, **parts)


def establishments() -> pd.DataFrame:
    return frame(
        Establishments.objects.all(), area=("area_id", CATEGORY), count=INT, as_of=DAY, source=TEXT
    )


def outside() -> pd.DataFrame:
    """Awards of others to corporations of the area, by issuer and year."""
    rows = (
        OutsideAward.objects.exclude(area=None)
        .values("area_id", "issuer", "fiscal_year")
        .annotate(n=Count("pk"), yen=Sum("amount"))
    )
    return frame(
        rows,
        area=("area_id", CATEGORY),
        issuer=("issuer", CATEGORY),
        fiscal_year=INT,
        awards=("n", INT),
        awarded_yen=("yen", INT),
    )


def areas() -> pd.DataFrame:
    """The 21 areas in their order, with their municipality."""
    return pd.DataFrame(
        list(Area.objects.order_by("order").values_list("code", "municipality_id")),
        columns=["area", "municipality"],
    )
