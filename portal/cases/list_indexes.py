"""The indexes by which the office's list of cases is shown and sorted."""

from django.contrib.postgres.indexes import GinIndex
from django.db.models import F, Index, Q

LIVE = Q(is_draft=False)
# counted without a look at the cases: all that is asked of them lies in the index
OPEN = LIVE & Q(closed_at=None, disposed_on=None)
# columns that everybody's list has (`columns.COLUMNS`); those that may be empty are sorted
# downwards by an index of their own, since the empty ones stand last both ways
_SORTED = ("title", "programme_name", "state_label", "amount", "submitted_at", "closed_at")
_MAY_BE_EMPTY = ("amount", "submitted_at", "closed_at")

INDEXES = [
    GinIndex(fields=["municipality_codes"], name="cases_municipalities"),
    Index(fields=["programme_code", "-opened_at", "-id"], name="cases_programme_newest"),
    Index(fields=["-opened_at", "-id"], condition=LIVE, name="cases_newest_live"),
    Index(fields=["state"], condition=LIVE, name="cases_state_live"),
    *(Index(fields=[column], condition=LIVE, name=f"cases_by_{column}") for column in _SORTED),
    *(
        Index(F(column).desc(nulls_last=True), condition=LIVE, name=f"cases_down_{column}")
        for column in _MAY_BE_EMPTY
    ),
    Index(
        fields=["programme_code", "assigned_to"],
        include=["id", "organisation", "municipality_codes", "kind"],
        condition=OPEN,
        name="cases_open",
    ),
]
