"""The second proof of whoever acts for a firm: where it is asked, what counts, and that the act goes on."""

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from allauth.account.internal.flows import reauthentication
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from grants.applications.models import Application
from grants.payments.accounts import BankAccount
from portal import clock
from portal.accounts import demo, factors, sign_ins
from portal.accounts.models import Membership, Organisation, StaffRole, User
from portal.cases.models import Case
from portal.events import Event
from portal.workflow.door import begin
from tests.architecture.test_house import routes
from tests.conftest import World, seen_on
from tests.lines import Lines, of
from tests.markup import one_line
from tools.demonstration import simulation

Post = Callable[[], list[EmailMessage]]
PASSWORD, THIEFS = "snow-lilac-lamp-7", "river-stone-maple-4"
NOW = "/second-factor/now/"

# every page that asks whoever sends its form
PAGES = {
    "application_review",
    "bank_account",
    "change_new",
    "claim_new",
    "completion_review",
    "firm_proof",
    "firm_claim",
    "organisation",  # its name and representative stand on papers
    "membership_end",
    "organisation_invite",  # whoever comes in by it may do all of the above
}


def test_these_pages_ask_for_a_second_factor() -> None:
    found = {entry.name for _route, entry in routes() if hasattr(entry.callback, "two_factors")}
    assert found == PAGES


# pages of the sign-in library that change nothing by which somebody is known, or have a proof of
# their own (a link by mail, the provider's answer)
OTHERS = {
    "account_complete_password_reset",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_password_reset_completed",
    "account_reauthenticate",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "mfa_authenticate",
    "mfa_edit_webauthn",  # its name
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_login_webauthn",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_trust",
    "openid_connect_callback",
    "openid_connect_login",  # where it joins: see below
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
    "usersessions_list",
}


def test_no_page_of_the_sign_in_library_changes_a_proof_behind_one_proof() -> None:
    known = {
        str(entry.name)
        for _route, entry in routes()
        if str(entry.name).startswith(("account_", "mfa_", "openid_", "socialaccount_"))
        or entry.name == "usersessions_list"
    }
    assert known - OTHERS == factors.OWN_PROOFS


class Filer:
    """Somebody with a whole draft, signed in by password alone, at the last page."""

    def __init__(self, world: World) -> None:
        self.application, self.person = world.draft()
        self.person.set_password(PASSWORD)
        self.person.factor_offered_at = clock.now()
        self.person.save()
        EmailAddress.objects.get_or_create(
            user=self.person, email=self.person.email, verified=True, primary=True
        )
        self.client = Client()
        self.client.post("/accounts/login/", {"login": self.person.email, "password": PASSWORD})
        self.page = reverse("application_review", args=[self.application.case.number])
        self.now = f"{NOW}?next={quote(self.page, safe='')}"
        self.typed = {
            "seen": seen_on(self.client.get(self.page)),
            "form_key": "one-form",
            **dict.fromkeys(("truth", "rules", "antisocial"), "on"),
        }

    def send(self) -> HttpResponse:
        return self.client.post(self.page, self.typed)  # type: ignore[return-value]

    @property
    def state(self) -> str:
        return Application.objects.get(pk=self.application.pk).state


@pytest.fixture
def filer(world: World) -> Filer:
    return Filer(world)


