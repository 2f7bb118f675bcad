"""The catalogue with hundreds of calls: as many questions as with ten; and what its queries find is what a
call says of itself, at every moment.
"""

import copy
from datetime import datetime, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test import Client

from grants.fitting import offers
from grants.fitting.fit import Offer
from grants.programmes import catalogue
from grants.programmes.models import Call, IntakePeriod
from grants.programmes.states import CALL_RUNNING, CallState
from portal import clock
from portal.registry.codes import SAPPORO
from portal.workflow.door import perform
from startups.challenges.models import Challenge
from startups.challenges.views import named
from tests.conftest import World
from tests.grants.test_fitting import fitted
from tests.grants.test_many_rows import counted
from tests.journeys.test_queries import count

DAY, TICK = timedelta(days=1), timedelta(microseconds=1)


def copies(world: World, n: int) -> list[Call]:
    """More calls like the announced one, each with a name of its own, without periods."""
    first = Call.objects.get(pk=world.calls["telework"].pk)
    had, rows = Call.objects.count(), []
    for k in range(had, had + n):
        row = copy.copy(first)
        row._state = copy.copy(first._state)
        row.pk, row.code, row.round_no = None, f"{first.code}-{k}", 1000 + k
        row.parameters = {**row.parameters, "name": {**row.parameters["name"], "en": f"Call {k}"}}
        rows.append(row)
    return Call.objects.bulk_create(rows)


def takes_in(call: Call, *spans: tuple[datetime, datetime]) -> None:
    IntakePeriod.objects.bulk_create(
        IntakePeriod(call=call, n=n, opens_at=opens, closes_at=closes)
        for n, (opens, closes) in enumerate(spans, 1)
    )


@pytest.mark.parametrize(
    ("path", "who"),
    [
        ("/", ""),
        ("/programmes/", ""),
        ("/programmes/?q=補助&size=50&open=on", ""),
        ("/exp/v1/public/subsidies?keyword=補助", ""),
        ("/api/v1/calls", ""),
        ("/programmes/feed.atom", ""),
        ("/staff/programmes/", "officer"),
        ("/organisations/{firm}/fitting/", "member"),
    ],
)
def test_a_page_asks_the_same_of_ten_calls_and_of_three_hundred(
    world: World, path: str, who: str
) -> None:
    firm, person = fitted(world)
    client = Client()
    if who:
        client.force_login(person if who == "member" else world.staff[who])
    found = []
    for n in (24, 276):
        now = clock.now()
        for row in copies(world, n):
            takes_in(row, (now - DAY, now + DAY))
        found.append(count(client, path.format(firm=firm.pk)))
    assert found[0] == found[1]
    assert found[1] <= 12


def test_challenges_are_named_with_their_towns_without_a_question(world: World) -> None:
    """They stand on the first page, beside the calls."""
    row = Challenge(municipality_codes=[SAPPORO])
    with counted() as found:
        assert named([row]) == [(row, "札幌市")]
    assert len(found) == 0


def varied(world: World, now: datetime) -> list[datetime]:
    """Calls in each state with periods of many kinds; the moments at which they differ."""
    spans = [
        [(now - 2 * DAY, now)],
        [(now, now + DAY)],
        [(now - 3 * DAY, now - 2 * DAY), (now + DAY, now + 2 * DAY)],
        [(now - 3 * DAY, now + DAY), (now + 2 * DAY, now + 4 * DAY)],
        [],
    ]
    for state, listed, span in product(CallState, (True, False), spans):
        (row,) = copies(world, 1)
        Call.objects.filter(pk=row.pk).update(state=state, listed=listed)
        takes_in(row, *span)
    edges = {moment for span in spans for period in span for moment in period}
    return sorted(at + tick for at in edges for tick in (-TICK, TICK * 0, TICK))


def midnight() -> datetime:
    """In Japan, where the day of the database is still the one before."""
    return datetime.combine(clock.today(), datetime.min.time(), clock.JST)


