"""The working days of an office without closures, for rules that are asked without a database."""

from datetime import date

import jpholiday

from portal.workdays import OFFICE_REST, Workdays

WORKDAYS = Workdays(
    frozenset(day for day, _name in jpholiday.between(date(2025, 1, 1), date(2031, 12, 31))),
    OFFICE_REST,
)
