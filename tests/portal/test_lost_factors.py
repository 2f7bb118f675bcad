"""Somebody lost every second factor: two people of the office, the owner's word in between, a new one at once."""

import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import is_mfa_enabled
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from portal import clock
from portal.accounts import demo, lost_factors, roles
from portal.accounts.models import FactorRemoval, FormerAddress, User
from portal.audit.models import Event
from portal.cases.interests import step_back
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World
from tests.portal.test_roles import administrators, entered, of
from tests.roles import granted

Post = Callable[[], list[EmailMessage]]
GROUND = "11月27日、本庁3階で職員証と顔を見た"


@pytest.fixture
def post(post: Post) -> Post:
    """What was sent about second factors since the last look."""
    seen: list[EmailMessage] = []

    def fresh() -> list[EmailMessage]:
        found = [mail for mail in post() if "二つ目" in mail.subject and mail not in seen]
        seen.extend(found)
        return found

    return fresh


def later(hours: float) -> AbstractContextManager[None]:
    return clock.at(clock.now() + timedelta(hours=hours))


def proposed(person: User, by: User, how: str = "card") -> FactorRemoval:
    return lost_factors.propose(person, how=how, ground=GROUND, by=by)


def applicant(world: World) -> User:
    """Somebody of a firm, with a case, who has set up a code generator."""
    _application, person = world.submitted()
    TOTP.activate(person, demo.totp_secret("mikami"))
    return person


def acts(person: User) -> list[str]:
    found = Event.objects.filter(chain=f"person:{person.pk}", action__startswith="factor.")
    return list(found.order_by("seq").values_list("action", flat=True))


def link_in(post: list[EmailMessage]) -> str:
    found = re.search(r"https?://[^/]+(/\S*second-factor/stop/\S+)", str(post[0].body))
    assert found is not None
    return found[1]


# -- the way through --------------------------------------------------------------------------------
def test_a_lost_factor_goes_after_two_people_and_a_wait(world: World, post: Post) -> None:
    first, second = administrators(world)
    person = world.officer
    removal = proposed(person, first)
    assert (is_mfa_enabled(person), [mail.to for mail in post()]) == (True, [[person.email]])
    with pytest.raises(NotReady, match="まで待ちます"):
        lost_factors.confirm(removal, by=second)
    with later(3):
        with pytest.raises(Forbidden, match="別の担当"):
            lost_factors.confirm(removal, by=first)
        lost_factors.confirm(removal, by=second)
    fresh = of(person)
    assert (is_mfa_enabled(fresh), fresh.has_usable_password()) == (False, False)
    assert fresh.factor_lost_at is not None
    assert [mail.subject for mail in post()] == [
        "【さっぽろ事業支援ポータル】二つ目の本人確認を外しました"
    ]
    assert acts(person) == ["factor.propose", "factor.remove"]
    kept = Event.objects.get(chain=f"person:{person.pk}", action="factor.propose")
    assert (kept.actor, kept.payload.data()) == (
        first,
        {"how": "card", "reason": GROUND, "person": person.name},
    )


def test_every_session_ends_and_nothing_opens_before_a_new_factor(
    committed_world: World,
) -> None:
    """Also for a firm, which needs no second factor otherwise; then it is asked no more."""
    person, (first, second) = applicant(committed_world), administrators(committed_world)
    before = entered(person)
    assert before.get("/my/").status_code == 200
    removal = proposed(person, first, "counter")
    with later(25):
        lost_factors.confirm(removal, by=second)
        assert before.get("/my/").status_code == 302  # signed out
        client = Client()
        client.force_login(of(person))
        for page in (
            "/my/",
            "/en/my/",
            f"/organisations/{person.memberships.get().organisation_id}/",
        ):
            assert client.get(page)["Location"].endswith("/second-factor/")
        assert "なくしたものを外しました" in client.get("/second-factor/").content.decode()
    client = Client()
    client.force_login(of(person))
    client.get("/accounts/2fa/totp/activate/")
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    assert client.get("/my/").status_code == 200
    Authenticator.objects.filter(user=person).delete()  # of one's own will, later
    assert of(person).factor_lost_at is None
    assert client.get("/my/").status_code == 200


def test_the_stolen_password_is_worth_nothing_afterwards(world: World) -> None:
    person, (first, second) = applicant(world), administrators(world)
    person.set_password("snow-lilac-lamp-7")
    person.save()
    removal = proposed(person, first, "gbizid")
    with later(25):
        lost_factors.confirm(removal, by=second)
    client = Client()
    typed = {"login": person.email, "password": "snow-lilac-lamp-7"}
    assert client.post("/accounts/login/", typed).status_code == 200  # the form again
    assert client.get("/my/").status_code == 302


