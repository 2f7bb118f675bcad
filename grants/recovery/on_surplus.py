"""還付加算金: what is paid on top of money that came in too much (地方自治法 231条の3第4項, 地方税法 17条の4, 20条の4の2,
附則3条の2). Pure: yen, days and rates in, yen out.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from grants.programmes.remedies import Remedy

# calendar year → rate a year, by the notice of each (還付加算金特例基準割合); as stated on cities' own pages. A year that
# is not here has no source yet: whoever pays back types its rate
RATES = {
    2021: Fraction(10, 1000),
    2022: Fraction(9, 1000),
    2023: Fraction(9, 1000),
    2024: Fraction(9, 1000),
    2025: Fraction(9, 1000),
}
LEAST_BASE, BASE_UNIT = 2_000, 1_000
LEAST, UNIT = 1_000, 100


def begins_on(paid_on: date) -> date:
    """The day after one month has passed since the payment, the month counted from the day after it
    (民法 143条: where it has no such day, it ends with the month).
    """
    first = paid_on + timedelta(days=1)
    year, month = first.year + first.month // 12, first.month % 12 + 1
    try:
        return first.replace(year=year, month=month)
    except ValueError:
        return date(year, month + 1, 1)  # no such day in February to November: never of December


def years(paid_on: date, until: date) -> list[int]:
    """The calendar years of which a rate is asked."""
    begin = begins_on(paid_on)
    return [*range(begin.year, until.year + 1)] if begin <= until else []


def interest(
    too_much: int, paid_on: date, until: date, rates: Mapping[int, Fraction] = RATES
) -> int:
    """Yen on `too_much` yen that were paid by mistake, until the day on which paying them back is decided,
    that day counted; a year has 365 days.

    Raises KeyError for a year without a rate.
    """
    base = too_much - too_much % BASE_UNIT
    if too_much < LEAST_BASE:
        return 0
    begin, found = begins_on(paid_on), Fraction(0)
    for year in years(paid_on, until):
        first, last = max(begin, date(year, 1, 1)), min(until, date(year, 12, 31))
        found += base * rates[year] * ((last - first).days + 1) / 365
    yen = int(found)
    return yen - yen % UNIT if yen >= LEAST else 0


def unknown(paid_on: date, until: date) -> list[int]:
    """The years for which a rate has to be typed."""
    return [year for year in years(paid_on, until) if year not in RATES]


def is_owed(remedy: Remedy | None) -> bool | None:
    """By law only on revenue of public law; None where the programme does not say what its returns are."""
    return None if remedy is None else remedy.nature == "disposition"
