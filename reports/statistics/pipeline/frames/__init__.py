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
    came_back_late,
    caps,
    carries,
    entries,
    lines,
    payments,
    received,
    recoveries,
)


@dataclass(frozen=True)
class Money:
    """What the book is compared with: awards, what was paid and came back, and the book itself."""

    awards: pd.DataFrame
    payments: pd.DataFrame
    came_back_late: pd.DataFrame
    recoveries: pd.DataFrame
    received: pd.DataFrame
    lines: pd.DataFrame
    entries: pd.DataFrame
    carries: pd.DataFrame


@dataclass(frozen=True)
class Frames(Money):
    """Everything a release is made of, as of one moment. Money in yen, days as dates of Sapporo."""

    applications: pd.DataFrame
    changes: pd.DataFrame
    steps: pd.DataFrame
    holdings: pd.DataFrame
    scores: pd.DataFrame
    criteria: pd.DataFrame
    caps: pd.DataFrame
    filings: pd.DataFrame
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


def read_money() -> Money:
    """The money alone, in ten queries: `reconciling.reconcile` asks for no more."""
    with one_moment():
        return Money(**_money())


def read() -> Frames:
    """All frames, from one moment of the database."""
    with one_moment():
        return Frames(
            **_money(),
            applications=applications(),
            changes=changes(),
            steps=steps(),
            holdings=holdings(),
            scores=scores(),
            criteria=criteria(),
            caps=caps(),
            filings=filings(),
            consultations=consultations(),
            challenges=challenges(),
            matches=matches(),
            pilots=pilots(),
            rollouts=rollouts(),
            enrolments=enrolments(),
            figures=figures(),
            establishments=establishments(),
            outside=outside(),
            areas=areas(),
        )


def _money() -> dict[str, pd.DataFrame]:
    return {
        "awards": awards(),
        "payments": payments(),
        "came_back_late": came_back_late(),
        "recoveries": recoveries(),
        "received": received(),
        "lines": lines(),
        "entries": entries(),
        "carries": carries(),
    }
