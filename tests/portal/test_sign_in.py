"""Sign-up with a confirmed address, the second factor of staff, and OpenID Connect against a local provider with PKCE."""

import re
from collections.abc import Callable
from urllib.parse import unquote, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import BasePasswordHasher, get_hasher
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings
from requests.exceptions import TooManyRedirects

from portal import clock
from portal.accounts import demo, guesses, people
from portal.accounts.models import Invitation, User
from portal.accounts.permissions import Applicant
from portal.accounts.signup import SocialAccountAdapter
from portal.approvals.models import Approval
from portal.audit.models import Event as AuditEvent
from portal.clock import today
from portal.events import Event
from portal.ui.models import Use
from portal.workflow.errors import NotReady
from portal.workflow.graph import life_cycles
from tests.conftest import World
from tests.lines import Lines, only
from tests.markup import one_line
from tests.proofs import code_of, mailed_code
from tests.provider import PRIME, Provider, come_back, running, sent_back
from tools.demonstration.people import address

Post = Callable[[], list[EmailMessage]]


def test_a_new_person_comes_in_by_openid_connect(
    db: None, client: Client, provider: type[Provider]
) -> None:
    come_back(
        client, provider, sub="g-1", email="new@firms.example", email_verified=True, name="新 太郎"
    )
    user = User.objects.get(socialaccount__uid="g-1")
    assert user.email == "new@firms.example"
    assert client.get("/my/").status_code == 200


def test_what_gbizid_says_is_taken_over_and_never_typed_twice(
    world: World, client: Client, provider: type[Provider]
) -> None:
    come_back(client, provider, **PRIME)
    assert User.objects.get(socialaccount__uid="g-prime-1").name == "髙田 誠一"
    first = client.get("/organisations/new/").content.decode()
    assert 'value="3990000007001"' in first
    second = client.post(
        "/organisations/new/", {"step": "1", "corporate_number": "3990000007001"}
    ).context["form"]
    assert {
        name: second.initial[name] for name in ("name", "address", "representative_name", "phone")
    } == {
        "name": "株式会社時計台製作所",
        "address": "北海道札幌市中央区北一条西２丁目１番地",
        "representative_name": "髙田 誠一",
        "phone": "0110000000",
    }
    other = client.post("/organisations/new/", {"step": "1", "sole": "on"}).context["form"]
    assert other.initial == {}  # another firm than the one of the account


def test_a_sole_proprietors_number_of_gbizid_is_no_corporate_number(
    world: World, client: Client, provider: type[Provider]
) -> None:
    sole = PRIME | {"corp_type": "2", "corporate_number": "1234567890128", "name": "時計台珈琲"}
    come_back(client, provider, **sole)
    first = client.get("/organisations/new/").context["form"].initial
    assert first == {"corporate_number": "", "sole": True}
    assert (
        client.post("/organisations/new/", {"step": "1", "sole": "on"})
        .context["form"]
        .initial["name"]
        == "時計台珈琲"
    )


def test_a_provider_without_a_name_makes_the_form_ask(
    db: None, client: Client, provider: type[Provider]
) -> None:
    page = come_back(client, provider, sub="g-9", email="noname@firms.example", email_verified=True)
    assert page.redirect_chain[-1][0] == "/accounts/3rdparty/signup/"  # type: ignore[attr-defined]
    typed = {"name": "名乗る 人", "email": "noname@firms.example"}
    for _ in range(5):  # mails to the address that is typed are counted, whoever asks for them
        guesses.count_mail(page.wsgi_request, typed["email"])  # type: ignore[attr-defined]
    assert client.post("/accounts/3rdparty/signup/", typed).status_code == 429
    Use.objects.all().delete()
    client.post("/accounts/3rdparty/signup/", typed)
    assert User.objects.get(socialaccount__uid="g-9").name == "名乗る 人"


@pytest.mark.parametrize(
    ("page", "words"), [("login", "GビズIDでログイン"), ("signup", "GビズIDで登録する")]
)
def test_the_provider_is_a_button_of_its_own_name(
    db: None, client: Client, provider: type[Provider], page: str, words: str
) -> None:
    shown = one_line(client.get(f"/accounts/{page}/"))
    assert f'<button class="button button--line" type="submit">{words}</button>' in shown