class Watch:
    """The clocks of the machine, from now on at the call's last moment and so many seconds."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.patch = monkeypatch
        self.closes = max(p.closes_at for p in world.calls["telework"].periods.all())

    def show(self, seconds: int) -> datetime:
        now = self.closes + timedelta(seconds=seconds)
        self.patch.setattr("django.utils.timezone.now", lambda: now)
        self.patch.setattr("time.time", now.timestamp)
        return now


@pytest.fixture
def watch(world: World, monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch(world, monkeypatch)
    watch.show(-60)
    return watch


def mailed(post: Post) -> str:
    found = re.search(r"確認コードは (\d{6}) です", str(post()[-1].body))
    assert found
    return found.group(1)


def test_a_code_by_mail_finishes_what_was_pressed(filer: Filer, post: Post) -> None:
    asked = filer.send()
    assert (asked.status_code, asked["Location"]) == (302, filer.now)
    assert filer.state == "draft"
    page = filer.client.get(filer.now).content.decode()
    assert "入力した内容は残っています" in page
    assert filer.client.post(filer.now, {"send": "mail"})["Location"] == filer.now
    code = mailed(post)
    number = filer.client.session.session_key
    typed = " ".join(chr(ord(digit) + 0xFEE0) for digit in code)  # full width, with spaces
    done = filer.client.post(filer.now, {"code": typed})
    assert done["Location"] == reverse("application_done", args=[filer.application.case.number])
    assert filer.state == "submitted"
    assert filer.client.session.session_key != number
    again = filer.client.post(filer.now, {"code": code})
    assert (again.status_code, "期限が切れました" in again.content.decode()) == (422, True)


def test_a_tick_that_misses_is_told_before_a_proof_is_asked_for(filer: Filer) -> None:
    answer = filer.client.post(filer.page, filer.typed | {"rules": ""})
    assert (answer.status_code, filer.state) == (422, "draft")
    assert answer.content.decode().count('class="field__error"') == 1
    assert filer.send()["Location"] == filer.now


def test_what_was_pressed_in_time_is_in_time(world: World, post: Post, watch: Watch) -> None:
    """The clock runs on past the deadline while the code is on its way."""
    filer = Filer(world)
    pressed = watch.show(-30)
    filer.send()
    filer.client.post(filer.now, {"send": "mail"})
    watch.show(4 * 60)
    filer.client.post(filer.now, {"code": mailed(post)})
    done = Application.objects.get(pk=filer.application.pk)
    assert (done.state, done.arrived_at) == ("submitted", pressed)


@pytest.mark.parametrize("change", ["another form", "half an hour later"])
def test_a_moment_is_kept_for_one_form_and_half_an_hour(
    world: World, post: Post, watch: Watch, change: str
) -> None:
    filer = Filer(world)
    watch.show(-30)
    filer.send()
    late = change == "half an hour later"
    watch.show((31 if late else 4) * 60)
    filer.client.post(filer.now, {"send": "mail"})
    if late:
        filer.client.post(filer.now, {"code": mailed(post)})
    else:
        filer.client.post(NOW, {"code": mailed(post)})  # leads nowhere
        filer.typed["form_key"] = "another"
        filer.send()
    assert filer.state == "draft"


def test_five_wrong_codes_end_a_code(filer: Filer, post: Post, lines: Lines) -> None:
    filer.send()
    filer.client.post(filer.now, {"send": "mail"})
    code = mailed(post)
    wrong = f"{(int(code) + 1) % 10**6:06}"
    said = [filer.client.post(filer.now, {"code": wrong}).status_code for _ in range(5)]
    assert said == [422] * 5
    assert [line["code"] for line in of(lines, Event.SIGN_IN_FAILED)] == ["second_proof"] * 5
    filer.client.post(filer.now, {"code": code})
    assert filer.state == "draft"
    filer.client.post(filer.now, {"send": "mail"})  # a new one opens
    filer.client.post(filer.now, {"code": mailed(post)})
    assert filer.state == "submitted"


def test_codes_are_sent_six_times_an_hour(filer: Filer) -> None:
    filer.send()
    sent = [filer.client.post(filer.now, {"send": "mail"}).status_code for _ in range(7)]
    assert sent == [302] * 6 + [429]


def test_a_code_is_for_its_session_and_ten_minutes(filer: Filer, post: Post) -> None:
    other = Client()
    other.post("/accounts/login/", {"login": filer.person.email, "password": PASSWORD})
    filer.send()
    filer.client.post(filer.now, {"send": "mail"})
    code = mailed(post)
    other.post(filer.now, {"code": code})
    assert other.post(filer.page, filer.typed)["Location"] == filer.now
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert filer.client.post(filer.now, {"code": code}).status_code == 422
    assert filer.state == "draft"


def test_a_generator_is_a_second_proof_and_the_act_goes_on(
    filer: Filer, monkeypatch: pytest.MonkeyPatch
) -> None:
    TOTP.activate(filer.person, demo.totp_secret(filer.person.email.split("@")[0]))
    filer.send()
    page = filer.client.get(filer.now).content.decode()
    (way,) = re.findall(r'href="(/accounts/2fa/reauthenticate/[^"]*)"', page)
    code = demo.totp_code(filer.person)
    done = filer.client.post(way.replace("&amp;", "&"), {"code": code, "next": filer.page})
    assert done["Location"] == reverse("application_done", args=[filer.application.case.number])
    assert filer.state == "submitted"


def test_one_mailbox_is_one_proof(filer: Filer, post: Post) -> None:
    client = filer.client = Client()
    client.post("/accounts/login/code/", {"email": filer.person.email})
    told = re.search(r"^[A-Z0-9-]{4,12}$", str(post()[-1].body), re.MULTILINE)
    assert told
    client.post("/accounts/login/code/confirm/", {"code": told.group()})
    assert filer.send()["Location"] == filer.now
    page = client.get(filer.now).content.decode()
    assert 'name="send"' not in page
    client.post(filer.now, {"send": "mail"})
    assert "確認コード" not in str(post()[-1].subject)
    (way,) = re.findall(r'href="(/accounts/reauthenticate/[^"]*)"', page)
    client.post(way.replace("&amp;", "&"), {"password": PASSWORD, "next": filer.page})
    assert filer.state == "submitted"


def by_a_new_password(filer: Filer, post: Post) -> Client:
    """Whoever reads the mailbox sets the password and comes in by it."""
    client = Client()
    client.post("/accounts/password/reset/", {"email": filer.person.email})
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", str(post()[-1].body))
    assert link
    page = client.get(link.group(1))["Location"]
    client.post(page, {"password1": THIEFS, "password2": THIEFS})
    client.post("/accounts/login/", {"login": filer.person.email, "password": THIEFS})
    return client


def by_mail(client: Client, post: Post, now: str) -> None:
    """Ask for a code by mail on the page of the second proof, and give it, where that is offered."""
    client.post(now, {"send": "mail"})
    if told := re.search(r"[0-9]{6}", str(post()[-1].body)):
        client.post(now, {"code": told.group()})


def test_a_password_that_the_mailbox_set_is_no_proof_beside_it(filer: Filer, post: Post) -> None:
    firm = filer.application.case.organisation
    client = by_a_new_password(filer, post)
    typed = {"role": "representative", "email": "thief@firms.example"}
    for path, sent in (
        (f"/organisations/{firm.pk}/invite/", typed),
        ("/accounts/email/", {"email": "thief@firms.example", "action_add": ""}),
    ):
        now = client.post(path, sent)["Location"]
        by_mail(client, post, now)
        assert "メールで決め直したパスワードは、3日のあいだ" in one_line(client.get(now)), path
    assert not firm.invitations.exists()
    assert "thief@firms.example" not in {address for mail in post() for address in mail.to}
    with clock.at(clock.now() + timedelta(days=3, minutes=1)):
        client = Client()
        client.post("/accounts/login/", {"login": filer.person.email, "password": THIEFS})
        now = client.post(f"/organisations/{firm.pk}/invite/", typed)["Location"]
        by_mail(client, post, now)
        assert firm.invitations.count() == 1


def test_whoever_lost_a_device_sets_one_up_by_a_password_that_a_mail_brought(
    filer: Filer, post: Post
) -> None:
    """No other page opens to them before."""
    User.objects.filter(pk=filer.person.pk).update(factor_lost_at=clock.now())
    client = by_a_new_password(filer, post)
    page = reverse("mfa_activate_totp")
    by_mail(client, post, client.get(page)["Location"])
    again = client.get(page)["Location"]
    assert again.startswith("/accounts/reauthenticate/")  # the library's own, by the password
    client.post(again, {"password": THIEFS})
    assert client.get(page).status_code == 200


def test_who_forgot_the_password_on_the_last_day_hands_in_all_the_same(
    filer: Filer, post: Post
) -> None:
    filer.client = by_a_new_password(filer, post)
    assert filer.send()["Location"] == filer.now
    by_mail(filer.client, post, filer.now)
    assert filer.state == "submitted"
    # and nothing else by it
    firm = filer.application.case.organisation
    typed = {"role": "representative", "email": "thief@firms.example"}
    assert filer.client.post(f"/organisations/{firm.pk}/invite/", typed)["Location"].startswith(NOW)
    assert not firm.invitations.exists()


def test_a_proof_lasts_half_an_hour(filer: Filer, monkeypatch: pytest.MonkeyPatch) -> None:
    filer.client.force_login(filer.person)  # by both
    later = time.time() + 31 * 60
    monkeypatch.setattr("time.time", lambda: later)
    assert filer.send()["Location"] == filer.now
    filer.client.force_login(filer.person)
    filer.send()
    assert filer.state == "submitted"


def test_no_form_of_a_firm_goes_around_it(world: World, filer: Filer) -> None:
    firm = filer.application.case.organisation_id
    client = filer.client
    for path in (
        f"/organisations/{firm}/invite/",
        f"/organisations/{firm}/proof/",
        f"/do/application/{filer.application.pk}/submit/",
    ):
        answer = client.post(path, {"email": "x@firms.example", "role": "representative"})
        assert answer.status_code == 404 or answer["Location"].startswith(NOW), path
    path = reverse("bank_account", args=[firm])
    asked = client.post(path, {})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    asked = client.post(asked["Location"], {"password": PASSWORD, "next": path})
    assert asked["Location"].startswith(NOW)
    assert not BankAccount.objects.filter(organisation=firm).exists()


def test_a_password_alone_says_not_who_the_firm_is_and_sends_nobody_away(filer: Filer) -> None:
    firm = filer.application.case.organisation
    other = User.objects.create_user("other@firms.example", None, name="もう一人")
    row = Membership.objects.create(
        user=other, organisation=firm, role="representative", joined_at=clock.now()
    )
    for path in (f"/organisations/{firm.pk}/", f"/organisations/{firm.pk}/members/{row.pk}/end/"):
        asked = filer.client.post(path, {"name": "別の会社", "representative_name": "別の人"})
        assert asked["Location"].startswith(NOW), path
    assert Organisation.objects.get(pk=firm.pk).name == firm.name
    assert Membership.objects.get(pk=row.pk).left_at is None


def test_the_counter_is_not_asked(world: World, client: Client) -> None:
    """Who files for a firm on paper has shown a second factor at the sign-in."""
    client.post("/accounts/login/", {"login": world.officer.email, "password": demo.PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": demo.totp_code(world.officer)})
    application = begin(
        Application,
        by=world.officer,
        call=world.calls["telework"],
        organisation=simulation.organisation(world.sim)[0],
        on_paper=True,
        paper_consent="窓口",
        paper_received_at=clock.now(),
    )
    Case.objects.filter(pk=application.case_id).update(is_draft=False)  # as the counter's page does
    page = reverse("application_review", args=[application.case.number])
    assert client.post(page, {}).status_code == 422


def test_a_second_factor_is_offered_once(world: World, client: Client) -> None:
    person = world.people["representative"]
    typed = {"login": person.email, "password": demo.PASSWORD, "next": "/my/"}
    first = client.post("/accounts/login/", typed)
    assert first["Location"] == "/second-factor/offer/?next=%2Fmy%2F"
    page = client.get(first["Location"]).content.decode()
    assert re.search(r'href="/my/"[^>]*>\s*あとで決める', page)
    client.post("/accounts/logout/")
    assert client.post("/accounts/login/", typed)["Location"] == "/my/"
    assert (
        'href="https://evil'
        not in client.get("/second-factor/offer/?next=https://evil.example/").content.decode()
    )
    assert User.objects.get(pk=world.officer.pk).factor_offered_at is None


@pytest.mark.parametrize(
    "way",
    [
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/3rdparty/",
        "/accounts/oidc/gbizid/login/?process=connect",
    ],
)
@pytest.mark.parametrize("who", ["firm", "office before its first factor"])
def test_whoever_knows_the_password_alone_makes_no_second_proof(
    filer: Filer, world: World, way: str, who: str
) -> None:
    """A generator, a mailbox or a provider of one's own would open all that two proofs keep."""
    if who != "firm":
        StaffRole.objects.create(
            person=filer.person,
            role="programme_officer",
            starts_on=clock.today(),
            granted_by=world.staff["administrator"],
        )
    filer.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    for answer in (filer.client.get(way), filer.client.post(way, {"email": "thief@evil.example"})):
        assert answer.status_code == 302
        assert answer["Location"].startswith(NOW)


