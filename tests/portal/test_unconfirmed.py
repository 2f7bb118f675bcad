"""Addresses that nobody showed to be theirs: what a stranger set under one ends when its owner comes in,
stands in no account, and stops no sign-up. Mails to one hold nothing that was typed.
"""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.mail import EmailMessage
from django.test import Client

from portal import clock
from portal.accounts import factors
from portal.accounts.models import User
from tests.conftest import World
from tests.proofs import METHODS, code_of, mailed_code

Post = Callable[[], list[EmailMessage]]

OWNER = "haruka@firms.example"
STRANGERS = {"name": "見知らぬ 者", "email": OWNER, "password1": "snow-lilac-lamp-7"}
OWN = {"name": "三上 遥", "email": OWNER, "password1": "river-stone-maple-4"}


def signed_up(typed: dict[str, str]) -> Client:
    client = Client()
    client.post("/accounts/signup/", typed)
    return client


def is_in(client: Client) -> bool:
    return client.get("/my-data/").status_code == 200


def by_password(password: str) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": OWNER, "password": password})
    return client


def by_code(post: Post) -> Client:
    client = Client()
    client.post("/accounts/login/code/", {"email": OWNER})
    client.post("/accounts/login/code/confirm/", {"code": code_of(post()[-1])})
    return client


def test_a_strangers_password_and_provider_end_when_the_owner_comes_in(
    db: None, post: Post
) -> None:
    signed_up(STRANGERS)
    person = User.objects.get(email=OWNER)
    SocialAccount.objects.create(user=person, provider="gbizid", uid="a-strangers")
    owner = by_code(post)
    assert "以前に設定されたパスワード" in owner.get("/my-data/").content.decode()
    assert is_in(owner)
    assert not is_in(by_password(STRANGERS["password1"]))
    assert not SocialAccount.objects.filter(user=person).exists()


def test_a_new_password_of_the_owner_stays_and_the_strangers_provider_ends(
    db: None, post: Post
) -> None:
    signed_up(STRANGERS)
    person = User.objects.get(email=OWNER)
    SocialAccount.objects.create(user=person, provider="gbizid", uid="a-strangers")
    owner = Client()
    owner.post("/accounts/password/reset/", {"email": OWNER})
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", str(post()[-1].body))
    assert link
    page = owner.get(link.group(1))["Location"]
    owner.post(page, {"password1": OWN["password1"], "password2": OWN["password1"]})
    assert is_in(by_password(OWN["password1"]))
    assert not SocialAccount.objects.filter(user=person).exists()


def test_whoever_confirmed_the_address_before_keeps_the_password(db: None, post: Post) -> None:
    client = signed_up(OWN)
    client.post("/accounts/confirm-email/", {"code": code_of(post()[-1])})
    assert is_in(client)
    assert is_in(by_code(post))
    assert is_in(by_password(OWN["password1"]))


def test_an_address_that_an_account_only_added_is_nobodys(world: World, post: Post) -> None:
    stranger = Client()
    stranger.force_login(world.outsider)
    session = stranger.session
    session[METHODS] = [{"method": "password", "at": time.time()}]
    session.save()
    mailed_code(stranger)
    stranger.post("/accounts/email/", {"email": OWNER, "action_add": ""})
    assert post()[-1].to == [OWNER]
    assert not EmailAddress.objects.filter(email=OWNER).exists()
    owner = signed_up(OWN)
    owner.post("/accounts/confirm-email/", {"code": code_of(post()[-1])})
    assert is_in(owner)
    assert User.objects.get(email=OWNER).name == OWN["name"]


def test_an_account_that_nobody_confirmed_gives_way_once_its_code_is_old(
    db: None, post: Post
) -> None:
    signed_up(STRANGERS)
    before = User.objects.get(email=OWNER)
    signed_up(OWN)
    assert User.objects.get(email=OWNER) == before  # its code may be on the way
    User.objects.update(date_joined=clock.now() - timedelta(minutes=29))
    signed_up(OWN)
    assert User.objects.get(email=OWNER) == before  # the last of three codes, too
    User.objects.update(date_joined=clock.now() - timedelta(minutes=31))
    owner = signed_up(OWN)
    owner.post("/accounts/confirm-email/", {"code": code_of(post()[-1])})
    assert is_in(owner)
    assert User.objects.get(email=OWNER).name == OWN["name"]
    assert not is_in(by_password(STRANGERS["password1"]))


def test_an_account_with_a_confirmed_address_gives_way_to_nobody(world: World) -> None:
    person = world.people["representative"]
    User.objects.filter(pk=person.pk).update(
        date_joined=clock.now() - timedelta(days=9), last_login=None
    )
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    signed_up(STRANGERS | {"email": person.email})
    assert User.objects.get(email=person.email) == person


@pytest.mark.parametrize("place", ["/accounts/signup/", "/en/accounts/signup/"])
def test_the_mail_to_an_address_that_nobody_confirmed_holds_nothing_typed(
    db: None, post: Post, place: str
) -> None:
    Client().post(place, STRANGERS)
    mail = post()[-1]
    assert STRANGERS["name"] not in f"{mail.subject}{mail.body}"
    assert code_of(mail)


@pytest.mark.parametrize(
    "name", ["http://evil.example/a を開く", "www.evil.example", "HTTPS：//evil.example"]
)
def test_a_name_holds_no_address_of_the_web(db: None, name: str) -> None:
    answer = Client().post("/accounts/signup/", STRANGERS | {"name": name})
    assert answer.status_code == 200
    assert not User.objects.filter(email=OWNER).exists()


def test_a_code_is_sent_again_and_what_was_sent_before_is_no_good(db: None, post: Post) -> None:
    client = signed_up(OWN)
    first = code_of(post()[-1])
    client.post("/accounts/confirm-email/", {"action": "resend"})
    second = code_of(post()[-1])
    assert first != second
    client.post("/accounts/confirm-email/", {"code": first})
    assert not is_in(client)
    client.post("/accounts/confirm-email/", {"code": second})
    assert is_in(client)


def test_whoever_signed_up_just_now_has_shown_both_proofs_for_as_long_as_they_last(
    db: None, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that wants two opens at once; half an hour later it asks for them."""
    client = signed_up(OWN)
    client.post("/accounts/confirm-email/", {"code": code_of(post()[-1])})
    assert client.get("/accounts/password/change/").status_code == 200
    later = time.time() + factors.LASTS.total_seconds() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    asked = client.get("/accounts/password/change/")
    assert asked.status_code == 302
    assert asked.headers["Location"].startswith("/second-factor/now/")


def test_three_codes_are_judged_also_where_the_session_is_as_it_was(db: None, post: Post) -> None:
    client = signed_up(OWN)
    right = code_of(post()[-1])
    key = str(client.session.session_key)
    kept = client.session["account_email_verification_code"]
    for _n in range(3):
        client.post("/accounts/confirm-email/", {"code": "AAAA-0000"})
        session = client.session
        assert session.session_key == key
        session["account_email_verification_code"] = kept | {"failed_attempts": 0}
        session.save()
    client.post("/accounts/confirm-email/", {"code": right})
    assert not is_in(client)


@pytest.mark.parametrize("page", ["/accounts/signup/", "/accounts/login/"])
def test_whoever_mistyped_the_address_begins_again(db: None, page: str) -> None:
    client = signed_up(OWN | {"email": "harukka@firms.example"})
    assert page in client.get("/accounts/confirm-email/").content.decode()
    assert client.get(page).status_code == 200
    client.post("/accounts/signup/", OWN)
    assert OWNER in client.get("/accounts/confirm-email/").content.decode()
