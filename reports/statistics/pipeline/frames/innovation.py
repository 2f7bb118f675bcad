"""Open innovation from the challenge to use, and the seats of courses."""

import pandas as pd

from grants.seats.models import Enrolment
from reports.statistics.pipeline.columns import (
    CATEGORY,
    DAY,
    INT,
    TEXT,
    frame,
)
from startups.challenges.models import Challenge
from startups.matching.models import Match
from startups.pilots.models import Pilot
from startups.rollouts.models import Rollout


def challenges() -> pd.DataFrame:
    return frame(
        Challenge.objects.exclude(published_at=None),
        id=INT,
        fiscal_year=("call__fiscal_year", INT),
        municipalities=("municipality_codes", TEXT),
    )


def matches() -> pd.DataFrame:
    return frame(
        Match.objects.all(),
        id=INT,
        fiscal_year=("challenge__call__fiscal_year", INT),
        municipality=("municipality_id", CATEGORY),
        state=("state", CATEGORY),
        firm=("case__organisation_id", INT),
    )


def pilots() -> pd.DataFrame:
    return frame(
        Pilot.objects.exclude(agreed_on=None),
        id=INT,
        fiscal_year=("challenge__call__fiscal_year", INT),
        municipalities=("case__municipality_codes", TEXT),
        state=("state", CATEGORY),
        verdict=("verdict", CATEGORY),
    )


def rollouts() -> pd.DataFrame:
    return frame(
        Rollout.objects.all(),
        id=INT,
        fiscal_year=("pilot__challenge__call__fiscal_year", INT),
        municipality=("municipality_id", CATEGORY),
        state=("state", CATEGORY),
        contract=("contract_amount", INT),
        contracted_on=DAY,
    )


def enrolments() -> pd.DataFrame:
    """A row per seat of a course that was given."""
    return frame(
        Enrolment.objects.all(),
        fiscal_year=("application__call__fiscal_year", INT),
        firm=("case__organisation_id", INT),
        state=("state", CATEGORY),
    )