@pytest.mark.parametrize("way", ["/accounts/email/", "/accounts/2fa/totp/activate/"])
def test_the_same_password_again_goes_on_with_nothing(filer: Filer, way: str) -> None:
    """What is sent to such a page waits for nothing: any page that asks the password would go on with
    it, past the gate.
    """
    filer.client.post(way, {"email": "thief@evil.example", "action_add": "", "code": "123456"})
    answer = filer.client.post(
        f"/accounts/reauthenticate/?next={way}", {"password": PASSWORD, "next": way}
    )
    assert (answer.status_code, answer["Location"]) == (302, way)
    assert filer.client.get(way)["Location"].startswith(NOW)
    assert not EmailAddress.objects.filter(email="thief@evil.example").exists()


@pytest.mark.parametrize("name", sorted(factors.OWN_PROOFS))
@pytest.mark.parametrize("language", ["", "/en"])
def test_what_was_sent_before_the_sign_in_waits_for_nothing(
    filer: Filer, name: str, language: str
) -> None:
    """The library keeps what somebody who is not signed in sends to such a page, and goes on with it
    once the password was given twice.
    """
    way = language + (
        reverse(name, kwargs={"pk": 1}) if name == "mfa_remove_webauthn" else reverse(name)
    )
    thief = Client()
    answer = thief.post(way, {"email": "thief@evil.example", "action_add": "", "code": "1"})
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]
    assert reauthentication.STATE_SESSION_KEY not in thief.session
    thief.post("/accounts/login/", {"login": filer.person.email, "password": PASSWORD})
    thief.post(f"/accounts/reauthenticate/?next={way}", {"password": PASSWORD, "next": way})
    assert NOW in thief.get(way)["Location"]
    assert not EmailAddress.objects.filter(email="thief@evil.example").exists()