def test_the_provider_is_asked_by_a_button_alone(
    db: None, client: Client, provider: type[Provider]
) -> None:
    assert client.get("/accounts/oidc/gbizid/login/").status_code == 200
    assert client.post("/accounts/oidc/gbizid/login/").status_code == 302


def test_a_provider_that_leads_elsewhere_is_not_followed(db: None) -> None:
    asked = SocialAccountAdapter().get_requests_session()
    with running() as base:
        assert asked.get(f"{base}/.well-known/openid-configuration").ok
        leads = f"{base}/authorize?code_challenge=x&scope=x&state=x&nonce=x&redirect_uri={base}/elsewhere"
        with pytest.raises(TooManyRedirects):
            asked.post(leads)


def test_gbizid_with_a_registered_address_is_told_how_to_go_on(
    db: None, client: Client, provider: type[Provider], post: Post
) -> None:
    there = User.objects.create_user("there@firms.example", "a-long-password-1", name="先にいる人")
    EmailAddress.objects.create(user=there, email=there.email, verified=True, primary=True)
    claims = {
        "sub": "g-4",
        "email": "there@firms.example",
        "email_verified": True,
        "name": "先にいる人",
    }
    come_back(client, provider, **claims)
    text = str(post()[-1].body)
    ways = {urlsplit(link).path for link in re.findall(r"http\S+", text)}
    assert ways == {"/accounts/login/", "/accounts/password/reset/", "/accounts/3rdparty/"}
    client.post(
        "/accounts/login/", {"login": "there@firms.example", "password": "a-long-password-1"}
    )
    asked = client.get("/accounts/3rdparty/")
    assert asked["Location"].startswith("/second-factor/now/")
    mailed_code(client)
    assert "GビズIDをつなぐ" in client.get("/accounts/3rdparty/").content.decode()
    client.get(sent_back(client, provider, "?process=connect"))
    assert not there.socialaccount_set.exists()  # type: ignore[attr-defined]  # asked once more who it is
    client.post("/accounts/reauthenticate/", {"password": "a-long-password-1"})
    fresh = Client()
    come_back(fresh, provider, **claims)
    assert fresh.get("/my/").status_code == 200
    assert [account.uid for account in there.socialaccount_set.all()] == ["g-4"]  # type: ignore[attr-defined]


def test_who_set_out_before_the_sign_in_joins_nothing_by_the_password_alone(
    db: None, client: Client, provider: type[Provider]
) -> None:
    there = User.objects.create_user("there@firms.example", "a-long-password-1", name="先にいる人")
    EmailAddress.objects.create(user=there, email=there.email, verified=True, primary=True)
    claims = {"sub": "g-thief", "email": "thief@evil.example", "email_verified": True}
    provider.claims = claims
    back = sent_back(client, provider, "?process=connect")  # signed out
    client.post(
        "/accounts/login/", {"login": "there@firms.example", "password": "a-long-password-1"}
    )
    assert client.get(back)["Location"] == "/accounts/3rdparty/"
    client.post("/accounts/reauthenticate/", {"password": "a-long-password-1"})
    assert not there.socialaccount_set.exists()  # type: ignore[attr-defined]


def test_an_equal_address_never_joins_accounts(
    db: None, client: Client, provider: type[Provider]
) -> None:
    there = User.objects.create_user("there@firms.example", "a-long-password-1", name="先にいる人")
    come_back(
        client,
        provider,
        sub="g-2",
        email="there@firms.example",
        email_verified=True,
        name="先にいる人",
    )
    assert not there.socialaccount_set.exists()  # type: ignore[attr-defined]
    assert client.get("/my/").status_code == 302


@pytest.mark.parametrize(("account_type", "only_draft"), [("1", True), ("2", False), ("3", False)])
def test_an_entry_account_may_draft_but_not_submit(
    world: World, client: Client, provider: type[Provider], account_type: str, only_draft: bool
) -> None:
    claims = {"sub": "g-3", "email": "new@firms.example", "email_verified": True, "name": "新 太郎"}
    come_back(client, provider, account_type=account_type, **claims)
    user = User.objects.get(socialaccount__uid="g-3")
    application, _person = world.draft()
    user.memberships.create(organisation=application.case.organisation, role="representative")
    assert Applicant().reasons(user, application) == []
    assert bool(Applicant(submitting=True).reasons(user, application)) == only_draft


