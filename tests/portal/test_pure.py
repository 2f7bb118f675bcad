from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from grants.followup.forms import DisposalForm
from grants.payments.execution import Row
from portal import clock, days, fiscal, jptext, parsing
from portal.registry import corporate_number
from portal.ui.forms import LongText
from portal.ui.templatetags import ui


@pytest.mark.parametrize(
    "number", ["8700110005901", "4011001098993", "7123456789012", "9000020011002", "2000020012246"]
)
def test_corporate_number_accepts_valid_check_digits(number: str) -> None:
    assert corporate_number.is_valid(number)


@pytest.mark.parametrize(
    "number", ["8700110005902", "0000020011002", "123456789012", "９０00020011002", ""]
)
def test_corporate_number_refuses_wrong_ones(number: str) -> None:
    assert not corporate_number.is_valid(number)


def test_corporate_number_is_read_in_any_width() -> None:
    assert corporate_number.clean("９０００－０２００１－１００２") == "9000020011002"


def test_twelve_digits_get_a_hint_not_to_type_a_personal_number() -> None:
    with pytest.raises(ValueError, match="personal_number"):
        corporate_number.clean("123456789012")


@given(st.integers(0, 10**10 - 1))
def test_fictitious_numbers_are_valid_and_in_the_unused_range(n: int) -> None:
    number = corporate_number.fictitious(n)
    assert corporate_number.is_valid(number)
    assert number[1:3] == "99"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("３，２００，０００円", 3_200_000),
        ("3200000", 3_200_000),
        ("¥1,000", 1000),
        (" 1 000 ", 1000),
    ],
)
def test_yen_is_read_in_any_width(text: str, amount: int) -> None:
    assert parsing.yen(text) == amount


@pytest.mark.parametrize("text", ["-5", "1.5", "百万", "", "1e6"])
def test_yen_refuses_anything_else(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  the text itself is the message
        parsing.yen(text)


def test_search_key_folds_width_case_and_kana() -> None:
    assert jptext.search_key("ＩＴ　きほん") == jptext.search_key("it キホン")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("札幌市中央区北一条西２３丁目１番地", "札幌市中央区北1条西二十三丁目1", True),
        ("札幌市北区北二十五条西５丁目１番２１号", "札幌市北区北25条西5-1-21　架空ビル3階", True),
        ("札幌市東区北丘珠三条１丁目１３番８号", "札幌市東区北丘珠3条1丁目13の8", True),
        ("札幌市中央区南一条西４丁目１４番地", "札幌市中央区南一条西４丁目１番地", False),
        ("札幌市中央区南一条西４丁目", "札幌市中央区南十一条西４丁目", False),
        ("札幌市中央区南百二条", "札幌市中央区南102条", True),
    ],
)
def test_addresses_are_compared_however_their_numbers_are_written(
    one: str, other: str, same: bool
) -> None:
    assert jptext.same_address(one, other) is same
    assert jptext.same_address(other, one) is same


def test_names_with_rare_letters_are_no_refused_signs() -> None:
    assert not jptext.has_refused_sign("髙﨑 𠮷野 濵邉 神\ufe00")
    assert jptext.has_refused_sign("evil\u202etxt")


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 11, 22), "令和8年11月22日"),
        (date(2019, 5, 1), "令和元年5月1日"),
        (date(2019, 4, 30), "平成31年4月30日"),
    ],
)
def test_era_by_date(day: date, text: str) -> None:
    assert fiscal.era(day) == text


def test_fiscal_year_runs_from_april_to_march() -> None:
    assert (fiscal.fiscal_year(date(2027, 3, 31)), fiscal.fiscal_year(date(2027, 4, 1))) == (
        2026,
        2027,
    )
    assert fiscal.era_fiscal_year(2026) == "令和8年度"


def test_a_field_left_empty_is_told_what_to_do() -> None:
    form = DisposalForm({})
    assert form.errors["way"] == ["入力するか、選んでください。"]
    ticked = forms.BooleanField()
    assert ticked.error_messages["required"] == "チェックを付けてください。"
    with override("en"):
        assert DisposalForm({}).errors["way"] == ["Enter or choose something here."]


@pytest.mark.parametrize("typed", ["一行目\r\n二行目", "一行目\r二行目", "一行目\n二行目"])
def test_lines_as_browsers_send_them_are_no_control_signs(typed: str) -> None:
    assert LongText(max_length=7).clean(typed) == "一行目\n二行目"
    with pytest.raises(ValidationError):
        LongText().clean("見えない\u202e字")


def test_a_day_is_said_with_its_weekday_and_with_the_year_where_it_is_another() -> None:
    day, hour = date(2026, 12, 10), datetime(2026, 12, 10, 8, 0, tzinfo=UTC)
    with clock.at(datetime(2026, 11, 1, tzinfo=UTC)):
        assert days.day_said(day) == "12月10日（木）"
        assert days.moment_said(hour) == "12月10日（木） 17:00"
        assert ui.short_day(hour) == "12/10（木）"
        with override("en"):
            assert days.day_said(day) == "Thu 10 Dec 2026"
            assert ui.short_day(day) == "Thu 10 Dec 2026"
    with clock.at(datetime(2027, 1, 5, tzinfo=UTC)):
        assert days.day_said(day) == "2026年12月10日（木）"
        assert ui.short_day(day) == "2026/12/10（木）"
        with override("en"):
            assert ui.short_day(day) == "Thu 10 Dec 2026"


def test_a_day_of_the_fiscal_year_before_is_said_with_its_year_and_a_deadline_that_is_over_as_such() -> (
    None
):
    before, last, due = date(2026, 3, 4), date(2026, 4, 1), date(2026, 11, 28)
    with clock.at(datetime(2026, 11, 28, 3, 0, tzinfo=UTC)):
        assert days.day_said(before) == "2026年3月4日（水）"  # 4 March 2027 is still to come
        assert ui.short_day(before) == "2026/3/4（水）"
        assert days.day_said(last) == "4月1日（水）"
        assert days.dated(due) == "2026年11月28日（土）"
        assert days.until_said(before) == "2026年3月4日（水）まで（期限を過ぎています）"
        assert days.until_said(due) == "11月28日（土）まで"
        with override("en"):
            assert ui.short_day(before) == "Wed 4 Mar 2026"
            assert days.until_said(due) == "Until Sat 28 Nov 2026"
            assert days.until_said(before) == "Until Wed 4 Mar 2026 (overdue)"


@pytest.mark.parametrize(
    ("paid", "of", "said"),
    [(165, 1000, "16.5"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 1, "100.0"), (0, 0, "0.0")],
)
def test_the_share_that_is_paid_is_rounded_to_one_decimal(paid: int, of: int, said: str) -> None:
    row = Row(name="x", appropriated=of, committed=0, disbursed=paid, returned=0, carried=0)
    assert row.rate == said