def test_a_sign_in_forgets_what_was_begun_before_it(filer: Filer) -> None:
    thief = Client()
    thief.get(reverse("mfa_login_webauthn"), headers={"X-Requested-With": "XMLHttpRequest"})
    session = thief.session
    session[reauthentication.STATE_SESSION_KEY] = {"request": {}}
    session.save()
    thief.post("/accounts/login/", {"login": filer.person.email, "password": PASSWORD})
    assert thief.session.get("_auth_user_id") == str(filer.person.pk)
    for key in sign_ins.BEGUN_OUTSIDE:
        assert key not in thief.session


def test_the_code_of_the_mail_opens_them(filer: Filer, post: Post) -> None:
    page = "/accounts/2fa/totp/activate/"
    now = filer.client.get(page)["Location"]
    filer.client.post(now, {"send": "mail"})
    assert filer.client.post(now, {"code": mailed(post)})["Location"] == page
    filer.client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert filer.client.get(page).status_code == 200


def test_new_staff_set_a_device_up_by_a_password_that_a_mail_brought(
    world: World, filer: Filer, post: Post
) -> None:
    """Their account has none to begin with, and no page of theirs opens without a device."""
    new = User.objects.create_user("new@city.example", None, name="新人 花子")
    EmailAddress.objects.create(user=new, email=new.email, verified=True, primary=True)
    by = world.staff["administrator"]
    StaffRole.objects.create(person=new, role="officer", starts_on=clock.today(), granted_by=by)
    filer.person = new
    client = by_a_new_password(filer, post)
    page = reverse("mfa_activate_totp")
    assert client.get("/staff/")["Location"] == reverse("second_factor_needed")
    now = client.get(page)["Location"]
    by_mail(client, post, now)
    again = client.get(page)["Location"]
    client.post(again, {"password": THIEFS})
    assert client.get(page).status_code == 200