def test_a_forged_state_is_refused(
    db: None, client: Client, provider: type[Provider], lines: Lines
) -> None:
    client.post("/accounts/oidc/gbizid/login/")
    client.get("/accounts/oidc/gbizid/login/callback/?code=the-code&state=forged")
    assert User.objects.filter(is_system=False).count() == 0
    assert only(lines, Event.PROVIDER_FAILED)


def test_sign_up_confirms_the_address_before_anything_opens(
    db: None, client: Client, post: Post, lines: Lines
) -> None:
    client.post(
        "/accounts/signup/",
        {"name": "三上 遥", "email": "haruka@firms.example", "password1": "snow-lilac-lamp-7"},
    )
    assert client.get("/my/").status_code == 302
    client.post("/accounts/confirm-email/", {"code": code_of(post()[0])})
    assert client.get("/my/").status_code == 200
    person = User.objects.get(email="haruka@firms.example")
    assert person.name == "三上 遥"
    assert only(lines, Event.ACCOUNT_MADE)["user"] == person.pk
    assert only(lines, Event.SIGNED_IN)["user"] == person.pk


def test_sign_up_leads_on_to_the_programme_one_came_from(
    db: None, client: Client, post: Post
) -> None:
    typed = {"name": "三上 遥", "email": "haruka@firms.example", "password1": "snow-lilac-lamp-7"}
    login = {"login": "haruka@firms.example", "password": "snow-lilac-lamp-7"}
    came_for = "/programmes/telework-2026-1/"
    client.post("/accounts/signup/", typed | {"next": came_for})
    answer = client.post("/accounts/confirm-email/", {"code": code_of(post()[0])})
    first = unquote(answer["Location"])
    assert first == f"/second-factor/offer/?next={came_for}"  # offered once, on the way
    client.post("/accounts/logout/")
    assert came_for not in unquote(client.post("/accounts/login/", login)["Location"])  # once

    elsewhere = typed | {"email": "x@firms.example", "next": "https://elsewhere.example/"}
    client = Client()
    client.post("/accounts/signup/", elsewhere)
    answer = client.post("/accounts/confirm-email/", {"code": code_of(post()[-1])})
    assert answer["Location"].startswith("/")


@pytest.mark.parametrize(
    ("password", "n"), [("short", 0), ("password1234", 0), ("snow-lilac-lamp-7", 1)]
)
def test_weak_passwords_are_refused(db: None, client: Client, password: str, n: int) -> None:
    client.post(
        "/accounts/signup/", {"name": "x", "email": "x@firms.example", "password1": password}
    )
    assert User.objects.filter(email="x@firms.example").count() == n


def test_staff_without_a_second_factor_get_no_further(world: World, client: Client) -> None:
    Authenticator.objects.filter(user=world.officer).delete()
    client.force_login(world.officer)
    assert client.get("/inbox/").url == "/second-factor/"  # type: ignore[attr-defined]
    assert client.get("/second-factor/").status_code == 200


def test_the_six_digits_of_the_demonstration_open_the_door(world: World, client: Client) -> None:
    client.post("/accounts/login/", {"login": world.officer.email, "password": demo.PASSWORD})
    assert client.get("/inbox/").status_code == 302
    client.post("/accounts/2fa/authenticate/", {"code": demo.totp_code(world.officer)})
    assert client.get("/inbox/").status_code == 200


@pytest.mark.parametrize(
    ("who", "first"),
    [
        ("officer", "/inbox/"),
        ("director", "/inbox/"),
        ("reviewer", "/inbox/"),
        ("accountant", "/inbox/"),
        ("auditor", "/inbox/"),
        ("administrator", "/staff/roles/"),
        ("representative", "/second-factor/offer/?next=/"),  # once, on the way
    ],
)
def test_whoever_signs_in_lands_where_their_day_begins(
    world: World, client: Client, who: str, first: str
) -> None:
    person = (world.staff | world.people)[who]
    login = {"login": person.email, "password": demo.PASSWORD}
    answer = client.post("/accounts/login/", login)
    if answer["Location"].startswith("/accounts/2fa/"):
        answer = client.post("/accounts/2fa/authenticate/", {"code": demo.totp_code(person)})
    assert unquote(answer["Location"]) == first


