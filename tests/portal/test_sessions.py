"""Sessions that end by themselves or by an administrator, what their owner sees of them, and an address that was taken."""

import re
import time
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from lxml import html
from pytest_django import Settings

from grants.applications import drafts
from portal import clock
from portal.accounts import demo, security
from portal.accounts.models import FormerAddress, SignIn, StaffRole, User
from portal.approvals.models import Approval, contents
from portal.audit.models import Event as Act
from portal.events import Event as Line
from portal.ui import limits
from portal.ui.models import Use
from portal.ui.templatetags.ui import short_day
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.lines import Lines, only
from tests.proofs import code_of, mailed_code
from tests.provider import PRIME, Provider, come_back

Post = Callable[[], list[EmailMessage]]
PASSWORD = "snow-lilac-lamp-7"


class Later:
    """Lets the real clock run ahead."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch, self.began = monkeypatch, time.time()

    def at(self, minutes: float) -> None:
        self.patch.setattr("time.time", lambda: self.began + minutes * 60)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    return Later(monkeypatch)


@pytest.mark.parametrize(
    ("who", "page", "away"),
    [("administrator", "/staff/new/", 15), ("officer", "/inbox/", 30), ("outsider", "/my/", 120)],
)
def test_a_session_ends_after_a_while_without_a_page(
    world: World, client: Client, later: Later, lines: Lines, who: str, page: str, away: int
) -> None:
    person = world.outsider if who == "outsider" else world.staff[who]
    client.force_login(person)
    for turn in (1, 2):  # a page in between begins the while anew
        later.at(turn * (away - 2))
        assert client.get(page).status_code == 200
    later.at(2 * (away - 2) + away + 2)
    answer = client.get(page)
    assert only(lines, Line.SESSION_ENDED)["user"] == person.pk
    assert answer["Location"] == f"/accounts/login/?next={page}"
    assert "しばらく操作がなかった" in client.get(answer["Location"]).content.decode()


def test_a_session_ends_after_twelve_hours_however_busy(
    world: World, client: Client, later: Later
) -> None:
    client.force_login(world.officer)
    for minutes in range(0, 12 * 60, 20):
        later.at(minutes)
        assert client.get("/inbox/").status_code == 200
    later.at(12 * 60 + 1)
    assert client.get("/inbox/").status_code == 302


def test_a_session_that_the_provider_opened_is_the_portals_own(
    db: None,
    client: Client,
    later: Later,
    provider: type[Provider],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ends by the portal's rules, the provider hears of neither, and a new one asks there again."""
    come_back(client, provider, **PRIME)
    going = Client()
    come_back(going, provider, **PRIME)
    calls: list[str] = []
    with monkeypatch.context() as patch:
        for method in ("do_GET", "do_POST"):
            patch.setattr(provider, method, lambda asked: calls.append(asked.path))
        going.post("/accounts/logout/")
        assert going.get("/my/").status_code == 302
        later.at(118)
        assert client.get("/my/").status_code == 200
        later.at(118 + 122)
        assert client.get("/my/").status_code == 302
    assert calls == []
    asked = urlsplit(going.post("/accounts/oidc/gbizid/login/").url)  # type: ignore[attr-defined]
    assert asked.path == "/authorize"


def test_what_was_typed_before_the_session_ended_is_there_after_the_sign_in(
    world: World, client: Client, later: Later
) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    path = f"/apply/{application.case.number}/contact/"
    later.at(300)
    answer = client.post(path, {"version": "0", "name": "三上 遥（書きかけ）"})
    assert answer["Location"] == f"/accounts/login/?next={path}"
    client.post("/accounts/login/", {"login": person.email, "password": demo.PASSWORD})
    if "_auth_user_id" not in client.session:
        client.force_login(person)
    assert "三上 遥（書きかけ）" in client.get(path).content.decode()
    assert drafts.stored(application, "contact") is None


