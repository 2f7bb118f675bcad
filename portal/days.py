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


def day_said(moment: date | datetime) -> str:
    """12月18日（金）, with the year where it is not the present one; Fri 18 Dec 2026."""
    found = local(moment)
    if get_language() != "ja":
        return date_format(found, "D j M Y")
    year = "" if found.year == clock.today().year else f"{found.year}年"
    return f"{year}{found.month}月{found.day}日（{weekday(found)}）"


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