def test_whoever_was_led_away_from_a_page_comes_back_to_it(world: World, client: Client) -> None:
    person = world.people["representative"]
    login = {"login": person.email, "password": demo.PASSWORD, "next": "/my-data/"}
    landed = unquote(client.post("/accounts/login/", login)["Location"])
    assert landed == "/second-factor/offer/?next=/my-data/"  # once, on the way


def test_a_decision_asks_again_who_it_is_and_then_goes_on_by_itself(
    world: World, client: Client
) -> None:
    application, _person = world.accepted()
    approval = world.approval("award", [application])
    client.force_login(world.director)
    page = f"/do/approval/{approval.pk}/approve/"
    asked = client.post(page, {"seen": approval.version, "key": "k1"})
    assert asked.url.startswith("/accounts/reauthenticate/")  # type: ignore[attr-defined]
    assert Approval.objects.get().state == "circulated"
    assert client.post(asked.url, {"password": "wrong-password"}).status_code == 200  # type: ignore[attr-defined]
    done = client.post(asked.url, {"password": demo.PASSWORD, "next": page})  # type: ignore[attr-defined]
    assert done.url == f"/approvals/{approval.pk}/"  # type: ignore[attr-defined]
    assert Approval.objects.get().state == "approved"


SENSITIVE = {  # every address that changes rights or hands out personal lists, with whom it is tried
    "/staff/roles/": "administrator",
    "/staff/roles/1/end/": "administrator",
    "/staff/roles/hand-over/": "administrator",
    "/staff/new/": "administrator",
    "/staff/sessions/": "administrator",
    "/staff/inquiry/": "officer",
}


@pytest.mark.parametrize(("path", "who"), SENSITIVE.items())
def test_sensitive_addresses_ask_again_who_it_is(
    world: World, client: Client, path: str, who: str
) -> None:
    client.force_login(world.staff[who])
    assert client.post(path, {}).url.startswith("/accounts/reauthenticate/")  # type: ignore[attr-defined]


def test_the_transitions_that_ask_again_are_these() -> None:
    found = {
        (model.__name__, s.name)
        for model in life_cycles()
        for s in model.specs().values()
        if s.sensitive
    }
    assert found == {
        ("Approval", "approve"),
        ("Approval", "approve_as_deputy"),
        ("BankAccount", "confirm"),
        ("Payment", "come_back"),
        ("Payment", "confirm_bounce"),
        ("Payment", "confirm_arrival"),
        ("PaymentBatch", "export"),
        ("PaymentBatch", "void"),
        ("PaymentBatch", "confirm_void"),
        ("Match", "agree"),
        ("Pilot", "sign"),
        ("Pilot", "conclude"),
        ("Challenge", "call_off"),
        ("Pilot", "stop"),
        ("Rollout", "contract"),
        ("Release", "approve"),
        ("Disclosure", "decide"),
        ("Disposal", "confirm_hand_over"),
    }


@pytest.mark.usefixtures("standing_clock")
def test_guessing_a_password_is_slowed(world: World, client: Client) -> None:
    wrong = {"login": address("representative"), "password": "not-the-password"}
    said = [client.post("/accounts/login/", wrong).status_code for _ in range(6)]
    right = client.post("/accounts/login/", wrong | {"password": demo.PASSWORD})
    assert (said, right.status_code) == ([200] * 5 + [429], 429)
    assert client.get("/my/").status_code == 302


def test_a_password_reset_tells_nobody_who_has_an_account(
    world: World, client: Client, post: Post, lines: Lines
) -> None:
    answers = [
        client.post("/accounts/password/reset/", {"email": email}, follow=True)
        for email in (address("representative"), "nobody@firms.example")
    ]
    pages = [answer.content.decode().split("<main")[1] for answer in answers]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert pages[0] == pages[1]
    sent = post()
    assert sent[0].to == [address("representative")]
    link = re.search(r"https?://\S+/accounts/password/reset/key/\S+", str(sent[0].body))
    assert link
    path = urlsplit(link.group()).path
    page = client.get(path, follow=True)
    new = {"password1": "quite-another-long-one", "password2": "quite-another-long-one"}
    client.post(page.request["PATH_INFO"], new)
    client.post(
        "/accounts/login/",
        {"login": address("representative"), "password": "quite-another-long-one"},
    )
    assert client.get("/my/").status_code == 200
    assert only(lines, Event.PASSWORD_RESET)["user"] == world.people["representative"].pk
    assert (
        'name="password1"' not in Client().get(path, follow=True).content.decode()
    )  # a link is for once


