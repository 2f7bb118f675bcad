"""Each way in, and each way out: what a password, a code by mail, a second factor and a session are good for."""

import random
import re
import time
from collections.abc import Callable

import pytest
from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from zxcvbn.matching import L33T_TABLE, enumerate_l33t_subs, relevant_l33t_subtable

from portal import clock
from portal.accounts import demo, passwords
from portal.accounts.models import User
from tests.conftest import World
from tests.markup import one_line
from tests.proofs import mailed_code

Post = Callable[[], list[EmailMessage]]
PASSWORD = "snow-lilac-lamp-7"


@pytest.fixture
def person(db: None) -> User:
    user = User.objects.create_user("mikami@firms.example", PASSWORD, name="三上 遥")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client, email: str = "mikami@firms.example", password: str = PASSWORD) -> bool:
    client.post("/accounts/login/", {"login": email, "password": password})
    return "_auth_user_id" in client.session


# -- passwords -----------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", [PASSWORD.upper(), f"{PASSWORD} ", f" {PASSWORD}", PASSWORD[:-1]])
def test_a_password_is_taken_as_it_is_typed(person: User, typed: str) -> None:
    assert not sign_in(Client(), password=typed)


def test_a_password_in_the_address_opens_nothing(person: User) -> None:
    client = Client()
    client.post(f"/accounts/login/?login={person.email}&password={PASSWORD}")
    assert "_auth_user_id" not in client.session
    assert sign_in(client)


def test_all_of_a_long_password_counts(person: User) -> None:
    long = "雪とライラック" * 12
    person.set_password(f"{long}a")
    person.save()
    assert not sign_in(Client(), password=f"{long}b")
    assert sign_in(Client(), password=f"{long}a")


@pytest.mark.parametrize("page", ["login", "signup"])
def test_a_field_for_a_password_hides_it_and_lets_managers_fill_it_in(db: None, page: str) -> None:
    shown = Client().get(f"/accounts/{page}/").content.decode()
    (field,) = re.findall(r"<input[^>]*type=\"password\"[^>]*>", shown)
    assert re.search(r'autocomplete="(current|new)-password"', field)
    assert not re.search("onpaste|maxlength", field)


def test_a_change_of_password_wants_the_old_one_and_ends_the_other_sessions(person: User) -> None:
    here, elsewhere = Client(), Client()
    assert sign_in(here)
    assert sign_in(elsewhere)
    mailed_code(here)
    new = {"password1": "quite-another-long-one", "password2": "quite-another-long-one"}
    here.post("/accounts/password/change/", {"oldpassword": "not-the-old-one-1", **new})
    assert elsewhere.get("/my/").status_code == 200
    here.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})
    assert [client.get("/my/").status_code for client in (here, elsewhere)] == [200, 302]


# -- codes ---------------------------------------------------------------------------------------
def asked_for_a_code(client: Client, post: Post, email: str) -> str:
    client.post("/accounts/login/code/", {"email": email})
    told = re.search(r"^[A-Z0-9-]{4,12}$", str(post()[-1].body), re.MULTILINE)
    assert told
    return told.group()


def confirm(client: Client, code: str) -> bool:
    client.post("/accounts/login/code/confirm/", {"code": code})
    return "_auth_user_id" in client.session


def test_a_code_by_mail_is_for_the_browser_that_asked_and_for_once(
    person: User, post: Post
) -> None:
    here, elsewhere = Client(), Client()
    first = asked_for_a_code(elsewhere, post, person.email)
    code = asked_for_a_code(here, post, person.email)
    assert first != code
    assert len(code.replace("-", "")) >= 6
    assert not confirm(here, first)
    assert not confirm(elsewhere, code)
    assert confirm(here, code)
    here.post("/accounts/logout/")
    assert not confirm(here, code)


def test_a_code_by_mail_is_good_for_ten_minutes_and_three_tries(person: User, post: Post) -> None:
    client = Client()
    code = asked_for_a_code(client, post, person.email)
    assert not any(confirm(client, wrong) for wrong in ("ABCD-2345", "ABCD-2346", "ABCD-2347"))
    assert not confirm(client, code)
    assert app_settings.LOGIN_BY_CODE_TIMEOUT <= 600


def new_session() -> str:
    session = SessionStore()
    session.create()
    return str(session.session_key)


# what the libraries make, with its fewest letters or digits
MADE: dict[str, tuple[Callable[[], str], int]] = {
    "code by mail": (lambda: str(get_adapter().generate_login_code()), 8),
    "key in a mail": (lambda: str(get_adapter().generate_emailconfirmation_key("a@b.example")), 64),
    "seed of a code generator": (generate_totp_secret, 32),
    "seed of recovery codes": (lambda: str(RecoveryCodes.generate_seed()), 40),
    "number of a session": (new_session, 32),
}


