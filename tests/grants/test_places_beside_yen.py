"""A frame of places has yen beside them (decision 0094): asked for where the call is made, committed by the same
decision, held to its year, carried over; a course counts seats alone.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse

from grants.budget.carrying import carry_over, payment_refusals
from grants.budget.models import BudgetLine
from grants.programmes.models import Call, Programme
from portal import clock, fiscal
from portal.types import Given
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.markup import one_line


def programme(code: str = "telework") -> Programme:
    return Programme.objects.get(code=code, state="approved")


def typed(**other: str) -> Given:
    days = {"opens_on": 2, "closes_on": 12, "decision_on": 40, "project_ends_on": 70}
    return {
        **{f"{name}_y": f"{clock.today() + timedelta(days=n)}" for name, n in days.items()},
        "fiscal_year": str(fiscal.fiscal_year(clock.today())),
        "round_no": "8",
        "slots_standard": "150",
        "yen_standard": "60,000,000",
        "slots_expert": "100",
        "yen_expert": "55,000,000",
        **other,
    }


def lines(call: Call) -> dict[tuple[str, str], BudgetLine]:
    return {(line.frame, line.unit): line for line in BudgetLine.objects.filter(call=call)}


def test_the_form_begins_with_what_all_places_cost_and_makes_both_lines(
    world: World, client: Client
) -> None:
    client.force_login(world.officer)
    address = reverse("call_new", args=[programme().pk])
    page = client.get(address).content.decode()
    assert 'value="60,000,000"' in page  # 150 places of at most 400,000 yen
    assert client.post(address, typed()).status_code == 302
    made = lines(Call.objects.latest("pk"))
    assert {key: line.appropriated for key, line in made.items()} == {
        ("standard", "slots"): 150,
        ("standard", "yen"): 60_000_000,
        ("expert", "slots"): 100,
        ("expert", "yen"): 55_000_000,
    }


@pytest.mark.parametrize("yen", ["", "0"])
def test_no_call_that_pays_is_made_without_its_yen(world: World, client: Client, yen: str) -> None:
    client.force_login(world.officer)
    before = Call.objects.count()
    found = client.post(reverse("call_new", args=[programme().pk]), typed(yen_expert=yen))
    assert (found.status_code, Call.objects.count()) == (422, before)
    assert 'aria-invalid="true"' in found.content.decode()


def test_the_form_of_a_course_asks_for_seats_and_says_where_its_costs_are_paid(
    world: World, client: Client
) -> None:
    client.force_login(world.officer)
    page = one_line(client.get(reverse("call_new", args=[programme("ai_training").pk])))
    assert "このポータルが数えるのは席だけです" in page
    assert 'name="seats_basic"' in page
    assert 'name="yen_basic"' not in page


@pytest.mark.parametrize(
    ("code", "rows", "is_kept"),
    [
        ("telework", [("standard", "yen", 9), ("standard", "slots", 9)], True),
        ("telework", [("standard", "slots", 9), ("standard", "yen", 9)], True),
        ("telework", [("standard", "slots", 9), ("expert", "yen", 9)], False),
        ("telework", [("standard", "seats", 9)], False),
        ("ai_training", [("basic", "seats", 9)], True),
        ("ai_training", [("basic", "seats", 9), ("basic", "yen", 9)], False),
    ],
)
def test_the_database_keeps_no_places_without_yen_and_no_yen_beside_seats(
    world: World, code: str, rows: list[tuple[str, str, int]], is_kept: bool
) -> None:
    world.call(code, round_no=9, decided_after=10, budgets=rows)
    with connection.cursor() as cursor:
        if is_kept:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return
        with pytest.raises(IntegrityError, match="budget_units"):
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@begins(awarded)
def test_a_decision_takes_a_place_and_its_yen_which_are_held_to_the_year_and_carried_over(
    world: World,
) -> None:
    award, _person = world.begun(awarded)
    own, case = lines(award.application.call), award.case
    yen, places = own[award.frame, "yen"], own[award.frame, "slots"]
    assert (yen.committed, places.committed) == (award.awarded_amount, 1)
    owed = {case: award.awarded_amount}
    frame = {case: (award.application.call_id, award.frame)}
    last = date(yen.fiscal_year + 1, 5, 31)
    assert payment_refusals(frame, owed, last) == []
    [reason] = payment_refusals(frame, owed, last + timedelta(days=1))
    assert "繰り越した額だけ" in reason
    finance = world.staff["treasurer"]
    carry_over(yen, award.awarded_amount, by=finance, note="繰越明許費", case=case)
    assert payment_refusals(frame, owed, last + timedelta(days=1)) == []
