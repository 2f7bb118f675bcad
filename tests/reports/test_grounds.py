"""The grounds of a municipality's ordinance: a table that two administrators bring into force, and that a
request keeps.
"""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal import clock
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from reports.disclosure import tables
from reports.disclosure.ground_forms import GroundsForm
from reports.disclosure.grounds import SHIPPED, Ground, misfits
from reports.disclosure.tables import GroundTable
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.portal.test_roles import entered
from tests.reports.test_public_copies import received, text_of

OWN = [Ground("person", "第1号", "個人の情報", "個人が分かるため"), *SHIPPED[1:]]


def in_force(world: World, grounds: list[Ground], starts_on: date) -> GroundTable:
    first, second = world.staff["administrator"], world.staff["second_administrator"]
    city = Municipality.objects.get(pk=SAPPORO)
    table = tables.propose(city, grounds, starts_on, by=first)
    tables.confirm(table, by=second)
    return table


def test_what_masks_are_proposed_with_stays_in_every_table() -> None:
    assert misfits(SHIPPED) == []
    assert len(misfits([ground for ground in SHIPPED if ground.code != "deliberation"])) == 1
    assert len(misfits([ground for ground in SHIPPED if ground.code == "deliberation"])) == 3
    assert len(misfits([*SHIPPED, Ground("own1", "", SHIPPED[0].name, "x")])) == 1


def test_a_line_needs_its_name_and_its_sentence() -> None:
    whole = GroundsForm(grounds=OWN)
    sent = {name: str(whole[name].value() or "") for name in whole.fields if name != "starts_on"}
    day = {"starts_on_y": "2027", "starts_on_m": "4", "starts_on_d": "1"}
    assert GroundsForm(sent | day, grounds=OWN).is_valid()
    for name in ("name-own1", "clause-own1", "why-own1"):
        assert not GroundsForm(sent | day | {name: "x"}, grounds=OWN).is_valid()
    assert not GroundsForm(
        sent | day | {"name-person": "", "why-person": ""}, grounds=OWN
    ).is_valid()
    form = GroundsForm(sent | day | {"name-own1": "法令", "why-own1": "法令により"}, grounds=OWN)
    assert form.is_valid()
    assert [ground.code for ground in form.cleaned_data["grounds"]][-1] == "own1"


def test_a_table_never_begins_in_the_past(world: World) -> None:
    first, second = world.staff["administrator"], world.staff["second_administrator"]
    city, today = Municipality.objects.get(pk=SAPPORO), clock.today()
    with pytest.raises(NotReady, match="今日からの日"):
        tables.propose(city, OWN, today - timedelta(days=1), by=first)
    table = tables.propose(city, OWN, today, by=first)
    with (
        clock.at(clock.now() + timedelta(days=1)),
        pytest.raises(NotReady, match="今日からの日"),
    ):
        tables.confirm(table, by=second)


def test_a_table_holds_from_its_day_once_another_confirmed_it(world: World) -> None:
    first, second = world.staff["administrator"], world.staff["second_administrator"]
    city, today = Municipality.objects.get(pk=SAPPORO), clock.today()
    table = tables.propose(city, OWN, today, by=first)
    assert tables.holding(SAPPORO, today) == list(SHIPPED)
    with pytest.raises(NotReady, match="確認を待っている提案"):
        tables.propose(city, OWN, today, by=second)
    with pytest.raises(Forbidden):
        tables.confirm(table, by=first)
    tables.confirm(table, by=second)
    assert tables.holding(SAPPORO, today)[0].said == "第1号　個人の情報。個人が分かるため"
    assert tables.holding(SAPPORO, today - timedelta(days=1)) == list(SHIPPED)
    with pytest.raises(NotReady):
        tables.take_back(table, by=second)
    with transaction.atomic(), pytest.raises(IntegrityError):
        GroundTable.objects.create(
            municipality=city,
            starts_on=clock.today(),
            is_confirmed=True,
            proposed_by=first,
            closed_by=first,
            closed_at=clock.now(),
        )


def test_a_request_keeps_the_table_of_its_day_and_its_copy_says_the_clause(world: World) -> None:
    in_force(world, OWN, clock.today())
    row = received(world, awarded(world)[0].case)
    later = [Ground("person", "第9号", "別の名", "別の文"), *SHIPPED[1:]]
    in_force(world, later, clock.today())
    told = text_of(row.drawn().data)
    assert "第1号個人の情報。個人が分かるため" in told
    assert "第9号" not in told
    n = next(k for k, (_kind, _text, spans) in enumerate(row.marked) if spans)
    assert perform(row, "mark", by=world.officer, line=n, spans=row.marked[n][2]).withheld


def test_the_table_is_proposed_on_its_page(world: World) -> None:
    client = entered(world.staff["administrator"])
    address = reverse("ground_edit", args=[SAPPORO])
    assert "計画値" in client.get(address).content.decode()
    assert client.post(address, {"starts_on_y": "2027"}).status_code == 422
    whole = GroundsForm(grounds=list(SHIPPED))
    sent = {name: str(whole[name].value() or "") for name in whole.fields if name != "starts_on"}
    sent |= {
        "starts_on_y": "2027",
        "starts_on_m": "4",
        "starts_on_d": "1",
        "clause-person": "第7条第1号",
    }
    assert client.post(address, sent).headers["Location"] == reverse("ground_list")
    assert GroundTable.objects.get().grounds[0].clause == "第7条第1号"
    assert "第7条第1号" in client.get(reverse("ground_list")).content.decode()