@pytest.mark.parametrize("what", MADE)
def test_what_opens_a_way_in_cannot_be_foretold(db: None, what: str) -> None:
    """Who knows where the ordinary generator of numbers stands learns nothing: `random` is not asked,
    and nothing comes twice.
    """
    make, fewest = MADE[what]
    stood = random.getstate()
    found = []
    for _again in range(2):
        random.seed(20260401)
        found += [make() for _n in range(100)]
    random.setstate(stood)
    assert len(set(found)) == 200
    assert min(map(len, found)) >= fewest


def test_a_new_password_is_no_way_around_the_second_factor(world: World, post: Post) -> None:
    client = Client()
    client.post("/accounts/password/reset/", {"email": world.officer.email})
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", str(post()[-1].body))
    assert link
    form = client.get(link.group(1), follow=True).request["PATH_INFO"]
    client.post(form, {"password1": PASSWORD, "password2": PASSWORD})
    assert client.get("/inbox/").status_code == 302
    assert not sign_in(client, world.officer.email, PASSWORD)
    assert client.get("/inbox/").status_code == 302


def test_a_second_factors_code_works_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now)  # else its thirty seconds may end in between
    code = demo.totp_code(world.officer)
    found = []
    for _ in range(2):
        client = Client()
        sign_in(client, world.officer.email, demo.PASSWORD)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        found.append(client.get("/inbox/").status_code)
    assert found == [200, 302]


def wrong_codes(client: Client, times: int) -> list[int]:
    return [
        client.post("/accounts/2fa/authenticate/", {"code": f"{n:06}"}).status_code
        for n in range(times)
    ]


def test_whoever_knows_a_password_keeps_its_owner_out_nowhere_else(
    world: World, post: Post
) -> None:
    """Neither the owner's own browser, nor another place, nor the open session's proof anew."""
    owner = world.officer
    at_work, thief = Client(), Client(REMOTE_ADDR="203.0.113.9")
    sign_in(at_work, owner.email, demo.PASSWORD)
    at_work.post("/accounts/2fa/authenticate/", {"code": demo.totp_code(owner)})
    sign_in(thief, owner.email, demo.PASSWORD)
    assert wrong_codes(thief, 7) == [200] * 5 + [429] * 2
    at_home = Client(REMOTE_ADDR="203.0.113.44")
    sign_in(at_home, owner.email, demo.PASSWORD)
    code = RecoveryCodes.activate(owner).get_unused_codes()[0]
    at_home.post("/accounts/2fa/authenticate/", {"code": code})
    assert at_home.get("/inbox/").status_code == 200
    again = at_work.post("/accounts/2fa/reauthenticate/", {"code": "000000"})
    assert again.status_code == 200  # wrong, and not refused unread
    told = [mail for mail in post() if "違う確認コード" in mail.body]
    assert [mail.to for mail in told] == [[owner.email]]


def test_guesses_at_codes_from_many_places_come_to_an_end(world: World) -> None:
    codes = 0
    for n in range(12):
        thief = Client(REMOTE_ADDR=f"203.0.113.{n}")
        sign_in(thief, world.officer.email, demo.PASSWORD)
        codes += wrong_codes(thief, 5).count(200)
    assert codes == 50


def test_a_mail_opens_a_way_in_while_codes_are_guessed_at(world: World, post: Post) -> None:
    """The owner, in a place that the account does not know, comes by the code of a mail; whoever knows
    the password alone goes no further, there or anywhere.
    """
    owner = world.officer
    for n in range(11):
        thief = Client(REMOTE_ADDR=f"203.0.113.{n}")
        sign_in(thief, owner.email, demo.PASSWORD)
        wrong_codes(thief, 5)
    away = Client(REMOTE_ADDR="203.0.113.200")
    sign_in(away, owner.email, demo.PASSWORD)
    slowed = away.post("/accounts/2fa/authenticate/", {"code": demo.totp_code(owner)})
    assert slowed.status_code == 429
    assert 'href="/accounts/login/code/"' in slowed.content.decode()
    away = Client(REMOTE_ADDR="203.0.113.200")
    assert not confirm(away, asked_for_a_code(away, post, owner.email))  # the factor is still asked
    wrong = wrong_codes(away, 2)
    away.post("/accounts/2fa/authenticate/", {"code": demo.totp_code(owner)})
    assert (wrong, away.get("/inbox/").status_code) == ([200] * 2, 200)
    assert wrong_codes(thief, 1) == [429]


