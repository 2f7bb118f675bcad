"""Two people who write the same words at once, from two pages drawn at the same time: the second hears of
the first. First the control, without the lock.
"""

import threading
from collections.abc import Callable

import pytest

from grants.applications import drafts, officer_list
from grants.applications.content import Officer
from grants.applications.models import OfficerList
from portal.workflow import door
from portal.workflow.errors import Overtaken, Refused
from startups.challenges import writing
from startups.challenges.following import Question
from tests.concurrency.test_races import together
from tests.conftest import World
from tools.demonstration.rooms import challenges


def slowed(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    """Widen the window between reading and writing."""
    told: Callable[..., object] = getattr(module, name)

    def wait(*given: object, **named: object) -> object:
        found = told(*given, **named)
        threading.Event().wait(0.5)
        return found

    monkeypatch.setattr(module, name, wait)


def two_answers(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], Question]:
    call = challenges.round_of(world.staff)
    challenge = challenges.published(call, world.staff, "owner", challenges.SNOW)
    question = writing.ask(challenge, text="何枚ですか。", by=world.people["representative"])
    slowed(monkeypatch, Question.objects, "get")
    found = together(
        *[
            lambda who=who, text=text: writing.answer(
                question, shown="x", answer=text, by=world.staff[who], seen=question.said
            )
            for who, text in (("owner", "2枚です。"), ("concierge", "3枚です。"))
        ]
    )
    return found, question


def test_control_without_the_lock_an_answer_is_written_over(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "lock", lambda _rows: None)
    found, _question = two_answers(committed_world, monkeypatch)
    assert found == [None, None]


def test_of_two_answers_at_once_the_second_is_told(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, question = two_answers(committed_world, monkeypatch)
    told = next(result for result in found if isinstance(result, Overtaken))
    question.refresh_from_db()
    assert told.differences["answer"][0] == question.answer
    assert found.count(None) == 1


def person(name: str) -> Officer:
    return Officer(name=name, kana="ヤマダ", born_on="1970-01-01", sex="X", address="札幌市")


def two_lists(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[list[object], OfficerList]:
    application, _person = world.draft()
    seen = officer_list.of(application).seen
    slowed(monkeypatch, officer_list, "of")
    lists = ([person("一人")], [person("一人"), person("二人")])
    found = together(
        *[
            lambda people=people: officer_list.save(application, people, seen=seen)
            for people in lists
        ]
    )
    return found, OfficerList.objects.get(application=application)


def test_control_without_the_lock_a_list_is_written_over(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drafts, "hold", lambda _application: None)
    found, _kept = two_lists(committed_world, monkeypatch)
    assert not any(isinstance(result, Refused) for result in found)


def test_of_two_lists_at_once_the_second_is_told(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found, kept = two_lists(committed_world, monkeypatch)
    assert sorted(type(result).__name__ for result in found) == ["NoneType", "Stale"]
    assert kept.people == found.index(None) + 1