def test_a_page_that_fails_after_the_proof_signs_nobody_out(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.director.set_password(PASSWORD)
    world.director.save()
    approval = world.approval("award", [world.accepted()[0]])
    client.force_login(world.director)
    client.raise_request_exception = False
    way = f"/do/approval/{approval.pk}/approve/"
    asked = client.post(way, {"seen": approval.version, "key": "once"})
    monkeypatch.setattr(contents, "execute", lambda *_given: 1 / 0)
    assert client.post(asked["Location"], {"password": PASSWORD, "next": way}).status_code == 500
    assert client.get("/inbox/").status_code == 200
    assert Approval.objects.get(pk=approval.pk).state == "circulated"


def test_a_form_that_comes_back_after_the_proof_is_sent_to_its_own_address(
    world: World, client: Client
) -> None:
    administrator = world.staff["administrator"]
    administrator.set_password(PASSWORD)
    administrator.save()
    client.force_login(administrator)
    asked = client.post("/staff/roles/hand-over/", {"people": ""})
    back = client.post(asked["Location"], {"password": PASSWORD, "next": "/staff/roles/hand-over/"})
    assert back.status_code == 422
    forms = html.fromstring(back.content).xpath("//main//form[@method='post']/@action")
    assert forms == ["/staff/roles/hand-over/"]


def test_an_administrator_ends_the_sessions_of_another(world: World, client: Client) -> None:
    administrator, officer = world.staff["administrator"], world.officer
    there, elsewhere = Client(), Client()
    there.force_login(officer)
    elsewhere.force_login(officer)
    client.force_login(administrator)
    with pytest.raises(NotReady, match="ご自分"):
        security.end_sessions(administrator.email, by=administrator, reason="x")
    security.end_sessions(officer.email, by=administrator, reason="端末の紛失")
    assert [c.get("/inbox/").status_code for c in (there, elsewhere)] == [302, 302]
    there.force_login(User.objects.get(pk=officer.pk))
    assert there.get("/inbox/").status_code == 200
    event = Act.objects.get(action="person.sessions_ended")
    assert (event.actor, event.payload.data()["reason"]) == (administrator, "端末の紛失")


def test_the_page_that_ends_sessions(world: World, client: Client) -> None:
    client.force_login(world.staff["administrator"])
    client.post("/accounts/reauthenticate/", {"password": demo.PASSWORD})
    path = "/staff/sessions/"
    assert client.post(path, {"email": "nobody@x.example", "reason": "x"}).status_code == 422
    answer = client.post(path, {"email": world.officer.email, "reason": "端末の紛失"})
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert User.objects.get(pk=world.officer.pk).sign_outs == 1


@pytest.fixture
def owner(db: None) -> User:
    user = User.objects.create_user("owner@firms.example", PASSWORD, name="持ち主")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def signed_in(password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": "owner@firms.example", "password": password})
    return client


@pytest.mark.usefixtures("standing_clock")
def test_an_address_that_is_added_again_and_again_hears_no_more_than_from_anybody(
    owner: User, post: Post
) -> None:
    client, email = signed_in(), "stranger@evil.example"
    mailed_code(client)
    added = {"email": email, "action_add": ""}
    client.post(client.post("/accounts/email/", added)["Location"], {"password": PASSWORD})
    EmailAddress.objects.filter(email=email).delete()
    Use.objects.all().delete()
    said = []
    for _ in range(6):
        said.append(client.post("/accounts/email/", added).status_code)
        EmailAddress.objects.filter(email=email).delete()
    assert said == [302] * 5 + [429]
    assert limits.MAILS_HERE.name in Use.objects.values_list("what", flat=True)


def test_a_change_of_address_asks_the_password_and_tells_the_old_one(
    owner: User, world: World, post: Post, later: Later
) -> None:
    thief = signed_in()
    mailed_code(thief)  # they read the mailbox, too
    asked = thief.post("/accounts/email/", {"email": "thief@evil.example", "action_add": ""})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    assert not EmailAddress.objects.filter(email="thief@evil.example").exists()
    thief.post(asked["Location"], {"password": PASSWORD})  # who knows it goes on
    thief.post("/accounts/email/", {"email": "thief@evil.example", "action_add": ""})
    assert not EmailAddress.objects.filter(email="thief@evil.example").exists()  # before its code
    thief.post("/accounts/confirm-email/", {"code": code_of(post()[-1])})
    thief.post("/accounts/email/", {"email": "thief@evil.example", "action_primary": ""})
    thief.post("/accounts/email/", {"email": "owner@firms.example", "action_remove": ""})
    owner.refresh_from_db()
    assert owner.email == "thief@evil.example"
    told = [str(m.body) for m in post() if m.to == ["owner@firms.example"]]
    assert any("お心当たりがないとき" in text and "thief@evil.example" in text for text in told)
    security.end_sessions(
        "owner@firms.example",
        by=world.staff["administrator"],
        reason="本人から連絡",
        gives_back=True,
    )
    owner.refresh_from_db()
    assert owner.email == "owner@firms.example"
    assert [a.email for a in EmailAddress.objects.filter(user=owner)] == ["owner@firms.example"]
    assert thief.get("/my/").status_code == 302
    assert "_auth_user_id" in signed_in().session
    data = Act.objects.get(action="person.sessions_ended").payload.data()
    assert data["changed"] == {"email": ["thief@evil.example", "owner@firms.example"]}


# -- a way in has changed --------------------------------------------------------------------------
def number_of(client: Client) -> str:
    return str(client.session.session_key)


def proved() -> Client:
    client = signed_in()
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    mailed_code(client)
    return client


def generator(client: Client) -> None:
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302


def new_recovery_codes(client: Client) -> None:
    client.post("/accounts/2fa/recovery-codes/generate/")


def no_generator(client: Client) -> None:
    client.post("/accounts/2fa/totp/deactivate/")


def another_address(client: Client) -> None:
    client.post("/accounts/email/", {"email": "second@firms.example", "action_primary": ""})


def one_address_less(client: Client) -> None:
    client.post("/accounts/email/", {"email": "second@firms.example", "action_remove": ""})


def no_provider(client: Client) -> None:
    row = SocialAccount.objects.get()
    client.post("/accounts/3rdparty/", {"account": row.pk})


def another_password(client: Client) -> None:
    new = {"password1": "quite-another-long-one", "password2": "quite-another-long-one"}
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, **new})


