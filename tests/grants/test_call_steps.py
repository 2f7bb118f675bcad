"""What must be true before each step of a call, and the words one reads where it is not."""

from datetime import timedelta

import pytest

from grants.programmes.models import Call, IntakePeriod
from grants.programmes.steps import ASKED, STEPS
from portal import clock
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from portal.workflow.ports import joined_requirements
from tests.conftest import World


def test_each_step_asks_what_stands_in_its_table() -> None:
    """Nothing is asked beside the table, and the table names each step of a call once."""
    found = {
        name: tuple(
            requirement.name
            for requirement in (*spec.requirements, *joined_requirements.of(Call, name))
        )
        for name, spec in Call.specs().items()
    }
    assert found == STEPS
    assert {name for asked in STEPS.values() for name in asked} == set(ASKED)


def refusal(world: World, call: Call, name: str) -> tuple[str, ...]:
    by = world.officer if name == "select" else world.director
    with pytest.raises(NotReady) as refused:
        perform(Call.objects.get(pk=call.pk), name, by=by, reason="x")
    return tuple(refused.value.reasons)


def test_the_words_of_each_thing_that_is_missing(world: World) -> None:
    call = world.call("iot")
    until = call.intake_until(call.last_closes_at)
    still = f"受付は{until}までです。受付が終わると進められます。"
    drawn = "抽選がまだです。先に「選考に進む」を押してください。"
    decided = "結果の決まっていない申請が1件あります。すべて決まると公表できます。"
    world.calls["iot"] = call
    world.submitted("iot")
    assert refusal(world, call, "select") == (still,)
    assert refusal(world, call, "publish_results") == (still, drawn, decided)
    with world.after_intake(call):
        assert refusal(world, call, "publish_results") == (drawn, decided)
        perform(Call.objects.get(pk=call.pk), "select", by=world.officer)
        assert refusal(world, call, "publish_results") == (decided,)


def test_a_call_without_a_period_is_not_approved(world: World) -> None:
    call = world.call("iot", round_no=7)
    Call.objects.filter(pk=call.pk).update(state="draft")
    IntakePeriod.objects.filter(call=call).delete()
    assert refusal(world, call, "approve") == ("受付期間を1つ以上入れてください。",)


def test_an_earlier_closing_is_refused_with_the_present_one(world: World) -> None:
    call = world.call("iot")
    sooner = clock.now() + timedelta(days=1)
    with pytest.raises(NotReady, match=call.intake_until(call.last_closes_at)):
        perform(call, "extend", by=world.director, reason="x", closes_at=sooner)
