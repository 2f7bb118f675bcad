"""The road of a case, its clocks and its headline: no day that has passed is said to come."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.html import strip_tags

from grants.applications import formal, road
from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User
from portal.days import planned_said
from portal.workflow.door import perform
from tests.conftest import World
from tests.grants.test_completion import awarded
from tools.demonstration import simulation

Way = Callable[[World], tuple[Application, User]]


def _returned(world: World) -> tuple[Application, User]:
    application, person = world.submitted()
    formal.raise_defect(
        application, by=world.officer, part="plan.title", part_label="名称", cite="x", text="x"
    )
    return perform(application, "return_for_correction", by=world.officer), person


def _awarded(world: World) -> tuple[Application, User]:
    award, person = awarded(world)
    return award.application, person


WAYS: dict[str, Way] = {
    "submitted": World.submitted,
    "returned": _returned,
    "accepted": World.accepted,
    "awarded": _awarded,
}
# a day, and what says that it is still to come
TO_COME = re.compile(
    r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日(?:（.）)?\s*(?:まで|ごろ|の予定)(?!でした|（期限を過ぎています）)"
)


def said_to_come(page: str) -> Iterator[date]:
    """Of what the page says itself; a mail stands on it as it was sent."""
    today = clock.today()
    page = re.sub(r'<div class="mail-text">.*?</div>', "", page, flags=re.DOTALL)
    for year, month, day in TO_COME.findall(strip_tags(page)):
        found = date(int(year or today.year), int(month), int(day))
        # without its year a day is the nearest of its name
        nearest = (found, found.replace(year=found.year + 1), found.replace(year=found.year - 1))
        yield found if year else min(nearest, key=lambda each: abs((each - today).days))


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("days", [0, 1, 30, 60, 110, 200])
def test_no_day_that_has_passed_is_said_to_come(world: World, state: str, days: int) -> None:
    application, person = WAYS[state](world)
    client = Client()
    client.force_login(person)
    with clock.at(simulation.at(clock.today() + timedelta(days=days), 10)):
        client.force_login(person)
        page = client.get(application.case.get_absolute_url()).content.decode()
        main = page[page.index("<main") : page.index("</main>")]
        assert [day for day in said_to_come(main) if day < clock.today()] == []
        for step in road.steps(Application.objects.get(pk=application.pk)):
            assert [day for day in said_to_come(step["when"]) if day < clock.today()] == []


def test_a_planned_day_is_said_to_be_past_once_it_is(world: World) -> None:
    application, _person = world.submitted()
    day = application.call.decision_on
    for offset, ending in ((-1, "の予定です"), (0, "の予定です"), (1, "の予定でした")):
        with clock.at(simulation.at(day + timedelta(days=offset), 10)):
            assert planned_said(day).endswith(ending)