def test_whoever_has_mailbox_and_password_guesses_no_more_codes_than_others(
    world: World, post: Post
) -> None:
    """A new code by mail brings no new tries."""
    seen = []
    for n in range(3):
        thief = Client(REMOTE_ADDR=f"203.0.113.{n}")
        confirm(thief, asked_for_a_code(thief, post, world.officer.email))
        seen += wrong_codes(thief, 3)
    assert seen == [200] * 5 + [429] * 4


def test_each_role_begins_where_its_work_waits(world: World) -> None:
    office = ["officer", "approver", "inspector", "accountant", "accounting_officer", "reviewer"]
    wanted = dict.fromkeys([*office, "concierge", "owner", "auditor"], "/inbox/")
    wanted |= {"administrator": "/staff/roles/", "representative": "/"}
    people = {**world.people, **world.staff}
    User.objects.update(factor_offered_at=clock.now())  # a second factor is offered but once
    for who, page in wanted.items():
        client, person = Client(), people[who]
        answer = client.post("/accounts/login/", {"login": person.email, "password": demo.PASSWORD})
        if person.is_office:
            code = demo.totp_code(person)
            answer = client.post("/accounts/2fa/authenticate/", {"code": code})
        assert answer["Location"] == page, who


def test_who_acts_for_a_firm_begins_with_what_is_its_own(world: World, client: Client) -> None:
    """On a phone the public's first page shows nothing of one's own."""
    application, person = world.draft()
    person.set_password(demo.PASSWORD)
    person.factor_offered_at = clock.now()
    person.save()
    answer = client.post("/accounts/login/", {"login": person.email, "password": demo.PASSWORD})
    assert answer["Location"] == reverse("my_cases")
    assert application.case.number in one_line(client.get(answer["Location"]))


def test_a_recovery_code_works_once(world: World) -> None:
    code = RecoveryCodes.activate(world.officer).get_unused_codes()[0]
    found = []
    for _ in range(2):
        client = Client()
        sign_in(client, world.officer.email, demo.PASSWORD)
        client.post("/accounts/2fa/authenticate/", {"code": code})
        found.append(client.get("/inbox/").status_code)
    assert found == [200, 302]


# -- sessions ------------------------------------------------------------------------------------
def test_a_session_gets_a_new_number_at_sign_in_and_none_is_good_after_sign_out(
    person: User,
) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.cookies["sessionid"] = "x" * 32  # as somebody else would set it
    assert sign_in(client)
    number = client.cookies["sessionid"].value
    assert number != "x" * 32
    assert len(number) >= 32
    assert client.get("/my/").status_code == 200
    client.post("/accounts/logout/")
    client.cookies["sessionid"] = number
    assert client.get("/my/").status_code == 302


def test_an_account_that_is_closed_is_out_at_once(person: User) -> None:
    client = Client()
    assert sign_in(client)
    person.is_active = False
    person.save()
    assert client.get("/my/").status_code == 302
    assert not sign_in(Client())


def test_every_page_of_somebody_signed_in_offers_the_way_out(world: World, client: Client) -> None:
    for person, path in ((world.officer, "/inbox/"), (world.people["representative"], "/my/")):
        client.force_login(person)
        assert 'action="/accounts/logout/"' in client.get(path).content.decode()


def test_an_address_asked_for_signs_nobody_in_or_out(person: User) -> None:
    client = Client()
    assert sign_in(client)
    client.get("/accounts/logout/")
    assert client.get("/my/").status_code == 200


@pytest.mark.parametrize("letters", ["", "abcdefghijklmnop"])
def test_a_password_of_many_signs_costs_no_more_than_another(letters: str) -> None:
    """Each way of reading signs as letters is tried over every part of it (736 ways for these)."""
    typed = (letters + "4@8({[<3691!|70$5+%2" + "qrstuvwxyzkonbuhaze" * 4)[:72]
    judged = passwords.looked_at(typed)
    ways = len(enumerate_l33t_subs(relevant_l33t_subtable(typed, L33T_TABLE)))
    assert ways * len(judged) ** 2 <= 32 * 72**2
    assert passwords.looked_at("snow-lilac-lamp-7") == "snow-lilac-lamp-7"
    assert len(passwords.looked_at("p4ssw0rd!1" * 9)) == 72


def test_mails_of_the_sign_in_name_the_portal_and_no_host(world: World, post: Post) -> None:
    asked_for_a_code(Client(), post, world.officer.email)
    [mail] = post()[-1:]
    assert mail.subject.startswith("【さっぽろ事業支援ポータル】")
    assert "[" not in mail.subject