@pytest.mark.parametrize(
    "change",
    [
        generator,
        new_recovery_codes,
        no_generator,
        another_address,
        one_address_less,
        no_provider,
        another_password,
    ],
)
def test_a_change_of_a_way_in_ends_the_other_sessions(
    owner: User,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Client], None],
) -> None:
    # within the request, as where no test holds a transaction around it
    monkeypatch.setattr(transaction, "on_commit", lambda act, **_given: act())
    app = {"provider_id": "gbizid", "name": "GビズID", "client_id": "portal", "secret": "secret"}
    known = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    apps = [app | {"settings": {"server_url": "https://id.example"}}]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": known | {"APPS": apps}}
    EmailAddress.objects.create(user=owner, email="second@firms.example", verified=True)
    SocialAccount.objects.create(user=owner, provider="gbizid", uid="g-1")
    here = proved()
    if change in (new_recovery_codes, no_generator):
        generator(here)
    elsewhere = Client()
    elsewhere.force_login(User.objects.get(pk=owner.pk))
    number = number_of(here)
    assert elsewhere.get("/my/").status_code == 200
    change(here)
    assert [client.get("/my/").status_code for client in (here, elsewhere)] == [200, 302]
    assert number_of(here) != number
    (shown,) = here.get("/accounts/sessions/").context["sessions"]
    assert shown.session_key == number_of(here)


def test_whoever_proves_again_goes_on_under_a_new_number(world: World, owner: User) -> None:
    client = signed_in()
    number = number_of(client)
    client.post("/accounts/reauthenticate/", {"password": "not-the-password"})
    assert number_of(client) == number
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert number_of(client) != number
    thief = Client()
    thief.cookies["sessionid"] = number
    assert [who.get("/my/").status_code for who in (client, thief)] == [200, 302]
    client.force_login(world.officer)
    number = number_of(client)
    client.post("/accounts/2fa/reauthenticate/", {"code": demo.totp_code(world.officer)})
    assert number_of(client) != number
    assert client.get("/inbox/").status_code == 200


