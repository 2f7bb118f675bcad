"""Fiscal years and Japanese eras, as pure functions of dates."""

from datetime import date

# first day, name, and what is added to a year of the era to make the calendar's; 明治 from its first
# day by the new calendar
ERAS = (
    (date(2019, 5, 1), "令和", 2018),
    (date(1989, 1, 8), "平成", 1988),
    (date(1926, 12, 25), "昭和", 1925),
    (date(1912, 7, 30), "大正", 1911),
    (date(1868, 1, 25), "明治", 1867),
)
WEEKDAYS = "月火水木金土日"


def fiscal_year(day: date) -> int:
    """The fiscal year (April to March, 地方自治法 208条) a day lies in."""
    return day.year if day.month >= 4 else day.year - 1


def fiscal_year_end(year: int) -> date:
    """31 March that ends fiscal year `year`."""
    return date(year + 1, 3, 31)


def era(day: date) -> str:
    """令和8年11月22日 for a date; the first year is 元年. Raises ValueError before 明治."""
    return f"{era_year(day)}{day.month}月{day.day}日"


def era_year(day: date) -> str:
    """令和8年 for a date."""
    for start, name, offset in ERAS:
        if day >= start:
            year = day.year - offset
            return f"{name}{'元' if year == 1 else year}年"
    raise ValueError(f"no era on record for {day}")


def era_fiscal_year(year: int) -> str:
    """令和8年度 for fiscal year 2026 (named by its first day after the change of era)."""
    return era_year(date(year, 5, 1)) + "度"
