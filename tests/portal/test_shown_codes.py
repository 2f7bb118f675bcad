"""A code by mail is shown on the page that asks for it: in the demonstration, whose mails reach nobody,
and nowhere else.
"""

from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django import Settings

from portal.accounts.models import User
from portal.accounts.shown_codes import KEPT
from tests.conftest import World
from tests.proofs import code_of, mailed_code

Post = Callable[[], list[EmailMessage]]
ADDRESS = "haruka@firms.example"


def _signed_up(client: Client) -> str:
    typed = {"name": "三上 遥", "email": ADDRESS, "password1": "snow-lilac-lamp-7"}
    client.post("/accounts/signup/", typed)
    return "/accounts/confirm-email/"


def _by_code(client: Client) -> str:
    person = User.objects.create_user(ADDRESS, "snow-lilac-lamp-7", name="三上 遥")
    EmailAddress.objects.create(user=person, email=ADDRESS, verified=True, primary=True)
    client.post("/accounts/login/code/", {"email": ADDRESS})
    return "/accounts/login/code/confirm/"


def _another_address(client: Client) -> str:
    person = User.objects.create_user("before@firms.example", "snow-lilac-lamp-7", name="三上 遥")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": person.email, "password": "snow-lilac-lamp-7"})
    mailed_code(client)
    added = {"action_add": "", "email": ADDRESS}
    asked = client.post("/accounts/email/", added)
    client.post(asked["Location"], {"password": "snow-lilac-lamp-7"})
    client.post("/accounts/email/", added)
    return "/accounts/confirm-email/"


def _second_factor(client: Client) -> str:
    person = User.objects.create_user(ADDRESS, "snow-lilac-lamp-7", name="三上 遥")
    EmailAddress.objects.create(user=person, email=ADDRESS, verified=True, primary=True)
    client.post("/accounts/login/", {"login": ADDRESS, "password": "snow-lilac-lamp-7"})
    client.post("/second-factor/now/", {"send": "mail"})
    return "/second-factor/now/"


WAYS = [_signed_up, _by_code, _another_address, _second_factor]


@pytest.mark.parametrize("demo", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_a_code_stands_on_its_page_in_the_demonstration_alone(
    world: World, post: Post, settings: Settings, way: Callable[[Client], str], *, demo: bool
) -> None:
    settings.DEMO = demo
    client = Client()
    page = way(client)
    code = digits(post)
    shown = client.get(page).content.decode()
    assert (code in shown, KEPT in client.session) == (demo, demo)
    wrong = client.post(page, {"code": "ZZZZ-0000"})
    assert (code in wrong.content.decode()) is demo  # a slip loses it from nobody's sight


def digits(post: Post) -> str:
    mail = post()[-1]
    assert mail.to == [ADDRESS]
    return code_of(mail)


def test_a_code_of_earlier_is_not_shown_where_the_next_mail_had_none(
    world: World, post: Post
) -> None:
    client = Client()
    page = _signed_up(client)
    code = digits(post)
    client.post(
        "/accounts/signup/",
        {"name": "三", "email": world.outsider.email, "password1": "snow-lilac-lamp-7"},
    )
    assert code not in client.get(page).content.decode()
