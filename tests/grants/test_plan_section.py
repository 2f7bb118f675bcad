"""The questions about the plan say beforehand what they ask; the look-over leaves nothing out."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import check_ledger
from grants.applications.models import Application
from grants.programmes import loading
from grants.programmes.parameters import Programme, read
from tests.conftest import World
from tests.markup import one_line

MONTHS = re.compile(r"\b(in|from|until) (January|February|March|April|May|June|July|August)\b")
OF_A_SHOP = ("telework", "dx_promotion", "iot")


def shipped(name: str) -> Programme:
    return read((loading.DATA / f"{name}.toml").read_text(encoding="utf-8"))


def at(application: Application, key: str) -> str:
    return reverse("application_section", args=[application.case.number, key])


def test_how_many_questions_come_and_how_long_they_take_is_said_first(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    page = one_line(client.get(at(application, "plan")))
    assert "質問は4つ、10分ほどです。" in page
    assert page.index("10分ほどです。") < page.index("事業の名称")
    assert "あとで続けられます" in page
    assert "分ほどです。" not in one_line(client.get(at(application, "eligibility")))
    english = one_line(client.get(f"/en{at(application, 'plan')}"))
    assert "4 questions, about 10 minutes." in english


def test_an_example_is_read_beside_the_field(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    page = one_line(client.get(at(application, "plan")))
    for question in application.stated.questions:
        if question.example:
            first = question.example.ja.splitlines()[0]
            assert page.index(f"q_{question.key}_helptext") < page.index(first)
            assert page.index(first) < page.index(f'name="q_{question.key}"')
    assert page.count("書き方の例") == 2


@pytest.mark.parametrize("code", OF_A_SHOP)
def test_each_long_question_of_a_shop_has_an_example_that_fits_into_it(code: str) -> None:
    for question in shipped(code).questions:
        if question.kind == "long":
            assert question.example
            assert len(question.example.ja) < question.limit
            assert not re.search(r"\d月(に|から|まで|、)", question.example.ja.replace("1年後", ""))
            assert not MONTHS.search(question.example.en)  # of which a round has only some


@pytest.mark.parametrize("code", sorted(path.stem for path in loading.DATA.glob("*.toml")))
def test_no_form_asks_twice_the_same(code: str) -> None:
    labels = [question.label.ja for question in shipped(code).questions]
    assert len(labels) == len(set(labels))
    assert "事業の名称" not in labels


def test_the_look_over_counts_the_officers(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    kept = check_ledger.typed_officers(application)
    assert kept
    page = one_line(client.get(reverse("application_review", args=[application.case.number])))
    assert f"{kept.people}人（暗号化して保管しているため、ここには載せません）" in page
    assert at(application, "officers") in page
