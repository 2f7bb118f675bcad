"""The year of money: when it may be promised, used and paid (会計年度独立の原則, 地方自治法 208条, 235条の5).

A promise (支出負担行為) is made from 1 April to 31 March, money leaves until 31 May.
"""

from datetime import date

from django.utils.translation import gettext as _

from portal import fiscal
from portal.days import dated, day_said


def settles_on(year: int) -> date:
    """出納閉鎖: the last day on which money of a fiscal year is paid."""
    return date(year + 1, 5, 31)


def promise_refusals(year: int, day: date) -> list[str]:
    """Why money of a fiscal year cannot be promised on a day; empty within the year."""
    first, last = date(year, 4, 1), fiscal.fiscal_year_end(year)
    if first <= day <= last:
        return []
    text = (
        _(
            "%(year)s年度の予算は、%(day)sまでしか決定に使えません。結果をお知らせして、新しい年度の公募をご案内ください。"
        )
        if day > last
        else _("%(year)s年度の予算は、%(day)sから決定に使えます。")
    )
    return [text % {"year": year, "day": day_said(last if day > last else first)}]


def late_refusals(year: int, day: date) -> list[str]:
    """Why it can no longer be proposed on a day that a fiscal year gets more money, or that money of
    it is carried over (地方自治法施行令 148条).
    """
    last = fiscal.fiscal_year_end(year)
    if day <= last:
        return []
    text = _("%(year)s年度の予算の増減・流用・繰越は、%(day)sまでに提案する必要があります。")
    return [text % {"year": year, "day": dated(last)}]


def call_refusals(year: int, ends_on: date) -> list[str]:
    """Why the projects of a call of a fiscal year cannot run until a day: its money is of one year."""
    last = fiscal.fiscal_year_end(year)
    if ends_on <= last:
        return []
    text = _("事業の終わりの日は、公募回の年度の終わり（%(day)s）までの日にしてください。")
    return [text % {"day": day_said(last)}]


def project_refusals(year: int, ends_on: date, *, is_carried: bool) -> list[str]:
    """Why the project of an award cannot run until a day: past the year only with money that is
    carried over, and then one year longer.
    """
    last, latest = fiscal.fiscal_year_end(year), fiscal.fiscal_year_end(year + 1)
    if ends_on <= (latest if is_carried else last):
        return []
    if is_carried:
        return [
            _("事業の期間は、繰り越した年度の終わり（%(day)s）までです。")
            % {"day": day_said(latest)}
        ]
    return [
        _(
            "事業の期間が年度の終わり（%(day)s）を越えます。先に、この案件の額を繰り越してください（予算のページで提案し、別の職員が確認します）。"
        )
        % {"day": day_said(last)}
    ]
