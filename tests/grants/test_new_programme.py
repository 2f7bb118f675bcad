"""A programme that there was not is begun on screen, from the file of another."""

import tomllib
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from grants.programmes import entries, loading
from grants.programmes import parameters as schema
from grants.programmes.models import Programme
from grants.programmes.values import planned
from portal.workflow.door import perform
from tests.conftest import World
from tests.markup import one_line

FILES = sorted(loading.DATA.glob("*.toml"))
WHO = {"code": "robot", "prefix": "RB", "name": {"ja": "ロボット導入補助金", "en": "Robot subsidy"}}
TYPED = {"code": "robot", "letters": "RB", "ja": "ロボット導入補助金", "en": "Robot subsidy"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_file_of_each_programme_begins_another(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    new = entries.of_another(text, **WHO)  # type: ignore[arg-type]  # as the form gives them
    expected = tomllib.loads(text) | WHO
    expected.pop("sources", None)
    assert tomllib.loads(new) == expected
    stated = schema.read(new)
    assert (stated.code, stated.name.ja) == ("robot", "ロボット導入補助金")
    assert len(planned(stated)) >= len(planned(schema.read(text)))
    assert not new.startswith("#")  # what was said of the other one


def test_what_is_no_file_is_refused() -> None:
    with pytest.raises(entries.Unwritable):
        entries.of_another("[name]\n[name]\n", **WHO)  # type: ignore[arg-type]  # as above


def test_an_officer_begins_a_programme_and_another_approves_it(
    world: World, client: Client
) -> None:
    telework = Programme.objects.get(code="telework", state="approved")
    client.force_login(world.officer)
    where = reverse("programme_new", args=[telework.pk])
    assert where in client.get(telework.get_absolute_url()).content.decode()
    answer = client.post(where, TYPED)
    made = Programme.objects.get(code="robot")
    assert answer.headers["Location"] == reverse("programme_edit", args=[made.pk])
    assert (made.state, made.revision, made.name) == ("draft", 1, "ロボット導入補助金")
    assert Programme.objects.filter(code="telework", state="draft").count() == 0
    perform(made, "approve", by=world.approver)
    assert {row.code for row in Programme.objects.filter(state="approved")} >= {"robot", "telework"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "telework"}, "この名前の制度は、もうあります。"),
        ({"code": "Robot"}, "英小文字で始まる"),
        ({"letters": "TW"}, "ほかの制度の受付番号に使われています"),
        ({"letters": "R1"}, "英大文字2～4字で書いて"),
        ({"ja": ""}, "入力するか、選んでください。"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    world: World, client: Client, wrong: dict[str, str], said: str
) -> None:
    telework = Programme.objects.get(code="telework", state="approved")
    client.force_login(world.officer)
    answer = client.post(reverse("programme_new", args=[telework.pk]), TYPED | wrong)
    assert (answer.status_code, said in one_line(answer)) == (422, True)
    assert not Programme.objects.filter(code="robot").exists()
