"""What a firm has to find until the aid is there, month by month, to the yen."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from grants.programmes import cash, loading
from grants.programmes.cash import Cost, Month, Plan, flow, following
from grants.programmes.models import Call
from grants.programmes.parameters import read
from grants.programmes.values import planned
from portal.closures import calendars
from portal.money import aid
from tests.conftest import World
from tests.markup import one_line

DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
SUMS = st.lists(st.tuples(DAYS, st.integers(0, 10**9)), max_size=8)


def test_what_is_paid_is_advanced_until_the_aid_comes() -> None:
    found = flow(
        [(date(2026, 11, 30), 1_100_000), (date(2026, 12, 1), 220_001)],
        [(date(2027, 2, 28), 600_000)],
    )
    assert found == [
        Month(date(2026, 11, 1), 1_100_000, 0, 1_100_000),
        Month(date(2026, 12, 1), 220_001, 0, 1_320_001),
        Month(date(2027, 1, 1), 0, 0, 1_320_001),
        Month(date(2027, 2, 1), 0, 600_000, 720_001),
    ]


def test_an_advance_comes_before_what_it_pays() -> None:
    found = flow([(date(2026, 6, 5), 500)], [(date(2026, 5, 5), 400)])
    assert [month.advanced for month in found] == [-400, 100]


def test_nothing_moves_where_there_is_nothing() -> None:
    assert flow([], []) == []


@given(SUMS, SUMS)
def test_every_yen_stands_in_one_month(
    paid: list[tuple[date, int]], came: list[tuple[date, int]]
) -> None:
    found = flow(paid, came)
    out, back = (sum(yen for _day, yen in sums) for sums in (paid, came))
    assert sum(month.paid for month in found) == out
    assert sum(month.came for month in found) == back
    assert not found or found[-1].advanced == out - back
    firsts = [month.first for month in found]
    assert firsts[1:] == [following(first) for first in firsts[:-1]]


def test_the_aid_is_that_of_an_application_and_comes_by_the_programmes_days(world: World) -> None:
    call = world.calls["telework"]
    plan = cash.of_example(call)
    found = cash.forecast(call, plan)
    costs = {cost.category: cost.yen for cost in plan.costs}
    assert found.amount == aid(costs, call.stated.terms(plan.frame)).amount
    assert (found.months[0].paid, found.months[0].came) == (sum(costs.values()) * 110 // 100, 0)
    assert found.deepest.advanced == found.paid
    assert found.months[-1].first == found.comes_on.replace(day=1)
    assert found.months[-1].advanced == found.own == found.paid - found.amount
    days, periods = calendars.of_case(call), call.stated.periods
    waited = days.between(found.reported_on, found.comes_on)
    assert waited == periods.fixing_days + periods.payment_days


def test_who_reports_earlier_is_paid_earlier(world: World) -> None:
    call = world.calls["telework"]
    plan = cash.of_example(call)
    month = plan.costs[0].month
    early = cash.forecast(call, replace(plan, report_in=month))
    assert early.reported_on == cash.last_of(month)
    assert early.comes_on < cash.forecast(call, plan).comes_on
    never_late = cash.forecast(call, replace(plan, report_in=following(following(month))))
    assert never_late.reported_on == cash.report_by(call, month)


def test_an_advance_is_part_of_the_aid_and_makes_the_gap_smaller(world: World) -> None:
    call = world.calls["telework"]
    first = cash.payable_months(call)[0]
    last = cash.payable_months(call)[-1]
    frame = call.stated.frames[0]
    costs = [Cost(call.stated.categories[0].key, 900_000, last)]
    plain = cash.forecast(call, Plan(frame.key, costs))
    part = cash.forecast(call, Plan(frame.key, costs, advance=100_000, advance_in=first))
    assert (part.advance, part.rest) == (100_000, plain.amount - 100_000)
    assert part.deepest.advanced == plain.deepest.advanced - 100_000
    assert part.own == plain.own
    whole = cash.forecast(call, Plan(frame.key, costs, advance=10**9, advance_in=first))
    assert (whole.advance, whole.rest) == (plain.amount, 0)


def _with_advances(call: Call) -> None:
    changed = {**call.parameters, "payment": ["settlement", "advance"]}
    Call.objects.filter(pk=call.pk).update(parameters=changed)


def test_the_page_of_a_call_says_when_money_comes(world: World, client: Client) -> None:
    call = world.calls["telework"]
    page = one_line(client.get(call.public_url))
    assert "お金は、事業が終わってから受け取ります" in page
    assert "報告から20営業日ほどです" in page
    assert "（概算払）" not in page
    _with_advances(call)
    page = one_line(client.get(call.public_url))
    assert "お金は、事業が終わってから受け取ります" not in page
    assert "一部を先に受け取ることもできます（概算払）" in page


def test_own_costs_are_typed_without_a_script(world: World, client: Client) -> None:
    call = world.calls["telework"]
    address = f"{call.public_url}money/"
    assert "計算の例" in one_line(client.get(address))
    key, frame = call.stated.categories[0].key, call.stated.frames[0].key
    month = cash.payable_months(call)[0].isoformat()
    typed = {"frame": frame, f"cost_{key}": "９００，０００", f"month_{key}": month, "taxed": "on"}
    page = one_line(client.get(address, typed))
    assert "計算の結果" in page
    assert "990,000円" in page
    assert "advance" not in page
    del typed["taxed"]
    assert "990,000円" not in one_line(client.get(address, typed))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "費用を1つ以上入力してください。"),
        ({"report_in": "first"}, "最後の支払いより前の月には、報告できません。"),
        ({"advance": "50000"}, "先に受け取る額を請求する月を選んでください。"),
    ],
)
def test_what_cannot_be_reckoned_is_said(
    world: World, client: Client, typed: dict[str, str], said: str
) -> None:
    call = world.calls["telework"]
    _with_advances(call)
    months = [month.isoformat() for month in cash.payable_months(call)]
    key = call.stated.categories[0].key
    costs = {f"cost_{key}": "900000", f"month_{key}": months[-1]} if typed else {}
    typed = {name: months[0] if value == "first" else value for name, value in typed.items()}
    sent = {"frame": call.stated.frames[0].key, **costs, **typed}
    answer = client.get(f"{call.public_url}money/", sent)
    assert answer.status_code == 422
    assert said in one_line(answer)


def test_a_programme_of_seats_pays_nothing(world: World, client: Client) -> None:
    seats = read((loading.DATA / "ai_training.toml").read_text(encoding="utf-8"))
    assert "periods.payment_days" not in planned(seats)
    call = world.calls["telework"]
    assert {"periods.fixing_days", "periods.payment_days"} <= planned(call.stated).keys()
    Call.objects.filter(pk=call.pk).update(parameters=seats.model_dump(mode="json"))
    assert client.get(f"{call.public_url}money/").status_code == 404
