"""Whoever does not know a corporate number finds it by the name; whom to call about the proof."""

import pytest
from django.test import Client
from django.urls import reverse

from grants.programmes import about
from portal import clock, jptext
from portal.accounts.models import User
from portal.registry.models import Corporation
from tests.conftest import World
from tests.markup import one_line

NUMBER = "6430001999941"


@pytest.fixture
def shop(world: World) -> Corporation:
    name = "株式会社雪あかり酒場"
    return Corporation.objects.create(
        number=NUMBER,
        name=name,
        name_key=jptext.search_key(name),
        kind="301",
        changed_on=clock.today(),
        sequence=1,
    )


def test_a_corporation_is_found_by_the_beginning_of_its_name(
    shop: Corporation, client: Client
) -> None:
    client.force_login(User.objects.create_user("hanako@example.com", "雪 花子"))
    at = reverse("organisation_new")
    for typed in ("雪あかり", "株式会社雪あかり酒場", "雪アカリ　酒場"):
        page = one_line(client.get(at, {"name": typed}))
        assert shop.name in page
        assert f'value="{NUMBER}"' in page
    assert shop.name not in one_line(client.get(at, {"name": "あかり"}))
    assert "手元の公開情報に見つかりません" in one_line(client.get(at, {"name": "ありえない名称"}))
    assert shop.name not in one_line(client.get(at, {"name": "雪"}))  # too short to search by
    chosen = one_line(client.post(at, {"step": "1", "corporate_number": NUMBER}))
    assert shop.name in chosen


def test_one_number_is_named_where_the_programme_is_known(world: World) -> None:
    every = about.offices("")
    call = world.calls["telework"]
    own = (str(call.stated.office.ja), call.stated.phone)
    assert len(every) > 1
    assert about.offices(call.code) == about.offices("telework") == [own]
    assert about.offices("no-such-call") == every


def test_the_page_of_the_proof_names_the_number_of_the_draft(world: World, client: Client) -> None:
    application, person = world.draft()
    firm = application.case.organisation
    type(firm).objects.filter(pk=firm.pk).update(proved_how="", proved_at=None)
    client.force_login(person)
    page = one_line(client.get(reverse("firm_proof", args=[firm.pk])))
    main = page.partition("<main")[2].partition("</main>")[0]
    assert main.count('href="tel:') == 1
    assert f'href="tel:{application.stated.phone}"' in main