@pytest.mark.parametrize("way", ["password/reset", "login/code"])
def test_an_address_that_nobody_registered_hears_so_once_a_day_and_the_answer_is_the_same(
    db: None, post: Post, standing_clock: None, way: str
) -> None:
    pages, queries = [], []
    for _turn in range(3):
        with CaptureQueriesContext(connection) as asked:
            answer = Client().post(f"/accounts/{way}/", {"email": "nobody@firms.example"})
        pages.append((answer.status_code, answer["Location"]))
        # those of a savepoint say how it ended; a process asks once whether it is a demonstration
        others = ("SAVEPOINT", "portal_accounts_demonstration")
        queries.append(sum(not any(word in one["sql"] for word in others) for one in asked))
    assert len(set(pages)) == 1
    assert len(set(queries)) == 1  # what is not sent is done and undone: no clock tells
    (mail,) = post()
    assert mail.to == ["nobody@firms.example"]
    assert "登録はありません" in mail.subject
    assert "/accounts/signup/" in str(mail.body)


def test_the_demonstration_exists_only_in_a_demonstration(
    world: World, client: Client, settings: Settings
) -> None:
    settings.DEMO = False
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/", {"person": world.officer.pk}).status_code == 404


def test_whoever_is_removed_takes_their_open_invitations_along(
    world: World, client: Client
) -> None:
    application, person = world.draft(complete=False)
    firm = application.case.organisation
    second = firm.memberships.create(user=world.outsider, role="representative")
    secret = people.invite(
        firm, email="third@firms.example", role="representative", by=world.outsider
    )
    people.end_membership(second, by=person)
    third = User.objects.create_user("third@firms.example", None, name="三人目")
    client.force_login(third)
    assert client.post(f"/invitations/{secret}/accept/").status_code != 302
    assert not firm.memberships.filter(user=third).exists()


@pytest.mark.parametrize("how", ["left", "only a member", "account closed"])
def test_an_invitation_ends_with_the_right_of_who_made_it(world: World, how: str) -> None:
    """However the right ended: it is asked when the link is followed."""
    application, person = world.draft(complete=False)
    firm = application.case.organisation
    secret = people.invite(firm, email="third@firms.example", role="member", by=person)
    if how == "left":
        firm.memberships.filter(user=person).update(left_at=clock.now())
    elif how == "only a member":
        firm.memberships.filter(user=person).update(role="member")
    else:
        User.objects.filter(pk=person.pk).update(is_active=False)
    third = User.objects.create_user("third@firms.example", None, name="三人目")
    with pytest.raises(NotReady, match="招待した方"):
        people.accept_invitation(secret, by=third)
    assert not firm.memberships.filter(user=third).exists()


def test_a_colleague_who_is_invited_as_representative_becomes_one(world: World) -> None:
    application, person = world.draft(complete=False)
    firm = application.case.organisation
    firm.memberships.create(user=world.outsider, role="member")
    secret = people.invite(firm, email=world.outsider.email, role="representative", by=person)
    people.accept_invitation(secret, by=world.outsider)
    assert firm.memberships.get(user=world.outsider).role == "representative"


def test_an_invitation_can_be_taken_back(world: World, client: Client) -> None:
    application, person = world.draft(complete=False)
    firm = application.case.organisation
    secret = people.invite(firm, email="third@firms.example", role="member", by=person)
    row = Invitation.objects.get()
    way = reverse("invitation_take_back", args=[firm.pk, row.pk])
    client.force_login(world.outsider)
    assert client.post(way).status_code == 404
    client.force_login(person)
    page = reverse("organisation", args=[firm.pk])
    assert way in client.get(page).content.decode()
    assert client.post(way).status_code == 302
    assert row.email not in client.get(page).content.decode()
    third = User.objects.create_user("third@firms.example", None, name="三人目")
    with pytest.raises(NotReady, match="取り消されました"):
        people.accept_invitation(secret, by=third)
    event = AuditEvent.objects.get(action="organisation.take_back_invitation")
    assert (event.actor, event.payload.data()["email"]) == (person, row.email)


