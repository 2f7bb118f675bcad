"""Whom a proof proves: its prover, and those whom the prover or the officer names; nobody else goes on."""

from datetime import timedelta

import pytest
from django.test import Client

from portal import clock
from portal.accounts import demo, people, proving
from portal.accounts.models import Organisation, User
from portal.accounts.permissions import organisation_q
from portal.cases.models import Case
from portal.firms import claims, letters, proofs
from portal.firms.claims import Decision
from portal.registry.corporate_number import fictitious
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_firms import NUMBER, Post, firm, live, register, registered, sent_code_of
from tests.proofs import mailed_code
from tests.provider import PRIME, Provider, come_back

ANSWERED = 302


@pytest.fixture
def true_one(db: None) -> User:
    return User.objects.create_user("true@firms.example", None, name="本当の代表")


def held(world: World, true_one: User, number: str = NUMBER) -> Organisation:
    """A number that a stranger registered, who let an accomplice and an adviser in, and last its true
    representative.
    """
    organisation = firm(world.outsider, number)
    accomplice = User.objects.create_user("accomplice@firms.example", None, name="仲間")
    organisation.memberships.create(user=accomplice, role="member")
    today = clock.today()
    people.delegate(
        organisation,
        adviser=world.people["adviser"],
        by=world.outsider,
        starts_on=today,
        ends_on=today + timedelta(days=30),
        may_submit=True,
    )
    people.accept_invitation(
        people.invite(organisation, email=true_one.email, role="representative", by=world.outsider),
        by=true_one,
    )
    return organisation


def advisers(organisation: Organisation) -> list[User]:
    rows = organisation.delegations.filter(ends_on__gte=clock.today())
    return [row.adviser for row in rows]


def names(organisation: Organisation) -> dict[str, str]:
    """Address of whoever acts for the firm → what a form calls them."""
    return {proofs.person_of(row).email: proofs.key(row) for row in proving.beside(organisation)}


def by_letter(world: World, organisation: Organisation, prover: User, **sent: object) -> int:
    letter = letters.ask(organisation, by=prover)
    client = Client()
    client.force_login(prover)
    page = f"/organisations/{organisation.pk}/proof/"
    return client.post(page, {"code": sent_code_of(world, letter), **sent}).status_code


def test_the_letter_proves_who_enters_its_code_and_nobody_beside(
    world: World, true_one: User, post: Post
) -> None:
    registered()
    organisation = held(world, true_one)
    post()
    assert by_letter(world, organisation, true_one) == ANSWERED
    assert live(organisation) == {true_one.email: "representative"}
    assert advisers(organisation) == []
    told = {mail.to[0] for mail in post() if "手続きから外れました" in mail.subject}
    assert told == {
        world.outsider.email,
        "accomplice@firms.example",
        world.people["adviser"].email,
    }


def test_the_prover_keeps_whom_they_name(world: World, true_one: User, client: Client) -> None:
    registered()
    organisation = held(world, true_one)
    called = names(organisation)
    letters.print_out([letters.ask(organisation, by=true_one).pk], by=world.officer)
    client.force_login(true_one)
    page = one_line(client.get(f"/organisations/{organisation.pk}/proof/"))
    assert [f'value="{called[person.email]}"' in page for person in (world.outsider, true_one)] == [
        True,
        False,
    ]
    letters.drop([letters.live_of(organisation, true_one).pk], "x", by=world.officer)  # type: ignore[union-attr]
    kept = [called["accomplice@firms.example"], called[world.people["adviser"].email]]
    assert by_letter(world, organisation, true_one, kept=kept) == ANSWERED
    assert live(organisation) == {
        "accomplice@firms.example": "member",
        true_one.email: "representative",
    }
    assert advisers(organisation) == [world.people["adviser"]]