# -- the owner --------------------------------------------------------------------------------------
def test_the_owner_is_told_at_every_address(world: World, post: Post) -> None:
    """Also at the one that a thief has changed; not at one that nobody has shown to be theirs."""
    person, (first, _second) = applicant(world), administrators(world)
    FormerAddress.objects.create(person=person, email="before@firms.example")
    FormerAddress.objects.create(
        person=person, email="old@firms.example", left_at=clock.now() - timedelta(days=200)
    )
    EmailAddress.objects.create(user=person, email="also@firms.example", verified=True)
    EmailAddress.objects.create(user=person, email="typed@firms.example", verified=False)
    proposed(person, first, "gbizid")
    told = post()
    assert [mail.to for mail in told] == [
        [person.email],
        ["also@firms.example"],
        ["before@firms.example"],
    ]
    assert len({str(mail.body) for mail in told}) == 1
    assert not Mail.objects.exclude(body="").filter(subject__contains="二つ目").exists()


def test_one_press_stops_it_and_a_look_does_not(world: World, post: Post) -> None:
    person, (first, second) = applicant(world), administrators(world)
    removal = proposed(person, first, "counter")
    path, stranger = link_in(post()), Client()
    for _twice in range(2):
        assert "止める" in stranger.get(path).content.decode()
    assert FactorRemoval.objects.get().outcome == ""
    page = stranger.post(path)
    assert (page.status_code, "そのまま使えます" in page.content.decode()) == (200, True)
    assert stranger.post(path).status_code == 422
    with later(25), pytest.raises(NotReady, match="もう終わっています"):
        lost_factors.confirm(removal, by=second)
    assert is_mfa_enabled(of(person))
    assert acts(person) == ["factor.propose", "factor.stop"]
    told = {mail.to[0]: mail.subject for mail in post()}
    assert set(told) == {person.email, first.email, second.email}
    assert told[second.email].endswith("持ち主が止めました")
    assert stranger.get("/second-factor/stop/no-such/").status_code == 404


# -- who may ----------------------------------------------------------------------------------------
def test_nobody_proposes_or_confirms_for_oneself(world: World) -> None:
    first, second = administrators(world)
    with pytest.raises(Forbidden, match="ご自分"):
        proposed(first, first)
    removal = proposed(second, first)
    with later(3), pytest.raises(Forbidden, match="ご自分"):
        lost_factors.confirm(removal, by=second)
    with pytest.raises(IntegrityError, match="accounts_removal_four_eyes"), transaction.atomic():
        FactorRemoval.objects.update(
            outcome="removed", closed_by=first, closed_at=clock.now() + timedelta(hours=3)
        )
    third = world.officer  # anybody else, but before the owner could stop it
    with pytest.raises(IntegrityError, match="accounts_removal_four_eyes"), transaction.atomic():
        FactorRemoval.objects.update(outcome="removed", closed_by=third, closed_at=clock.now())


@pytest.mark.parametrize("how", ["counter", "gbizid"])
def test_firms_are_the_counters_too_and_the_office_is_not(world: World, how: str) -> None:
    person, (first, _second) = applicant(world), administrators(world)
    removal = proposed(person, world.officer, how)
    with later(25):
        lost_factors.confirm(removal, by=first)
    with pytest.raises(Forbidden, match="システム管理"):
        proposed(world.staff["auditor"], world.officer)
    for name in ("approver", "reviewer", "auditor", "accountant"):
        with pytest.raises(Forbidden, match="システム管理"):
            proposed(person, world.staff[name], how)
    granted(world.officer.staff_roles.all(), assigned_only=True)
    with pytest.raises(Forbidden, match="システム管理"):
        proposed(person, of(world.officer), how)


def test_an_officer_with_an_interest_in_the_firm_stays_away(world: World) -> None:
    application, person = world.submitted()
    TOTP.activate(person, demo.totp_secret("mikami"))
    step_back(application.case, by=world.officer, detail="親族の会社")
    with pytest.raises(Forbidden):
        proposed(person, of(world.officer), "counter")


def test_how_it_was_shown_fits_the_person(world: World) -> None:
    person, (first, _second) = applicant(world), administrators(world)
    for who, how in ((person, "card"), (person, "superior"), (world.officer, "gbizid")):
        with pytest.raises(NotReady, match="確かめ方"):
            proposed(who, first, how)
    with pytest.raises(NotReady, match="設定していません"):
        proposed(world.outsider, first, "counter")


@pytest.mark.parametrize(("how", "hours"), [("card", 2), ("superior", 24)])
def test_the_wait_is_as_long_as_the_proof_is_weak(world: World, how: str, hours: int) -> None:
    first, second = administrators(world)
    removal = proposed(world.officer, first, how)
    with later(hours - 0.1), pytest.raises(NotReady, match="待ちます"):
        lost_factors.confirm(removal, by=second)
    with later(14 * 24), pytest.raises(NotReady, match="14日"):
        lost_factors.confirm(removal, by=second)
    with later(hours):
        lost_factors.confirm(removal, by=second)