def test_an_invitation_is_for_one_address_and_one_use(world: World, client: Client) -> None:
    application, person = world.draft()
    firm = application.case.organisation
    client.force_login(person)
    answer = client.post(
        f"/organisations/{firm.pk}/invite/", {"email": "new@firms.example", "role": "member"}
    )
    assert answer.status_code == 302
    link = re.search(r"/invitations/\S+/", str(firm.invitations.get().secret_hash)) or None
    assert link is None  # only the hash is kept
    secret = people.invite(firm, email="new@firms.example", role="member", by=person)
    client.force_login(world.outsider)
    assert client.post(f"/invitations/{secret}/accept/").status_code == 403
    new = User.objects.create_user("new@firms.example", None, name="新人")
    client.force_login(new)
    assert client.post(f"/invitations/{secret}/accept/").status_code == 302
    assert client.post(f"/invitations/{secret}/accept/").status_code == 422
    assert client.get(f"/apply/{application.case.number}/").status_code == 200


def test_a_delegation_ends_at_once_and_says_adviser_on_everything(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    adviser, firm = world.people["adviser"], application.case.organisation
    delegation = people.delegate(
        firm,
        adviser=adviser,
        by=person,
        programme_code="telework",
        may_submit=True,
        starts_on=today(),
        ends_on=today(),
    )
    client.force_login(adviser)
    assert client.get(f"/apply/{application.case.number}/").status_code == 200
    assert firm.name in client.get("/desk/").content.decode()
    assert adviser.capacity_for(application) == "adviser"
    people.end_delegation(delegation, by=person)
    assert client.get(f"/apply/{application.case.number}/").status_code == 404


def test_a_visitor_without_a_session_is_led_to_the_sign_in(db: None, client: Client) -> None:
    assert client.get("/my/")["Location"] == "/accounts/login/?next=/my/"


def test_a_sign_up_hashes_the_password_also_where_the_address_has_an_account(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hashing takes nearly all of the time: without it, whoever measures knows who is registered."""
    hasher = type(get_hasher())
    hash_it, hashed = hasher.encode, []

    def counted(self: BasePasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return str(hash_it(self, password, salt))

    monkeypatch.setattr(hasher, "encode", counted)
    for email in ("nobody-yet@firms.example", world.people["representative"].email):
        typed = {"name": "三上 遥", "email": email, "password1": "snow-lilac-lamp-7"}
        assert Client().post("/accounts/signup/", typed).status_code == 302
    assert hashed == ["snow-lilac-lamp-7"] * 2


def test_who_comes_to_a_firm_and_leaves_it_stands_in_its_chain(world: World) -> None:
    """Each act with its actor and whom it is about: nobody gains or loses a right over a firm unseen."""
    application, owner = world.draft()
    firm, adviser = application.case.organisation, world.people["adviser"]
    colleague = User.objects.create_user("colleague@firms.example", None, name="同僚")
    before = AuditEvent.objects.filter(chain=f"organisation:{firm.pk}").count()
    secret = people.invite(firm, email=colleague.email, role="member", by=owner)
    people.accept_invitation(secret, by=colleague)
    delegation = people.delegate(
        firm, adviser=adviser, by=owner, starts_on=today(), ends_on=today()
    )
    people.end_delegation(delegation, by=owner)
    people.end_membership(firm.memberships.get(user=colleague), by=owner)
    rows = AuditEvent.objects.filter(chain=f"organisation:{firm.pk}").order_by("seq")[before:]
    about = [row.payload.data() for row in rows]
    assert [(row.action, row.actor) for row in rows] == [
        ("organisation.invite", owner),
        ("organisation.join", colleague),
        ("organisation.delegate", owner),
        ("organisation.end_delegation", owner),
        ("organisation.leave", owner),
    ]
    assert (about[0]["email"], about[0]["role"], about[1]["role"]) == (
        colleague.email,
        "member",
        "member",
    )
    assert [about[n]["adviser"] for n in (2, 3)] == [adviser.name, adviser.name]
    assert about[4]["person"] == colleague.name


def test_what_a_password_has_to_be_is_one_sentence_wherever_one_is_set(
    world: World, client: Client
) -> None:
    person = world.people["representative"]
    person.set_unusable_password()
    person.save()
    client.force_login(person)
    page = one_line(client.get(reverse("account_set_password"), follow=True))
    hint = page.partition('id="id_password1_helptext"')[2].partition("</p>")[0]
    assert hint == ">12文字以上。よくある言葉や並び、お名前やアドレスをもとにしたものは使えません。"
