"""What a turn carries of its case is written by the database, whoever changes the case."""

import threading

import pytest
from django.db import transaction
from django.db.models import F, Q

from portal import clock
from portal.approvals.models import Step
from portal.cases import listing, visibility
from portal.cases.models import Case, Turn
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.journeys.test_rights import entered
from tests.portal.test_assigned_only import narrowed


def astray() -> int:
    """Turns that say something else than their cases."""
    same = Q()
    for column in Turn.CARRIED:
        alike = Q(**{column: F(f"case__{column}")})
        if column in ("assigned_to", "awarded_amount"):
            alike |= Q(**{column: None, f"case__{column}": None})
        same &= alike
    return Turn.objects.exclude(same).count()


def test_turns_follow_whatever_is_written_to_their_case(world: World) -> None:
    case = world.submitted()[0].case
    firm = world.submitted()[0].case.organisation
    rows = Case.objects.filter(pk=case.pk)
    assert Turn.objects.filter(case=case, programme_code=case.programme_code).exists()
    for given in (
        {"assigned_to": world.officer},
        {"assigned_to": None},
        {"programme_code": "another"},
        {"municipality_codes": ["012319"]},
        {"organisation": firm},
        {"is_draft": True},
        {"awarded_amount": 5},
        {"awarded_amount": None},
    ):
        rows.update(**given)
        assert Turn.objects.filter(case=case, **given).exists(), given
        assert astray() == 0


def test_a_turn_says_of_its_case_what_no_code_told_it(world: World) -> None:
    case = world.submitted()[0].case
    turn = Turn.objects.create(case=case, subject="x:1", side="office", what="x", since=clock.now())
    Turn.objects.filter(pk=turn.pk).update(programme_code="another", is_draft=True)
    assert Turn.objects.get(pk=turn.pk).programme_code == case.programme_code
    assert astray() == 0


def test_the_inbox_asks_no_case_who_sees_it(world: World) -> None:
    assert Case._meta.db_table not in str(listing.visible_turns(world.officer).query)


def test_a_turn_waits_for_what_another_is_writing_to_its_case(committed_world: World) -> None:
    case = committed_world.submitted()[0].case
    changed, seen = threading.Event(), threading.Event()

    def change() -> None:
        with transaction.atomic():
            Case.objects.filter(pk=case.pk).update(programme_code="another")
            changed.set()
            seen.wait(1)  # longer than the other would need, did it not wait

    def write() -> Turn:
        changed.wait(10)
        given = {"case": case, "subject": "x:1", "side": "office", "what": "x"}
        try:
            return Turn.objects.create(**given, since=clock.now())
        finally:
            seen.set()

    _done, turn = together(change, write)
    assert isinstance(turn, Turn), turn
    assert Turn.objects.get(pk=turn.pk).programme_code == "another"
    assert astray() == 0


@pytest.mark.parametrize("few", [0, 1_000])
def test_a_list_holds_what_a_step_brings_from_beyond_the_scope(
    world: World, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Named one by one where they are few, and by a query where they are many."""
    brought, other = world.accepted()[0], world.accepted()[0]
    world.approval("award", [other])
    approval = world.approval("award", [brought])
    person = narrowed(world)
    Step.objects.filter(approval=approval).update(person=person)
    monkeypatch.setattr(visibility, "FEW", few)
    client = entered(person)
    for path in ("/cases/", "/inbox/?tab=others", "/inbox/"):
        page = client.get(path).content.decode()
        assert other.case.number not in page
        if path == "/cases/":
            assert brought.case.number in page
    assert [turn.case for turn in listing.visible_turns(person)] == [brought.case]
