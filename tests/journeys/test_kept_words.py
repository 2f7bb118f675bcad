"""What a person typed stands on the page that refuses it, and a page that says "look again" can be answered."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from grants.applications import formal
from grants.applications.models import Application
from portal import clock
from portal.types import Given
from portal.workflow.door import perform
from tests.conftest import World
from tests.markup import one_line

LONG = "長い文章です。" * 800


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize(
    ("path", "sent", "kept"),
    [
        ("/cases/{n}/messages/", {"body": LONG}, LONG),
        ("/cases/{n}/checks/tax/", {"result": "clear", "evidence": LONG}, LONG),
        (
            "/cases/{n}/defects/",
            {"part": "answers.plan", "part_label": "計画", "cite": "要綱 第6条", "text": LONG},
            LONG,
        ),
        (
            "/cases/{n}/defects/",
            {"part": "answers.plan", "part_label": "計画", "cite": "　", "text": "直してください"},
            "直してください",
        ),
    ],
)
def test_a_form_that_is_refused_keeps_what_was_typed(
    world: World, client: Client, path: str, sent: Given, kept: str
) -> None:
    application, _person = world.submitted()
    client.force_login(world.officer)
    answer = client.post(path.format(n=application.case.number), sent)
    assert (answer.status_code, kept in answer.content.decode()) == (422, True)


def returned(world: World) -> Application:
    application, _person = world.submitted()
    formal.raise_defect(
        application, by=world.officer, part="answers.plan", part_label="計画", cite="x", text="x"
    )
    return perform(
        Application.objects.get(pk=application.pk), "return_for_correction", by=world.officer
    )


def opened(client: Client, path: str) -> Given:
    page = one_line(client.get(path))
    return {"seen": hidden(page, "seen"), "key": hidden(page, "key")}


def until(days: int) -> Given:
    day = clock.today() + timedelta(days=days)
    return {"correct_by_y": day.year, "correct_by_m": day.month, "correct_by_d": day.day}


def test_whoever_was_second_looks_again_and_presses_again(world: World, client: Client) -> None:
    application = returned(world)
    client.force_login(world.officer)
    path = f"/do/application/{application.pk}/extend_correction/"
    first, second = opened(client, path), opened(client, path) | {"reason": "大雪のため"}
    assert client.post(path, first | until(30) | {"reason": "雪のため"}).status_code == 302
    answer = client.post(path, second | until(45))
    assert (answer.status_code, "大雪のため" in answer.content.decode()) == (409, True)
    assert "ご自身が別の画面で" in answer.content.decode()
    page = one_line(answer)
    renewed = {"seen": hidden(page, "seen"), "key": hidden(page, "key"), "reason": "大雪のため"}
    assert client.post(path, renewed | until(45)).status_code == 302


def test_whoever_was_second_to_somebody_else_is_told_so(world: World, client: Client) -> None:
    application = returned(world)
    path = f"/do/application/{application.pk}/extend_correction/"
    client.force_login(world.officer)
    mine = opened(client, path) | until(45) | {"reason": "大雪のため"}
    other = world.staff["second_officer"]
    perform(
        Application.objects.get(pk=application.pk),
        "extend_correction",
        by=other,
        reason="雪のため",
        correct_by=clock.today() + timedelta(days=30),
    )
    answer = client.post(path, mine)
    assert answer.status_code == 409
    assert "ほかの人が先に更新しました" in answer.content.decode()


def test_a_form_sent_twice_is_done_once_and_other_words_are_not_taken_for_it(
    world: World, client: Client
) -> None:
    application, person = world.submitted()
    client.force_login(person)
    path = f"/do/application/{application.pk}/withdraw/"
    sent = opened(client, path) | {"reason": "都合により"}
    assert [client.post(path, sent).status_code for _press in range(2)] == [302, 302]
    assert client.post(path, sent | {"reason": "閉店のため"}).status_code == 409