def test_whoever_ends_the_other_sessions_proves_again(owner: User) -> None:
    here, elsewhere = signed_in(), signed_in()
    asked = here.post("/accounts/sessions/")
    assert asked["Location"] == "/accounts/reauthenticate/?next=%2Faccounts%2Fsessions%2F"
    assert elsewhere.get("/my/").status_code == 200
    done = here.post(asked["Location"], {"password": PASSWORD, "next": "/accounts/sessions/"})
    assert done["Location"] == "/accounts/sessions/"
    assert [client.get("/my/").status_code for client in (here, elsewhere)] == [200, 302]
    assert Client().post("/accounts/sessions/")["Location"].startswith("/accounts/login/")


def test_an_address_is_given_back_only_to_whom_it_belonged(owner: User, world: World) -> None:
    by = world.staff["administrator"]
    with pytest.raises(NotReady, match="見つかりません"):
        security.end_sessions("never@x.example", by=by, reason="x", gives_back=True)
    row = FormerAddress.objects.create(person=owner, email="old@firms.example")
    taken = User.objects.create_user("old@firms.example", None, name="別の方")
    assert security.end_sessions("old@firms.example", by=by, reason="x").pk == taken.pk
    taken.email = "moved@firms.example"
    taken.save()
    row.left_at = clock.now() - timedelta(days=181)
    row.save()
    with pytest.raises(NotReady, match="見つかりません"):
        security.end_sessions("old@firms.example", by=by, reason="x", gives_back=True)


def test_an_owner_sees_who_came_in_and_who_tried(owner: User, later: Later) -> None:
    signed_in("wrong-password-1")
    signed_in("wrong-password-1")
    SignIn.objects.create(
        person=owner, at=clock.now() - timedelta(days=91), network="x", how="code", worked=True
    )
    client = signed_in()
    rows = [(row.worked, row.how, row.network) for row in owner.sign_ins.all()]
    assert rows == [(True, "password", "127.0.0.1"), *[(False, "password", "127.0.0.1")] * 2]
    page = client.get("/sign-ins/").content.decode()
    assert [len(re.findall(word, page)) for word in (">成功<|成功\n", "失敗\n|>失敗<")] == [1, 2]
    other = Client()
    other.force_login(User.objects.create_user("other@firms.example", None, name="ほかの方"))
    assert "127.0.0.1" not in other.get("/sign-ins/").content.decode()


def test_an_owner_sees_what_was_granted_and_what_ended(world: World, client: Client) -> None:
    granted = world.officer.staff_roles.get(role="programme_officer")
    StaffRole.objects.filter(pk=granted.pk).update(ends_on=granted.starts_on + timedelta(days=9))
    client.force_login(world.officer)
    page = client.get("/sign-ins/").content.decode()
    for words in (
        granted.get_role_display(),
        short_day(granted.starts_on),
        short_day(granted.starts_on + timedelta(days=9)),
        granted.granted_by.name,
    ):
        assert words in page


def test_failures_never_push_out_who_came_in(owner: User) -> None:
    client = signed_in()
    SignIn.objects.bulk_create(
        SignIn(person=owner, network="203.0.113.9", how="password", worked=False)
        for _n in range(60)
    )
    page = client.get("/sign-ins/").content.decode()
    assert "127.0.0.1" in page
    assert page.count("203.0.113.9") == 50


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd1234",
        "123456789012",
        "qwertyuiop123",
        "q1w2e3r4t5y6",
        "aaaaaaaaaaaa",
        "iloveyou1234",
        "hokkaido12345",
        "haruka.mikami1",
        "sapporo-portal",
    ],
)
def test_a_password_that_leaked_or_is_guessed_is_refused(password: str) -> None:
    person = User(email="haruka.mikami@firms.example", name="三上 遥")
    with pytest.raises(ValidationError):
        password_validation.validate_password(password, person)


@pytest.mark.parametrize(
    "password", [PASSWORD, "雪とライラックと時計台の夜", "snow lilac lamp " * 12]
)
def test_a_long_one_of_any_letters_is_taken(password: str) -> None:
    password_validation.validate_password(password, User(email="h@firms.example", name="三上"))
