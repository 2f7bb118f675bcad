"""代決, with two threads: of two who act in the same step at once one is first, and the other hears so."""

import threading

import pytest

from portal.accounts import absences
from portal.accounts.models import Deputy, User
from portal.approvals.models import Approval, Step, circulation
from portal.workflow import door
from portal.workflow.door import perform
from tests.absences import away, named
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.portal.test_approvals import drafted, told
from tests.portal.test_standing_in import third_approver


def two_deputies(world: World) -> tuple[Approval, User, User]:
    """The director is away, and so is the first deputy: both deputies may act."""
    third = third_approver(world)
    named(world.director, world.approver, third)
    away(world.director)
    away(world.approver)
    return world.approval("award", [world.accepted()[0]]), world.approver, third


def both(approval: Approval, first: tuple[str, User], second: tuple[str, User]) -> list[str]:
    """What became of two acts at once, by the names of the answers."""
    found = together(
        lambda: perform(Approval.objects.get(pk=approval.pk), first[0], by=first[1]),
        lambda: perform(Approval.objects.get(pk=approval.pk), second[0], by=second[1]),
    )
    return sorted(type(answer).__name__ for answer in found)


def test_two_deputies_at_once_decide_once(committed_world: World) -> None:
    approval, first, second = two_deputies(committed_world)
    answers = both(approval, ("approve_as_deputy", first), ("approve_as_deputy", second))
    assert answers == ["Approval", "WrongState"]
    assert Step.objects.get(approval=approval).decision == "deputised"


def test_a_deputy_and_the_person_who_is_back_decide_once(committed_world: World) -> None:
    world = committed_world
    named(world.director, world.approver)
    away(world.director)
    approval = world.approval("award", [world.accepted()[0]])
    answers = both(approval, ("approve_as_deputy", world.approver), ("approve", world.director))
    assert answers == ["Approval", "WrongState"]


def test_without_the_lock_two_deputies_would_both_decide(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control."""
    approval, first, second = two_deputies(committed_world)
    seen: list[int] = []
    original = circulation.decide

    def slowly(approval: Approval, by: User, decision: str, opinion: str) -> None:
        original(approval, by, decision, opinion)
        seen.append(by.pk)
        threading.Event().wait(0.5)

    monkeypatch.setattr(circulation, "decide", slowly)
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    both(approval, ("approve_as_deputy", first), ("approve_as_deputy", second))
    assert sorted(seen) == sorted([first.pk, second.pk])


def test_an_absence_taken_back_at_once_with_the_deputys_act_leaves_one_of_the_two(
    committed_world: World,
) -> None:
    """Whichever is first: the decision stands by a deputy who was allowed to, or is refused."""
    world = committed_world
    named(world.director, world.approver)
    absence = away(world.director)
    approval = world.approval("award", [world.accepted()[0]])
    decided, _taken = together(
        lambda: perform(approval, "approve_as_deputy", by=world.approver),
        lambda: absences.take_back(absence, by=world.director),
    )
    state = Approval.objects.get(pk=approval.pk).state
    assert (type(decided).__name__, state) in {
        ("Approval", "approved"),
        ("Forbidden", "circulated"),
    }


def test_two_deputies_named_at_once_have_two_places(committed_world: World) -> None:
    world = committed_world
    third = third_approver(world)
    together(lambda: named(world.director, world.approver), lambda: named(world.director, third))
    assert sorted(Deputy.objects.values_list("n", flat=True)) == [1, 2]


def test_two_who_are_asked_together_agree_at_once_and_the_next_is_asked_once(
    committed_world: World,
) -> None:
    world = committed_world
    first, second = world.staff["accountant"], world.staff["inspector"]
    approval = drafted(
        world, 1, "award", ("consult", first), ("consult", second), ("decide", world.director)
    )
    approval = perform(approval, "circulate", by=world.officer)
    assert both(approval, ("agree", first), ("agree", second)) == ["Approval", "Approval"]
    assert [step.person for step in Approval.objects.get().open_steps] == [world.director]
    assert told("起案の決裁をお願いします") == ["director"]