def test_what_is_open_is_what_each_call_says_at_every_moment(world: World) -> None:
    for moment in varied(world, midnight()):
        with clock.at(moment):
            every = list(Call.objects.prefetch_related("periods"))
            assert {call.pk for call in every if call.is_open} == set(
                Call.objects.open().values_list("pk", flat=True)
            )
            shown = [call for call in every if call.is_public and call.listed]
            stages = {call.pk: vars(call)["stage"] for call in catalogue.find({})}
            assert stages == {call.pk: _stage(call) for call in shown}
            n_open = sum(call.is_open for call in shown)
            assert catalogue.counts() == {"total": len(shown), "n_open": n_open}


def _stage(call: Call) -> int:
    if call.is_open:
        return catalogue.OPEN
    is_to_come = call.state in CALL_RUNNING and call.periods.all() and not call.is_intake_over
    return catalogue.TO_COME if is_to_come else catalogue.OVER


def test_what_is_offered_is_what_each_call_says_at_every_moment(world: World) -> None:
    for moment in varied(world, midnight()):
        with clock.at(moment):
            rows = catalogue.public().prefetch_related("periods").select_related("programme")
            wanted = sorted(
                (
                    call
                    for call in rows.filter(state=CallState.ANNOUNCED)
                    if call.periods.all() and not call.is_intake_over
                ),
                key=lambda call: (call.next_period is not None, call.closes_at, call.pk),
            )
            assert [_said(offer) for offer in offers.offered()] == [
                _said(Offer.of(call)) for call in wanted
            ]


def _said(offer: Offer) -> tuple[object, ...]:
    return (*offer[:3], offer.conditions.rules, offer.closes_at)


def test_a_call_that_pauses_or_closes_later_is_offered_so(world: World) -> None:
    call = world.calls["telework"]
    perform(call, "suspend", by=world.staff["approver"], public_reason="確認のため")
    assert call.pk not in [offer.pk for offer in offers.offered()]
    perform(call, "resume", by=world.staff["approver"])
    later = call.periods.latest("closes_at").closes_at + DAY
    perform(call, "extend", by=world.staff["approver"], closes_at=later, reason="機器の故障のため")
    assert {offer.pk: offer.closes_at for offer in offers.offered()}[call.pk] == later


def test_calls_of_the_same_conditions_share_them_however_they_were_written(world: World) -> None:
    now = clock.now()
    alike, other = copies(world, 2)
    for row in (alike, other):
        takes_in(row, (now - DAY, now + DAY))
    first = world.calls["telework"]
    found = {offer.pk: offer.conditions for offer in offers.offered()}
    assert found[alike.pk] is found[other.pk] is found[first.pk]
    with connection.cursor() as cursor:  # by nobody's door: the database keeps it all the same
        cursor.execute(
            "UPDATE grants_programmes_call SET parameters ="
            " jsonb_set(parameters, '{rules}', '[]') WHERE id = %s",
            [other.pk],
        )
    found = {offer.pk: offer.conditions for offer in offers.offered()}
    assert found[other.pk].rules == ()
    assert found[alike.pk] is found[first.pk]


def test_the_page_of_what_fits_has_pages_and_counts_all(world: World, client: Client) -> None:
    firm, person = fitted(world)
    now = clock.now()
    for row in copies(world, 24):
        takes_in(row, (now - DAY, now + 40 * DAY))
    client.force_login(person)
    path = f"/organisations/{firm.pk}/fitting/"
    first, second = client.get(path).context, client.get(f"{path}?page=2").context
    keys = [row.call.pk for page in (first, second) for row in page["fits"]]
    assert (len(first["fits"]), first["n"]["fits"]) == (20, 25)
    assert len(keys) == len(set(keys)) == 25
    assert "合う支援25件" in client.get("/my/").content.decode()
