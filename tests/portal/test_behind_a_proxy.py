"""Behind a proxy: who a visitor is, and that nobody locks out somebody else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client, RequestFactory
from pytest_django import Settings

from portal import clock, visitor
from portal.accounts.models import User
from portal.ui import limits
from tests.conftest import World

pytestmark = pytest.mark.usefixtures("standing_clock")

CHAINS = [
    # proxies of ours, REMOTE_ADDR, X-Forwarded-For, who it was
    (0, "203.0.113.9", "198.51.100.1", "203.0.113.9"),
    (1, "10.0.0.2", "203.0.113.9", "203.0.113.9"),
    (1, "10.0.0.2", "1.1.1.1, 203.0.113.9", "203.0.113.9"),
    (2, "10.0.0.2", "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
    (2, "10.0.0.2", "203.0.113.9", "203.0.113.9"),
    (1, "10.0.0.2", "", "10.0.0.2"),
    (1, "10.0.0.2", "203.0.113.9:50412", "203.0.113.9"),
    (1, "10.0.0.2", "[2001:db8::7]:443", "2001:db8::7"),
    (1, "10.0.0.2", "::ffff:203.0.113.9", "203.0.113.9"),
    (1, "10.0.0.2", "'; DROP TABLE x --", "unknown"),
    (0, "", "203.0.113.9", "unknown"),
]


@pytest.mark.parametrize(("proxies", "remote", "forwarded", "expected"), CHAINS)
def test_the_address_is_what_the_outermost_proxy_of_ours_saw(
    settings: Settings, proxies: int, remote: str, forwarded: str, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)
    assert visitor.address(request) == expected


def test_limits_count_a_household_of_ipv6_as_one_and_ignore_what_is_forged(
    db: None, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1

    def left(forwarded: str) -> int:
        request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded})
        return limits.used(request, limits.SIGN_INS)[0]

    most = limits.SIGN_INS.address.most  # type: ignore[union-attr]
    chains = ("2001:db8::7", "2001:db8::ffff:1", "2001:db8:0:1::7")
    assert [most - left(chain) for chain in chains] == [1, 2, 1]
    chains = ("1.2.3.4, 203.0.113.9", "9.9.9.9, 203.0.113.9", "203.0.113.10")
    assert [most - left(chain) for chain in chains] == [1, 2, 1]


PASSWORD = "snow-lilac-lamp-7"


@pytest.fixture
def person(db: None, settings: Settings) -> User:
    settings.TRUSTED_PROXIES = 1
    user = User.objects.create_user("mikami@firms.example", PASSWORD, name="三上 遥")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(
    client: Client, address: str, password: str, email: str = "mikami@firms.example"
) -> bool:
    """Whether this password, from this address, opens the door; the proxy adds the address to what was forged."""
    client.post(
        "/accounts/login/",
        {"login": email, "password": password},
        headers={"X-Forwarded-For": f"9.9.9.9, {address}"},
    )
    return "_auth_user_id" in client.session


def test_wrong_passwords_elsewhere_lock_nobody_out(person: User) -> None:
    assert [sign_in(Client(), "198.51.100.66", "wrong-password-1") for _ in range(12)] == [
        False
    ] * 12
    assert sign_in(Client(), "203.0.113.9", PASSWORD)
    # where the guesses came from, it stays shut for a while
    assert not sign_in(Client(), "198.51.100.66", PASSWORD)


def guesses_from_everywhere(times: int) -> None:
    for n in range(times):
        sign_in(Client(), f"198.51.{n // 4}.7", "wrong-password-1")


def test_guesses_from_many_addresses_are_slowed_and_a_known_browser_is_not(person: User) -> None:
    own = Client()
    assert sign_in(own, "203.0.113.9", PASSWORD)
    guesses_from_everywhere(limits.GUESSES.named.most + 1)  # type: ignore[union-attr]
    assert not sign_in(Client(), "192.0.2.1", PASSWORD)
    own.post("/accounts/logout/")
    assert sign_in(own, "192.0.2.1", PASSWORD)
    own.post("/accounts/logout/")
    for _ in range(6):  # a known browser is slowed by its own guesses
        sign_in(own, "192.0.2.1", "wrong-password-1")
    assert not sign_in(own, "192.0.2.1", PASSWORD)


def test_whoever_is_slowed_comes_in_by_mail(
    person: User, post: Callable[[], list[EmailMessage]]
) -> None:
    for _ in range(5):
        sign_in(Client(), "192.0.2.1", "wrong-password-1")
    client = Client()
    answer = client.post(
        "/accounts/login/",
        {"login": person.email, "password": PASSWORD},
        headers={"X-Forwarded-For": "192.0.2.1"},
    )
    assert (answer.status_code, answer["Retry-After"] > "0") == (429, True)
    assert "/accounts/login/code/" in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    client.post("/accounts/login/code/", {"email": person.email})
    found = re.search(r"^([0-9A-Z]{4,}(-[0-9A-Z]{4,})*)$", str(post()[-1].body), re.M)
    assert found
    client.post("/accounts/login/code/confirm/", {"code": found.group(1)})
    assert client.session["_auth_user_id"] == str(person.pk)


def a_way_in(mails: list[EmailMessage]) -> list[str]:
    found = [re.search(r"http://[^/]+(/sign-ins/open/\S+)", str(mail.body)) for mail in mails]
    return [link.group(1) for link in found if link]


def asked_for(mails: list[EmailMessage]) -> list[EmailMessage]:
    """All but the one that brings a way in."""
    assert len(a_way_in(mails)) == 1
    return [mail for mail in mails if "/sign-ins/open/" not in str(mail.body)]


def attacked_from_ten_addresses(email: str) -> None:
    """So long that neither a password nor a mail is taken from a place that the account does not know."""
    for n in range(10):
        headers = {"X-Forwarded-For": f"198.51.{n}.7"}
        for _ in range(6):
            sign_in(Client(), f"198.51.{n}.7", "wrong-password-1", email)
        for _ in range(4):
            Client().post("/accounts/login/code/", {"email": email}, headers=headers)


def test_whom_ten_addresses_attack_for_hours_comes_in_by_the_mail_they_caused(
    person: User, post: Callable[[], list[EmailMessage]]
) -> None:
    begun = clock.now()
    for hour in range(2):
        with clock.at(begun + timedelta(hours=hour)):
            attacked_from_ten_addresses(person.email)
    with clock.at(begun + timedelta(hours=hour, minutes=1)):
        own, here = Client(), {"X-Forwarded-For": "192.0.2.1"}
        assert not sign_in(own, "192.0.2.1", PASSWORD)
        asked = own.post("/accounts/login/code/", {"email": person.email}, headers=here)
        assert (asked.status_code, "ここからログインできます" in asked.content.decode()) == (
            429,
            True,
        )
        links = a_way_in(post())
        assert len(links) == 2  # one an hour, however many asked
        # it opens no door by itself, and none but this account's
        assert own.get(links[-1], headers=here)["Location"] == "/accounts/login/"
        assert "_auth_user_id" not in own.session
        assert sign_in(own, "192.0.2.1", PASSWORD)
        own.post("/accounts/logout/")
        asked = own.post("/accounts/login/code/", {"email": person.email}, headers=here)
        assert asked.status_code == 302


def test_the_link_of_a_way_in_is_good_for_a_day_and_lets_nobody_guess_more(
    person: User, post: Callable[[], list[EmailMessage]]
) -> None:
    attacked_from_ten_addresses(person.email)
    attacked_from_ten_addresses("nobody@firms.example")  # hears nothing
    (link,) = a_way_in(post())
    assert person.email not in link
    thieves = [Client() for _ in range(3)]
    for thief in thieves:
        thief.get(link)
    tried = [sign_in(thieves[n % 3], "192.0.2.1", "wrong-password-1") for n in range(5)]
    assert (tried, sign_in(thieves[0], "192.0.2.1", PASSWORD)) == ([False] * 5, False)
    with clock.at(clock.now() + timedelta(hours=24, minutes=1)):
        late = Client()
        assert "このリンクは使えません" in late.get(link, follow=True).content.decode()
        attacked_from_ten_addresses(person.email)
        assert not sign_in(late, "192.0.2.1", PASSWORD)


def test_browsers_of_other_accounts_are_one_place_behind_a_link(
    person: User, post: Callable[[], list[EmailMessage]]
) -> None:
    attacked_from_ten_addresses(person.email)
    (link,) = a_way_in(post())
    thieves = [Client() for _ in range(2)]
    for n, thief in enumerate(thieves):
        other = User.objects.create_user(f"thief{n}@firms.example", PASSWORD, name="別の人")
        EmailAddress.objects.create(user=other, email=other.email, verified=True, primary=True)
        assert sign_in(thief, f"192.0.2.{n}", PASSWORD, other.email)
        thief.post("/accounts/logout/")
        thief.get(link)
    tried = [sign_in(thieves[n % 2], "192.0.2.1", "wrong-password-1") for n in range(5)]
    assert (tried, sign_in(thieves[0], "192.0.2.1", PASSWORD)) == ([False] * 5, False)
    # each is still known to its own
    assert sign_in(thieves[0], "192.0.2.1", PASSWORD, "thief0@firms.example")


@pytest.mark.parametrize("door", ["login/code", "password/reset"])
def test_who_asks_for_mails_to_somebody_else_keeps_nobody_out(
    person: User, post: Callable[[], list[EmailMessage]], door: str
) -> None:
    def ask(client: Client, address: str) -> int:
        return client.post(
            f"/accounts/{door}/",
            {"email": person.email},
            headers={"X-Forwarded-For": f"9.9.9.9, {address}"},
        ).status_code

    own = Client()
    assert sign_in(own, "203.0.113.9", PASSWORD)
    own.post("/accounts/logout/")
    assert [ask(Client(), "198.51.100.66") for _ in range(7)] == [302] * 5 + [429] * 2
    assert ask(Client(), "203.0.113.10") == 302
    assert len(asked_for(post())) == 6
    # from everywhere: the mailbox is spared, and a browser that the account knows goes on
    most = limits.MAILS.named.most  # type: ignore[union-attr]
    assert {ask(Client(), f"192.0.{n}.7") for n in range(most)} == {302, 429}
    assert len(asked_for(post())) == most
    assert ask(own, "192.0.2.1") == 302


@pytest.mark.parametrize("email", ["stranger@firms.example", "mikami@firms.example"])
def test_who_signs_somebody_else_up_again_and_again_fills_no_mailbox(
    person: User, post: Callable[[], list[EmailMessage]], email: str
) -> None:
    """Also where the address has an account, so that the count does not tell who has one."""

    def sign_up(address: str, password: str = PASSWORD) -> int:
        return (
            Client()
            .post(
                "/accounts/signup/",
                {"name": "誰か", "email": email, "password1": password},
                headers={"X-Forwarded-For": f"9.9.9.9, {address}"},
            )
            .status_code
        )

    faulty = [sign_up("198.51.100.66", "short") for _ in range(6)]  # sends nothing, counts nothing
    assert faulty == [200] * 6
    assert [sign_up("198.51.100.66") for _ in range(7)] == [302] * 5 + [429] * 2
    assert sign_up("203.0.113.10") == 302
    most = limits.MAILS.named.most  # type: ignore[union-attr]
    said = [sign_up(f"192.0.{n}.7") for n in range(most)]
    assert said == [302] * (most - 6) + [429] * 6
    assert len(asked_for(post())) == most  # each browser needs the code that its own mail brings


def test_who_invites_a_stranger_sends_no_more_mails_than_anybody(
    world: World, post: Callable[[], list[EmailMessage]]
) -> None:
    application, owner = world.draft()
    firm, email, client = application.case.organisation, "stranger@firms.example", Client()
    client.force_login(owner)
    before = len(post())
    asked = {"email": email, "role": "member"}
    path = f"/organisations/{firm.pk}/invite/"
    assert [client.post(path, asked).status_code for _ in range(6)] == [302] * 5 + [429]
    assert len(post()) == before + 5


def test_a_code_by_mail_is_no_way_around_the_second_factor(
    world: World, client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    client.post("/accounts/login/code/", {"email": world.officer.email})
    found = re.search(r"^([0-9A-Z]{4,}(-[0-9A-Z]{4,})*)$", str(post()[-1].body), re.M)
    assert found
    answer = client.post("/accounts/login/code/confirm/", {"code": found.group(1)})
    assert answer["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    assert client.get("/inbox/").status_code == 302


def test_one_office_behind_one_address_signs_in_on_a_busy_morning(person: User) -> None:
    office = "203.0.113.50"
    for n in range(12):  # mistyped by as many people
        sign_in(Client(), office, "wrong-password-1", f"person{n}@city.example")
    assert [sign_in(Client(), office, PASSWORD) for _ in range(32)] == [True] * 32


def test_one_address_that_tries_many_accounts_is_slowed(person: User) -> None:
    own = Client()
    assert sign_in(own, "198.51.100.66", PASSWORD)
    own.post("/accounts/logout/")
    for n in range(limits.GUESSES_OF_ADDRESS.address.most + 1):  # type: ignore[union-attr]
        sign_in(Client(), "198.51.100.66", "wrong-password-1", f"person{n}@city.example")
    assert not sign_in(Client(), "198.51.100.66", PASSWORD)
    assert sign_in(own, "198.51.100.66", PASSWORD)  # a colleague's browser is known
