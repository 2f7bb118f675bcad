"""The indexes by which the office's list of cases is shown and sorted."""

from django.contrib.postgres.indexes import GinIndex
from django.db.models import F, Index, Q

LIVE = Q(is_draft=False)
# counted without a look at the cases: all that is asked of them lies in the index
OPEN = LIVE & Q(closed_at=None, disposed_on=None)
# columns that everybody's list has (`columns.COLUMNS`); among equals the newest stand first both ways,
# and so do those that are not empty: each way has an index
_SORTED = (
    *("title", "programme_name", "call_label", "state_label"),
    *("amount", "applied_amount", "awarded_amount", "paid_amount"),
    *("submitted_at", "decided_at", "closed_at", "assigned_to"),
)
_MAY_BE_EMPTY = _SORTED[4:]

INDEXES = [
    GinIndex(fields=["municipality_codes"], name="cases_municipalities"),
    Index(fields=["programme_code", "-opened_at", "-id"], name="cases_programme_newest"),
    Index(
        fields=["-opened_at", "-id"],
        include=["disposed_on", "organisation", "programme_code", "municipality_codes"],
        condition=LIVE,
        name="cases_newest_live",
    ),
    Index(fields=["state"], condition=LIVE, name="cases_state_live"),
    Index(fields=["ended_as"], condition=~Q(ended_as=""), name="cases_ended_as"),
    *(
        Index(fields=[column, "-id"], condition=LIVE, name=f"cases_by_{column}")
        for column in _SORTED
    ),
    *(
        Index(
            F(column).desc(nulls_last=True if column in _MAY_BE_EMPTY else None),
            F("id").desc(),
            condition=LIVE,
            name=f"cases_down_{column}",
        )
        for column in _SORTED
    ),
    Index(
        fields=["programme_code", "assigned_to"],
        include=["id", "organisation", "municipality_codes", "kind"],
        condition=OPEN,
        name="cases_open",
    ),
]
