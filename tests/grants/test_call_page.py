"""What the public page of a call says before one applies: costs that count and that do not, what its frames
have left (decision 0106), briefings to come.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from grants.applications import submit
from grants.budget import public
from grants.budget.models import BudgetLine
from grants.programmes import catalogue, choosing, guideline, loading, steps
from grants.programmes.models import Call
from grants.programmes.parameters import read
from grants.programmes.ports import Left
from grants.programmes.states import CallState
from grants.programmes.values import planned
from portal import clock
from portal.days import day_said, planned_said
from tests.conftest import World
from tests.markup import one_line

FILES = sorted(path.name for path in loading.DATA.glob("*.toml"))


@pytest.mark.parametrize("name", FILES)
def test_each_shipped_programme_says_what_does_not_count(name: str) -> None:
    stated = read((loading.DATA / name).read_text(encoding="utf-8"))
    titles = [article.title for article in guideline.articles(stated)]
    assert "対象にならない費用" in titles
    assert all(f"uncounted.{row.key}" in planned(stated) for row in stated.uncounted)
    if stated.kind != "seats":
        assert all(category.examples for category in stated.categories)
    with override("en"):
        said = catalogue.costs(stated)
    assert all(row[0].isascii() for rows in (said["counted"], said["uncounted"]) for row in rows)


def test_costs_are_told_with_examples_in_both_languages(world: World, client: Client) -> None:
    call = world.calls["telework"]
    page = one_line(client.get(call.public_url))
    assert "ノートパソコン、モニター" in page
    assert "社員が自分で買った機器" in page
    english = one_line(client.get(f"/en{call.public_url}"))
    assert "Devices that staff bought themselves" in english
    assert "laptops, displays" in english


def test_a_call_of_an_older_file_says_what_it_states(world: World, client: Client) -> None:
    call = world.calls["telework"]
    Call.objects.filter(pk=call.pk).update(
        parameters={k: v for k, v in call.parameters.items() if k != "uncounted"}
    )
    page = one_line(client.get(call.public_url))
    assert "対象になる費用" in page
    assert "対象にならない費用</h3>" not in page


@pytest.mark.parametrize(
    ("whole", "unpromised", "cap", "least", "below"),
    [
        (20_000_000, 20_000_000, 1_500_000, 20_000_000, None),
        (20_000_000, 19_999_999, 1_500_000, 18_000_000, 20_000_000),
        (20_000_000, 18_000_000, 1_500_000, 18_000_000, 20_000_000),
        (20_000_000, 17_999_999, 1_500_000, 16_000_000, 18_000_000),
        (5_000_000, 4_500_000, 3_000_000, 2_000_000, 5_000_000),
        (5_000_000, 1_999_999, 3_000_000, 0, 2_000_000),
        (20_000_000, 0, 1_500_000, 0, 2_000_000),
        (0, 0, 1_500_000, 0, None),
    ],
)
def test_yen_that_are_left_are_told_roughly(
    whole: int, unpromised: int, cap: int, least: int, below: int | None
) -> None:
    told = public.rough(whole, unpromised, cap)
    assert told == Left(unit="yen", whole=whole, least=least, below=below)


def test_any_first_award_is_told_the_same() -> None:
    """Whoever reads that a frame lost something cannot say whether it was one yen or the cap."""
    cap = 1_500_000
    told = {public.rough(20_000_000, 20_000_000 - yen, cap) for yen in (1, 340_000, cap)}
    assert len(told) == 1


def test_a_frame_says_what_it_has_left_and_whether_others_wait(
    world: World, client: Client
) -> None:
    call = world.calls["telework"]
    whole = BudgetLine.objects.get(call=call, frame="standard", unit="slots").appropriated
    page = one_line(client.get(call.public_url))
    assert f"残り {whole}件（{whole}件のうち）" in page
    assert "結果を待っている申請があります" not in page
    world.submitted()
    assert "結果を待っている申請があります" in one_line(client.get(call.public_url))


def test_no_budget_is_shown_beside_the_one_that_the_call_has(world: World, client: Client) -> None:
    """What a programme states as usual is not what this call was given."""
    call = world.call(
        "dx_promotion", budgets=[("dx", "yen", 65_000_000), ("digitalisation", "yen", 25_000_000)]
    )
    for page in (call.public_url, call.guideline_url()):
        shown = one_line(client.get(page))
        assert "予算額：" not in shown
        assert "6,000万円" not in shown
    assert "残り 6,500万円" in one_line(client.get(call.public_url))
    Call.objects.filter(pk=call.pk).update(state=CallState.DECIDED)
    assert "6,500万円" in one_line(client.get(call.public_url))


def test_the_day_of_a_decision_and_the_standard_time_are_explained_together(
    world: World, client: Client
) -> None:
    call = world.call("dx_promotion")
    application, person = world.draft(call=call)
    application = submit.submit(application, by=person)
    client.force_login(person)
    latest = steps.latest_decision(call)
    assert latest is not None
    assert call.decision_on <= latest
    page = one_line(client.get(application.case.get_absolute_url()))
    days = call.stated.periods.standard_days
    assert (
        f"標準の処理期間は、受付の終わりから{days}営業日（{day_said(latest)}まで）で、予定の日はその中で決めています。"
        in page
    )
    assert f"決定は{planned_said(call.decision_on)}。標準" in page
    first_come, person = world.submitted()
    client.force_login(person)
    assert "標準の処理期間は、届いてから" in one_line(
        client.get(first_come.case.get_absolute_url())
    )


def test_an_award_takes_a_place(world: World, client: Client) -> None:
    application, _firm = world.accepted()
    call = application.call
    line = BudgetLine.objects.get(call=call, frame=application.frame, unit="slots")
    world.decided("award", [application])
    left = one_line(client.get(call.public_url))
    assert f"残り {line.appropriated - 1}件（{line.appropriated}件のうち）" in left
    Call.objects.filter(pk=call.pk).update(state=CallState.DECIDED)
    assert "件のうち）" not in one_line(client.get(call.public_url))


def test_what_is_left_is_asked_twice_however_many_applied(
    world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _n in range(3):
        world.submitted()
    call = Call.objects.get(pk=world.calls["telework"].pk)
    with django_assert_num_queries(2):
        assert len(choosing.frames(call)) == 2


def test_only_briefings_to_come_are_announced(world: World, client: Client) -> None:
    call = world.calls["telework"]
    days = {"きのうの会場": -1, "あすの会場": 1}
    Call.objects.filter(pk=call.pk).update(
        briefings=[
            {"at": (clock.now() + timedelta(days=n)).isoformat(), "place": place}
            for place, n in days.items()
        ]
    )
    page = one_line(client.get(call.public_url))
    assert "あすの会場" in page
    assert "きのうの会場" not in page