def test_a_stranger_reads_no_paper_of_the_firm_once_it_is_proved(
    world: World, true_one: User
) -> None:
    """What the counter typed in opens with the proof: to its prover alone."""
    registered()
    application, _person = world.draft()
    organisation = held(world, true_one)
    Case.objects.filter(pk=application.case_id).update(
        organisation=organisation, on_paper=True, is_draft=False
    )
    readers = (world.outsider, world.people["adviser"], true_one)
    reads = [
        Case.objects.filter(organisation_q(person), pk=application.case_id) for person in readers
    ]
    assert [rows.exists() for rows in reads] == [False, False, False]
    by_letter(world, organisation, true_one)
    again = [
        Case.objects.filter(organisation_q(person), pk=application.case_id) for person in readers
    ]
    assert [rows.exists() for rows in again] == [False, False, True]


def test_an_invitation_of_whoever_goes_opens_nothing(world: World, true_one: User) -> None:
    registered()
    organisation = held(world, true_one)
    late = User.objects.create_user("late@firms.example", None)
    secret = people.invite(organisation, email=late.email, role="member", by=world.outsider)
    by_letter(world, organisation, true_one)
    with pytest.raises(NotReady):
        people.accept_invitation(secret, by=late)


def test_gbizid_proves_by_itself_where_nobody_else_acts_and_asks_where_somebody_does(
    world: World, client: Client, provider: type[Provider]
) -> None:
    come_back(client, provider, **(PRIME | {"account_type": "1"}))
    register(client)
    organisation = Organisation.objects.get(corporate_number=PRIME["corporate_number"])
    prover = organisation.memberships.get().user
    organisation.memberships.create(user=world.outsider, role="representative")
    again = Client()
    come_back(again, provider, **PRIME)
    organisation.refresh_from_db()
    assert not organisation.is_proved
    page = f"/organisations/{organisation.pk}/proof/"
    shown = one_line(again.get(page))
    assert f'value="{names(organisation)[world.outsider.email]}"' in shown
    assert "/second-factor/" in again.post(page, {"gbizid": "on"})["Location"]
    mailed_code(again)
    assert again.post(page, {"gbizid": "on"}).status_code == ANSWERED
    organisation.refresh_from_db()
    assert (organisation.proved_how, organisation.proved_by) == ("gbizid", prover)
    assert live(organisation) == {prover.email: "representative"}


def test_nobody_proves_by_a_gbizid_that_did_not_say_so_just_now(
    world: World, true_one: User, client: Client
) -> None:
    organisation = held(world, true_one)
    client.force_login(true_one)
    page = f"/organisations/{organisation.pk}/proof/"
    client.post(page, {"gbizid": "on"})
    assert not Organisation.objects.get(pk=organisation.pk).is_proved


def test_the_officer_names_whom_they_saw_one_by_one(
    world: World, true_one: User, client: Client, post: Post
) -> None:
    organisation = held(world, true_one)
    called = names(organisation)
    client.force_login(world.officer)
    page = f"/staff/firms/{organisation.pk}/"
    assert all(f'value="{key}"' in one_line(client.get(page)) for key in called.values())
    again = {"password": demo.PASSWORD, "next": page}
    assert client.post("/accounts/reauthenticate/", again).status_code == ANSWERED
    assert client.post(page, {"ground": "免許証"}).status_code == 422
    only_member = {"ground": "免許証", "kept": [called["accomplice@firms.example"]]}
    assert client.post(page, only_member).status_code == 422
    assert not Organisation.objects.get(pk=organisation.pk).is_proved
    post()
    sent = {"ground": "免許証", "kept": [called[true_one.email]]}
    assert client.post(page, sent).status_code == ANSWERED
    assert live(organisation) == {true_one.email: "representative"}
    subjects = {mail.to[0]: str(mail.subject) for mail in post()}
    assert {who: "済みました" in said for who, said in subjects.items()} == {
        true_one.email: True,
        world.outsider.email: False,
        "accomplice@firms.example": False,
        world.people["adviser"].email: False,
    }


def test_a_number_that_is_corrected_proves_who_asked_for_it_alone(
    world: World, true_one: User
) -> None:
    organisation = held(world, true_one)
    right = registered(fictitious(9003), "株式会社正しい番号")
    claim = claims.make(
        organisation, by=true_one, matter="number", words="誤り", right_number=right.number
    )
    claims.decide(claim, Decision("correct", "見た", number=right.number), by=world.officer)
    assert live(organisation) == {true_one.email: "representative"}
    assert advisers(organisation) == []
