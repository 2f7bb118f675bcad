"""One way of writing days, sums and numbers in English: in the catalogue, and in what pages make of them."""

from datetime import UTC, date, datetime

import polib
import pytest
from django.utils.translation import override

from portal import days
from portal.ui.templatetags import ui
from tests.english import OTHER_WAYS, other_ways
from tools.messages import CATALOGUE

# a spelling that is typed, and read so
TYPED = {
    "%(n)s行目を読み取れません。「2027年1月29日 50000」のように書いてください。",
    "1行に1回ずつ、日と額（円）を書きます。例：2027年1月29日 50000。合計は、まだ納められていない返還額と同じにします。閉庁日を書くと、次の開庁日が納める日になります。",
    "異動の日（2026-04-01）",
    "日付として読めません。年・月・日を入力してください（例：2027年2月1日、令和9年2月1日）。",
    "暦にない日です。年・月・日を確かめてください（例：2027年2月1日）。",
    # a figure that is no money, day or share
    "架空の1年分を用意しています（%(percent)s％）。そのあいだも使えます。",
}


def test_the_english_catalogue_writes_days_sums_and_numbers_in_one_way() -> None:
    found = {
        row.msgid: ways
        for row in polib.pofile(str(CATALOGUE))
        if not row.obsolete and row.msgid not in TYPED
        for text in [row.msgstr, *row.msgstr_plural.values()]
        if (ways := other_ways(text))
    }
    assert found == {}


OTHERS = (
    "on 2026/12/18",
    "Fri 18/12",
    "by 18 December",
    "¥1,200,000",
    "1,200,000円",
    "3 day(s)",
    "10 per cent",
    "FY 2026",
)


@pytest.mark.parametrize(
    ("other", "way"),
    [*zip(OTHERS, OTHER_WAYS, strict=True)],
)
def test_each_other_way_is_found(other: str, way: str) -> None:
    assert [found.partition(": ")[0] for found in other_ways(other)] == [way]


def test_every_filter_writes_english_in_that_way() -> None:
    day, moment = date(2026, 12, 18), datetime(2026, 12, 18, 8, 0, tzinfo=UTC)
    with override("en"):
        said = {
            ui.short_day(day),
            ui.day(moment),
            days.dated(day),
            ui.full_day(day),
            ui.month(day),
            ui.short_moment(moment),
            ui.moment(moment),
            ui.fiscal_year(2026),
            ui.in_yen(1_200_000),
            ui.in_man_yen(1_200_000),
            days.tick_said(day),
        }
    assert said == {
        "Fri 18 Dec 2026",
        "18 Dec 2026",
        "Dec 2026",
        "18 Dec 2026 17:00",
        "Fri 18 Dec 2026 17:00",
        "FY2026",
        "1,200,000 yen",
        "18 Dec",
    }
    assert [ways for text in said if (ways := other_ways(text))] == []
