"""What is not one's own: a page that says what may be the reason, and never whether the number exists."""

import re

import pytest
from django.http import HttpResponseBase
from django.test import Client

from tests.conftest import World


def text_of(answer: HttpResponseBase, path: str) -> str:
    """The page without its own address and what is drawn anew each time."""
    text = answer.getvalue().decode().replace(path, "HERE")
    return re.sub(r'(name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", text)


@pytest.mark.parametrize(
    "path",
    [
        "/cases/{}/",
        "/apply/{}/",
        "/apply/{}/plan/",
        "/apply/{}/documents/",
        "/apply/{}/review/",
        "/apply/{}/done/",
        "/notices/{}.pdf",
        "/documents/{}/",
        "/organisations/{}/",
    ],
)
def test_a_number_of_somebody_else_and_one_of_nobody_are_answered_alike(
    world: World, path: str
) -> None:
    application, _person = world.submitted()
    pk = {
        "/notices/{}.pdf": application.case.notices.get().pk,
        "/documents/{}/": application.case.documents.all()[0].pk,
        "/organisations/{}/": application.case.organisation_id,
    }.get(path)
    case = application.case  # called by another number as a draft
    asked = (pk, 987654321) if pk else (case.number, case.draft_number, "TW-2099-9999")
    client = Client()
    client.force_login(world.outsider)
    pages = []
    for number in asked:
        answer = client.get(path.format(number))
        assert answer.status_code == 404
        pages.append(text_of(answer, path.format(number)))
    assert len(set(pages)) == 1
    assert "いまのログインでは開けません" in pages[0]
    assert world.outsider.email in pages[0]


def test_it_names_the_firms_one_acts_for(world: World) -> None:
    application, person = world.draft()
    client = Client()
    client.force_login(person)
    page = client.get("/cases/TW-2099-9999/").content.decode()
    assert application.case.organisation.name in page


def test_all_others_get_the_plain_page(world: World) -> None:
    """A visitor on an address that is none, and the office on what is not its own."""
    assert "お探しのページは見つかりません" in Client().get("/no-such/").content.decode()
    client = Client()
    client.force_login(world.officer)
    assert "お探しのページは見つかりません" in client.get("/cases/X/").content.decode()
    client.force_login(world.outsider)
    for path in ("/no-such/", "/programmes/no-such/", "/inbox/"):
        assert "お探しのページは見つかりません" in client.get(path).content.decode()
