"""When something of a pilot falls due: pure functions over its days and the working days of
the office. No Django here."""

from datetime import date, timedelta

from portal.workdays import Workdays

STATUS_DAYS = 5  # business days of the next month within which both sides say how the month went
EXTENSION_MONTHS = (
    12  # after the end that was signed, however often it is extended; a planning value
)
REPORT_DAYS = 14  # days after the end within which the result is reported


def next_month(month: date) -> date:
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def months(starts_on: date, ends_on: date) -> list[date]:
    """The first days of the months that a pilot touches."""
    found = [starts_on.replace(day=1)]
    while (following := next_month(found[-1])) <= ends_on:
        found.append(following)
    return found


def status_due(month: date, workdays: Workdays) -> date:
    """The day by which the status of `month` (its first day) is written."""
    return workdays.add(next_month(month) - timedelta(days=1), STATUS_DAYS)


def first_missing(starts_on: date, ends_on: date, have: set[date]) -> date | None:
    """The earliest month of the pilot without a status; None where there is none."""
    return next((month for month in months(starts_on, ends_on) if month not in have), None)


def report_due(ends_on: date, workdays: Workdays) -> date:
    return workdays.next_open(ends_on + timedelta(days=REPORT_DAYS))
