"""Days and moments as sentences say them, in the reader's language: pages, refusals, mails."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal import clock, fiscal


def local(moment: date | datetime) -> date:
    """A moment in Sapporo's time; a day as it is."""
    return moment.astimezone(clock.JST) if isinstance(moment, datetime) else moment


def weekday(day: date) -> str:
    return fiscal.WEEKDAYS[day.weekday()] if get_language() == "ja" else day.strftime("%a")


def needs_year(day: date) -> bool:
    """Does a day without its year leave room for doubt? Where year or fiscal year is another than
    today's: in November, 4 March may be the one before or the one to come.
    """
    today = clock.today()
    return (day.year, fiscal.fiscal_year(day)) != (today.year, fiscal.fiscal_year(today))


def day_said(moment: date | datetime) -> str:
    """12月18日（金）, with the year where it is needed; Fri 18 Dec 2026."""
    found = local(moment)
    return dated(found) if get_language() != "ja" or needs_year(found) else _plain(found)


def dated(day: date) -> str:
    """2026年12月18日（金）, always with its year: what outlives it, as accounts do."""
    if get_language() != "ja":
        return date_format(day, "D j M Y")
    return f"{day.year}年{_plain(day)}"


def _plain(day: date) -> str:
    return f"{day.month}月{day.day}日（{weekday(day)}）"


def until_said(day: date) -> str:
    """12月18日（金）まで, and whether that is over."""
    text = _("%(day)sまで（期限を過ぎています）") if day < clock.today() else _("%(day)sまで")
    return text % {"day": day_said(day)}


def planned_said(day: date) -> str:
    """12月18日（金）の予定です; one that has passed is not said to come."""
    words = _("%(day)sの予定でした") if day < clock.today() else _("%(day)sの予定です")
    return words % {"day": day_said(day)}


def moment_said(value: date | datetime) -> str:
    """12月18日（金）17:00; a day without an hour stays a day."""
    if not isinstance(value, datetime):
        return day_said(value)
    return f"{day_said(value)} {value.astimezone(clock.JST):%H:%M}"


def span_said(first: date, last: date) -> str:
    """12月29日（火）から12月30日（水）まで; one day alone as it is."""
    if first == last:
        return day_said(first)
    return _("%(first)sから%(last)sまで") % {"first": day_said(first), "last": day_said(last)}


def fiscal_year_said(year: int) -> str:
    """令和8年度; FY2026."""
    return f"FY{year}" if get_language() != "ja" else fiscal.era_fiscal_year(year)


def tick_said(day: date) -> str:
    """12/18, 18 Dec: beneath a drawing, which says its year elsewhere."""
    return f"{day.month}/{day.day}" if get_language() == "ja" else date_format(day, "j M")


def month_said(day: date) -> str:
    """2026年12月; Dec 2026."""
    return f"{day.year}年{day.month}月" if get_language() == "ja" else date_format(day, "M Y")
