"""Ranks where a draw decides, and where seats are given: the ranking, and the waiting list that follows it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from django.test import Client

from grants.applications.models import Application
from grants.programmes.models import Call
from grants.programmes.selecting import Selection
from grants.reviews import ranking, rules
from portal import clock
from portal.cases.turns import differing
from portal.notices.models import Notice
from portal.workflow.door import perform
from tests.conftest import World
from tools.demonstration.rooms import seats

T0 = datetime(2026, 11, 1, tzinfo=UTC)


def entrant(n: int, amount: int) -> rules.Entrant:
    return rules.Entrant(n, f"IOT8-{n:04}", amount, T0 + timedelta(minutes=n))


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def ranks(rows: list[Application]) -> list[tuple[int | None, str]]:
    """(rank stored, rank on the newest notice) of each."""
    notices = [Notice.objects.filter(case=row.case, kind="waitlist").latest("pk") for row in rows]
    return [
        (fresh(row).waiting_rank, dict(notice.facts["items"])["補欠の順位"])
        for row, notice in zip(rows, notices, strict=True)
    ]


def test_the_line_of_a_lottery_lies_in_the_order_of_the_draw() -> None:
    rows = [entrant(n, 400) for n in range(1, 6)]
    drawn = sorted(rows, key=lambda row: rules.lottery_key("種", row.receipt))
    assert drawn != rows
    places = rules.ranking(rows, "lottery", budget=1000, seed="種")
    assert [(p.entrant, p.rank, p.inside, p.tied) for p in places] == [
        (row, n, n <= 2, False) for n, row in enumerate(drawn, 1)
    ]


def test_the_slots_of_a_lottery_go_to_those_drawn_first() -> None:
    rows = [entrant(n, 1) for n in range(1, 6)]
    places = rules.ranking(rows, "lottery", budget=None, slots=3, seed="種")
    assert [p.inside for p in places] == [True, True, True, False, False]


def test_a_score_or_a_pass_mark_changes_nothing_in_a_draw() -> None:
    rows = [entrant(n, 1) for n in range(1, 6)]
    plain = rules.ranking(rows, "lottery", budget=3, seed="種")
    assert (
        rules.ranking(rows, "lottery", budget=3, pass_mark=60, tie="lower_amount", seed="種")
        == plain
    )


def test_seats_are_counted_for_all_who_came_before() -> None:
    """Three seats: two and two do not fit, and who asks for one behind them does not overtake."""
    places = rules.ranking([entrant(1, 2), entrant(2, 2), entrant(3, 1)], "first_come", budget=3)
    assert [(p.entrant.pk, p.rank, p.cumulative, p.inside) for p in places] == [
        (1, 1, 2, True),
        (2, 2, 4, False),
        (3, 3, 5, False),
    ]


def test_the_waiting_list_of_a_lottery_follows_the_draw_over_two_drafts(world: World) -> None:
    call = world.calls["iot"] = world.call("iot")
    rows = [world.accepted("iot")[0] for _ in range(4)]
    with world.after_intake(call):
        call = perform(call, "select", by=world.officer)
        drawn = sorted(rows, key=lambda row: rules.lottery_key(call.seed, row.case.receipt_number))
        drawn = [fresh(row) for row in drawn]
        assert ranking.in_order(drawn[::-1]) == drawn
        world.decided("waitlist", [drawn[3], drawn[1]])
        assert ranks([drawn[1], drawn[3]]) == [(1, "第1位"), (2, "第2位")]
        world.decided("waitlist", [drawn[2], drawn[0]])
        assert ranks(drawn) == [(1, "第1位"), (2, "第2位"), (3, "第3位"), (4, "第4位")]
        assert differing() == []


def test_whom_nobody_scored_yet_the_ranking_refuses_nothing(world: World) -> None:
    call = world.calls["sales_channel"] = world.call("sales_channel")
    application, _person = world.accepted("sales_channel")
    with world.after_intake(call):
        [row] = ranking.ranked(call, application.frame)
        assert row["outlook"] == ("care", "採点がまだ", "")
        assert ranking.by_act([row], ["award", "reject"]) == {}


def rows_of(
    entrants: list[rules.Entrant], selection: Selection, budget: int
) -> list[ranking.Ranked]:
    places = rules.ranking(entrants, selection, budget=budget, pass_mark=60)
    out = ranking.Outlook("", "", "")
    return [
        ranking.Ranked(place=p, application=Application(), scores=[], outlook=out, lot="")
        for p in places
    ]


def test_the_line_of_the_budget_stands_below_the_last_that_fits() -> None:
    rows = [entrant(n, 400) for n in range(1, 4)]
    lines = [
        ranking.lines(rows_of(rows, "first_come", n), scored=False)["budget"]
        for n in (399, 800, 1200)
    ]
    assert lines == [0, 2, 3]


def test_the_pass_mark_has_a_line_of_its_own_and_moves_not_that_of_the_budget() -> None:
    """Two have passed, one has not, of one nobody knows; the money is for all four."""
    scores = [Fraction(90), Fraction(60), Fraction(59), None]
    rows = [replace(entrant(n, 400), score=score) for n, score in enumerate(scores, 1)]
    found = rows_of(rows, "competitive", 1600)
    assert ranking.lines(found, scored=True) == {"budget": 4, "mark": 2}
    unscored = rows_of(rows[3:], "competitive", 1600)
    assert ranking.lines(unscored, scored=True) == {"budget": 1, "mark": None}


def test_no_box_is_offered_while_others_may_still_apply(world: World, client: Client) -> None:
    call = world.calls["sales_channel"] = world.call("sales_channel")
    application, _person = world.accepted("sales_channel")
    client.force_login(world.officer)
    page = client.get(f"/staff/calls/{call.pk}/ranking/").content.decode()
    assert "受付が終わってから決定します" in page
    assert 'name="pick"' not in page
    assert "を起案する" not in page
    with world.after_intake(call):
        client.force_login(world.officer)
        page = client.get(f"/staff/calls/{call.pk}/ranking/").content.decode()
    assert f'value="{application.case.number}"' in page


@pytest.fixture
def course(world: World) -> Call:
    """A course of three seats, open now."""
    return seats.call_of(world.staff, clock.today() - timedelta(days=20), seats=3)


def test_the_waiting_list_for_seats_follows_the_arrival_whoever_asks_for_how_many(
    world: World, course: Call
) -> None:
    seats.enrolled(world.sim, course, clock.today() - timedelta(days=15), people=2)
    rows = [
        seats.accepted(seats.applied(world.sim, course, people=people), world.staff)
        for people in (2, 2, 1)
    ]
    for n, row in enumerate(rows):
        Application.objects.filter(pk=row.pk).update(
            arrived_at=clock.now() - timedelta(hours=3 - n)
        )
    rows = [fresh(row) for row in rows]
    assert ranking.left(course, rows[0].frame)["amount"] == 1
    assert [row["place"].inside for row in ranking.ranked(course, rows[0].frame)] == [
        False,
        False,
        False,
    ]
    world.decided("waitlist", [rows[2]])
    world.decided("waitlist", [rows[1], rows[0]])
    assert ranks(rows) == [(1, "第1位"), (2, "第2位"), (3, "第3位")]
    assert differing() == []
