"""What a call says of itself when it is made or put right."""

from datetime import date, datetime
from typing import Required, TypedDict

from grants.programmes.models.programmes import Programme
from portal.accounts.models import User


class Briefing(TypedDict):
    """説明会. `at`: ISO text with its zone."""

    at: str
    place: str


class Saying(TypedDict, total=False):
    """What a call says of itself when it is made or put right. `periods`: from and until, aware;
    `intake`, `budget`: the same as words, for the record.
    """

    programme: Required[Programme]
    fiscal_year: Required[int]
    round_no: Required[int]
    periods: Required[list[tuple[datetime, datetime]]]
    decision_on: Required[date]
    project_ends_on: Required[date]
    municipality_codes: list[str] | None
    briefings: list[Briefing]
    intake: str
    budget: str
    by: User
    reason: str
