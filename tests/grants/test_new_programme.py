"""A programme that there was not is begun on screen, from the file of another."""

import tomllib
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from grants.programmes import entries, loading
from grants.programmes import parameters as schema
from grants.programmes.models import Programme, Sketch
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
    sketch = Sketch.objects.get(code="robot")
    assert answer.headers["Location"] == reverse("sketch", args=[sketch.pk])
    assert (sketch.state, sketch.name) == ("kept", "ロボット導入補助金")
    again = client.post(where, TYPED)
    assert "この名前の制度は、もうあります。" in one_line(again)
    made = perform(sketch, "propose", by=world.officer).made
    assert made is not None
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
    assert not Sketch.objects.exists()


def test_one_is_begun_from_nothing(world: World, client: Client) -> None:
    client.force_login(world.officer)
    where = reverse("programme_empty")
    assert where in client.get(reverse("programme_list")).content.decode()
    assert client.post(where, TYPED).status_code == 422  # whose it is was not said
    answer = client.post(where, TYPED | {"municipalities": ["011002"]})
    sketch = Sketch.objects.get()
    assert answer.headers["Location"] == sketch.get_absolute_url()
    assert sketch.stated == WHO | {"municipalities": ["011002"]}
    assert sketch.municipality_codes == ["011002"]
