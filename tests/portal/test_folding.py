"""The case page, folded: what a role does is open, all else is one press away, and a link opens it."""

import re
from pathlib import Path

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.cases.folding import DONE_IN, OPEN
from portal.cases.models import Case
from portal.correspondence import talk
from tests.conftest import World
from tests.grants.test_completion import awarded

ROOT = Path(__file__).resolve().parents[2]


def parts(client: Client, person: User, case: Case) -> dict[str, bool]:
    """Part → whether it is open, as the page of the person has it."""
    client.force_login(person)
    page = client.get(case.get_absolute_url()).content.decode()
    found = re.findall(
        r'<details class="fold"( open="")?><summary>.*?</summary><section[^>]* id="(\w+)"',
        page,
        re.S,
    )
    return {name: bool(is_open) for is_open, name in found}


def test_the_table_names_every_part_of_the_templates() -> None:
    named = {
        name
        for path in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'{% part "(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert named == set(OPEN)
    assert set(DONE_IN.values()) <= named


@pytest.mark.parametrize(
    ("who", "is_open"),
    [
        ("officer", {"answers": True, "ledger": True, "talk": False}),
        ("director", {"answers": True, "ledger": False, "talk": False}),
        ("auditor", {"answers": False, "ledger": False, "talk": False}),
    ],
)
def test_a_role_finds_open_what_it_works_with(
    world: World, client: Client, who: str, is_open: dict[str, bool]
) -> None:
    application, _person = world.submitted()
    found = parts(client, world.staff[who], application.case)
    assert {name: found[name] for name in is_open} == is_open


def test_a_question_opens_the_talk_of_whose_turn_it_is(world: World, client: Client) -> None:
    application, person = world.submitted()
    assert not parts(client, world.officer, application.case)["talk"]
    talk.write(application.case, body="質問です", by=person)
    assert parts(client, world.officer, application.case)["talk"]
    assert not parts(client, world.director, application.case)["talk"]


def test_the_applicant_finds_open_what_is_to_be_done(world: World, client: Client) -> None:
    award, person = awarded(world)
    found = parts(client, person, award.case)
    assert {name: found[name] for name in ("completion", "talk", "award", "said", "record")} == {
        "completion": True,
        "talk": True,
        "award": True,
        "said": False,
        "record": False,
    }
