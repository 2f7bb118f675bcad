"""What changed between two releases of a year, award by award: every yen has its cause. Pure pandas."""

import pandas as pd

from reports.statistics.models import Cause, Difference

MEASURES = ("awards", "awarded_yen", "fixed_yen", "paid_yen", "returned_yen")


def explain(before: pd.DataFrame, now: pd.DataFrame) -> list[Difference]:
    """Each measure before and after. Raises ValueError where its causes do not add up.

    `before`, `now`: the tables of awards of both releases. Causes: new (decided since), gone
    (withdrawn since), more and less (of awards in both).
    """
    old, new = (table.set_index("id") for table in (before, now))
    both, added, gone = (
        old.index.intersection(new.index),
        new.index.difference(old.index),
        old.index.difference(new.index),
    )
    found: list[Difference] = []
    for measure in MEASURES:
        was, becomes = (
            pd.Series(1, index=t.index)
            if measure == "awards"
            else t[measure].fillna(0).astype("int64")
            for t in (old, new)
        )
        change = (becomes[both] - was[both]).astype("int64")
        causes: list[Cause] = [
            {"cause": "new", "awards": len(added), "amount": int(becomes[added].sum())},
            {"cause": "gone", "awards": len(gone), "amount": -int(was[gone].sum())},
            {
                "cause": "more",
                "awards": int((change > 0).sum()),
                "amount": int(change[change > 0].sum()),
            },
            {
                "cause": "less",
                "awards": int((change < 0).sum()),
                "amount": int(change[change < 0].sum()),
            },
        ]
        causes = [cause for cause in causes if cause["amount"]]
        first, last = int(was.sum()), int(becomes.sum())
        if sum(cause["amount"] for cause in causes) != last - first:
            raise ValueError(f"the causes of {measure} do not add up")
        found.append({"measure": measure, "before": first, "after": last, "causes": causes})
    return found