def test_one_proposal_at_a_time_and_it_can_be_taken_back(world: World, post: Post) -> None:
    first, second = administrators(world)
    removal = proposed(world.officer, first)
    with pytest.raises(NotReady, match="すでに提案"):
        proposed(world.officer, second)
    post()
    lost_factors.take_back(removal, by=second)
    assert [mail.to for mail in post()] == [[world.officer.email]]
    proposed(world.officer, second)
    assert acts(world.officer) == ["factor.propose", "factor.take_back", "factor.propose"]


# -- the pages --------------------------------------------------------------------------------------
def test_the_page_from_the_proposal_to_the_sign_in(world: World) -> None:
    first, second = administrators(world)
    typed = {"email": world.officer.email, "how": "card", "ground": GROUND}
    proposing, confirming = entered(first), entered(second)
    assert proposing.post("/staff/factors/", typed | {"email": "x@y.example"}).status_code == 422
    assert proposing.post("/staff/factors/", typed).status_code == 302
    removal = FactorRemoval.objects.get()
    confirm = f"/staff/factors/{removal.pk}/confirm/"
    assert confirm not in proposing.get("/staff/factors/").content.decode()
    assert confirm not in confirming.get("/staff/factors/").content.decode()  # it waits
    confirming.post(confirm)
    assert is_mfa_enabled(of(world.officer))
    FactorRemoval.objects.update(  # some hours ago
        proposed_at=clock.now() - timedelta(hours=3), waits_until=clock.now() - timedelta(hours=1)
    )
    page = confirming.get("/staff/factors/").content.decode()
    assert (confirm in page, GROUND in page) == (True, True)
    confirming.post(confirm)
    assert not is_mfa_enabled(of(world.officer))
    assert "外しました" in confirming.get("/staff/factors/").content.decode()


def test_the_counter_reads_and_touches_nothing_about_the_office(world: World) -> None:
    first, _second = administrators(world)
    of_office = proposed(world.staff["auditor"], first)
    of_firm = proposed(applicant(world), first, "counter")
    client = entered(world.officer)
    page = client.get("/staff/factors/").content.decode()
    assert (of_office.person.email in page, of_firm.person.email in page) == (False, True)
    assert 'value="card"' not in page
    for act in ("confirm", "take-back"):
        assert client.post(f"/staff/factors/{of_office.pk}/{act}/").status_code == 404
    granted(world.officer.staff_roles.all(), assigned_only=True)
    assert entered(of(world.officer)).get("/staff/factors/").status_code == 404


def test_the_page_asks_the_same_queries_for_one_and_three(
    world: World, django_assert_num_queries: Callable[..., AbstractContextManager[object]]
) -> None:
    first, second = administrators(world)
    client = entered(second)
    for name in ("auditor", "reviewer", "approver"):
        proposed(world.staff[name], first)
        client.get("/staff/factors/")
        with django_assert_num_queries(QUERIES):
            client.get("/staff/factors/")


QUERIES = 6


def test_the_sign_in_says_what_to_do(world: World) -> None:
    client = Client()
    assert "回復コードも使えないとき" in client.get("/accounts/login/").content.decode()
    client.post("/accounts/login/", {"login": world.officer.email, "password": demo.PASSWORD})
    assert "回復コードも使えないとき" in client.get("/accounts/2fa/authenticate/").content.decode()


# -- beside the pages -------------------------------------------------------------------------------
def test_the_operator_confirms_where_there_is_one_administrator(world: World) -> None:
    first, _second = administrators(world)
    removal = proposed(world.officer, first)
    out = StringIO()
    call_command("confirm_factor_removals", stdout=out)
    assert f"{removal.pk}  {world.officer.email}  card: {GROUND}" in out.getvalue()
    with pytest.raises(CommandError, match="待ちます"):
        call_command("confirm_factor_removals", removal.pk, stdout=out)
    with pytest.raises(CommandError, match="not proposed"):
        call_command("confirm_factor_removals", 0, stdout=out)
    with later(3):
        call_command("confirm_factor_removals", removal.pk, stdout=out)
    assert FactorRemoval.objects.get().closed_by == roles.operator()
    assert not is_mfa_enabled(of(world.officer))


def test_administrators_hear_once_a_day_of_what_they_may_confirm(world: World) -> None:
    first, second = administrators(world)
    proposed(world.officer, first)
    assert reminders.tell_of_lost_factors() == 0
    with later(3):
        assert [reminders.tell_of_lost_factors() for _ in range(2)] == [1, 0]
    assert Mail.objects.get(subject__contains="なくした").to == second
