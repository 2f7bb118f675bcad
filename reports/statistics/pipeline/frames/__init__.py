"""Step one, frames: what the portal knows, as DataFrames.

Read in bulk, typed, days in Sapporo's time, no personal name.

The names of awarded corporations, which are public, are in `awards` alone.
"""

from dataclasses import dataclass

import pandas as pd

from reports.statistics.pipeline.columns import one_moment
from reports.statistics.pipeline.frames.cases import (
    applications,
    changes,
    consultations,
    criteria,
    filings,
    holdings,
    scores,
    steps,
)
from reports.statistics.pipeline.frames.imported import (
    areas,
    establishments,
    figures,
    outside,
)
from reports.statistics.pipeline.frames.innovation import (
    challenges,
    enrolments,
    matches,
    pilots,
    rollouts,
)
from reports.statistics.pipeline.frames.money import (
    awards,
    caps,
    carries,
    entries,
    lines,
    payments,
    received,
    recoveries,
)


@dataclass(frozen=True)
class Frames:
    """Everything a release is made of, as of one moment. Money in yen, days as dates of Sapporo."""

    applications: pd.DataFrame
    awards: pd.DataFrame
    payments: pd.DataFrame
    recoveries: pd.DataFrame
    received: pd.DataFrame
    changes: pd.DataFrame
    steps: pd.DataFrame
    holdings: pd.DataFrame
    scores: pd.DataFrame
    criteria: pd.DataFrame
    caps: pd.DataFrame
    filings: pd.DataFrame
    lines: pd.DataFrame
    entries: pd.DataFrame
    carries: pd.DataFrame
    consultations: pd.DataFrame
    challenges: pd.DataFrame
    matches: pd.DataFrame
    pilots: pd.DataFrame
    rollouts: pd.DataFrame
    enrolments: pd.DataFrame
    figures: pd.DataFrame
    establishments: pd.DataFrame
    outside: pd.DataFrame
    areas: pd.DataFrame


def read() -> Frames:
    """All frames, from one moment of the database."""
    with one_moment():
        return Frames(
            applications(),
            awards(),
            payments(),
            recoveries(),
            received(),
            changes(),
            steps(),
            holdings(),
            scores(),
            criteria(),
            caps(),
            filings(),
            lines(),
            entries(),
            carries(),
            consultations(),
            challenges(),
            matches(),
            pilots(),
            rollouts(),
            enrolments(),
            figures(),
            establishments(),
            outside(),
            areas(),
        )
