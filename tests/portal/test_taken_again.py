"""A restore gives back what was taken away of anybody's access since: it is taken away again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account import signals as account
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.dispatch import Signal
from django.test import RequestFactory
from pytest_django import Settings

from portal import clock, places
from portal.accounts import absences, duty_exceptions, lost_factors, people, roles, taking_again
from portal.accounts.models import Invitation, RoleProposal, User
from portal.audit.models import Event
from portal.backups import takings
from portal.backups.shelves import FolderShelf, whole
from portal.correspondence import own_calendar
from portal.correspondence.models import CalendarKey, Mail
from portal.types import Given
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.portal.test_duty_exceptions import in_force, proposed
from tests.restored import done

Queued = list[tuple[str, Given]]


@pytest.fixture
def queued(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queued:
    settings.BACKUPS = str(tmp_path)
    found: Queued = []
    monkeypatch.setattr("portal.backups.takings.enqueue", found.extend)
    return found


@contextmanager
def forgotten() -> Iterator[None]:
    """What is done inside, the database of the moment does not know."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def restored(queued: Queued, settings: Settings) -> list[str]:
    for _name, given in [*queued]:
        takings.note(**given)
    return takings.repeat(FolderShelf(Path(settings.BACKUPS)), clock.now())


def of(person: User) -> User:
    return User.objects.get(pk=person.pk)


def test_roles_memberships_mandates_and_deputies_end_again(
    world: World, queued: Queued, settings: Settings
) -> None:
    administrator, representative = world.staff["administrator"], world.people["representative"]
    firm = people.create_organisation(by=representative, kind="corporation", name="雪国商店")
    colleague = User.objects.create_user("colleague@example.com", name="同僚")
    adviser = User.objects.create_user("adviser@example.com", name="助言者")
    member = firm.memberships.create(user=colleague, role="member")
    mandate = people.delegate(
        firm,
        adviser=adviser,
        by=representative,
        starts_on=clock.today() - timedelta(days=2),
        ends_on=clock.today() + timedelta(days=9),
    )
    deputy = absences.name(world.director, "approver", world.approver, by=world.director)
    role = world.staff["inspector"].staff_roles.get()
    with forgotten():
        roles.end_role(role, by=administrator, reason="x")
        people.end_membership(member, by=representative)
        people.end_delegation(mandate, by=representative)
        absences.end(deputy, by=world.director)
    for row in (role, member, mandate, deputy):
        row.refresh_from_db()
    assert of(role.person).is_office
    assert (member.left_at, deputy.ended_at) == (None, None)
    assert colleague.firms() == adviser.firms() == [firm]

    told = restored(queued, settings)
    assert f"role {role.pk} of person {role.person_id}" in told
    deputy.refresh_from_db()
    assert deputy.ended_at is not None
    assert not of(role.person).is_office
    assert of(colleague).firms() == of(adviser).firms() == []
    last = Event.objects.get(chain=f"person:{role.person_id}", action="role.end")
    assert last.actor == roles.operator()
    subjects = [mail.subject for mail in Mail.objects.filter(address=administrator.email)]
    assert any("前の時点の記録から戻しました" in subject for subject in subjects)
    # a second restore to the same moment finds it done
    assert f"role {role.pk} of person {role.person_id}" not in restored(queued, settings)


def test_an_exception_that_was_ended_lets_nobody_act_alone_again(
    world: World, queued: Queued, settings: Settings
) -> None:
    running, waits = in_force(world), proposed(world, "check_claim-order_payment", days=9)
    with forgotten():
        duty_exceptions.end(running, by=world.staff["second_administrator"])
    running.refresh_from_db()
    assert running.is_running

    restored(queued, settings)
    running.refresh_from_db()
    waits.refresh_from_db()
    assert running.ended_by == waits.closed_by == roles.operator()
    assert not running.is_running
    with pytest.raises(NotReady):
        duty_exceptions.confirm(waits, by=world.staff["second_administrator"])


def test_a_row_of_another_person_under_the_same_number_stays(
    world: World, queued: Queued, settings: Settings
) -> None:
    role = world.staff["inspector"].staff_roles.get()
    takings.note_taken("role", role.pk, person=world.officer.pk, until=clock.today())
    restored(queued, settings)
    assert of(role.person).is_office


OPENED: dict[str, Signal] = {
    "a new password": account.password_changed,
    "a password by mail": account.password_reset,
    "a factor less": mfa.authenticator_removed,
    "new codes": mfa.authenticator_reset,
    "a provider less": social.social_account_removed,
    "another address": account.email_changed,
    "an address less": account.email_removed,
}


@pytest.mark.parametrize("what", OPENED)
@pytest.mark.parametrize("who", ["representative", "officer"])
def test_what_opened_an_account_then_does_not_open_it_again(
    world: World, queued: Queued, settings: Settings, what: str, who: str
) -> None:
    person = world.people.get(who) or world.staff[who]
    linked = SocialAccount.objects.create(user=person, provider="gbizid", uid="1")
    Authenticator.objects.get_or_create(
        user=person, type=Authenticator.Type.TOTP, defaults={"data": {}}
    )
    had = EmailAddress(user=person, verified=True)
    given: Given = {"user": person}
    if what == "a provider less":
        given = {"socialaccount": linked}
    elif what == "another address":
        given |= {"from_email_address": had}
    elif what == "an address less":
        given |= {"email_address": had}
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    if what == "a new password":  # by its owner, who is signed in
        request.user, request.session = person, SessionStore()
        request.session.create()
    OPENED[what].send(sender=User, request=request, **given)
    restored(queued, settings)
    now = of(person)
    kinds = {arguments["kind"] for _name, arguments in queued}
    assert not now.has_usable_password()
    assert now.sign_outs > person.sign_outs
    has_ways = Authenticator.objects.filter(user=person).exists()
    is_linked = SocialAccount.objects.filter(user=person).exists()
    assert (has_ways, is_linked) == ("ways" not in kinds, "ways" not in kinds)
    waits = "address" in kinds or ("ways" in kinds and who == "officer")
    assert now.is_active is not waits
    if waits:
        assert now.email in done("let_in")[0]
        assert done("let_in", now.email, "--to", "new@example.com")[1] == ""
        assert (of(person).is_active, of(person).email) == (True, "new@example.com")
        assert done("let_in", now.email)[1] == f"not closed: {now.email}"


def test_an_address_that_nobody_had_confirmed_closes_nothing(
    world: World, queued: Queued, settings: Settings
) -> None:
    person = world.people["representative"]
    never = EmailAddress(user=person, verified=False)
    account.email_removed.send(sender=User, request=None, user=person, email_address=never)
    account.email_changed.send(
        sender=User, request=None, user=person, from_email_address=None, to_email_address=never
    )
    assert queued == []


def test_a_recovery_code_and_a_calendar_that_were_used_up_open_nothing(
    world: World, queued: Queued, settings: Settings
) -> None:
    person = world.people["representative"]
    own_calendar.renew(person)
    codes = Authenticator.objects.create(
        user=person, type=Authenticator.Type.RECOVERY_CODES, data={}
    )
    with forgotten():
        own_calendar.stop(person)
        for used in (codes, Authenticator(user=person, type=Authenticator.Type.TOTP)):
            mfa.authenticator_used.send(
                sender=User,
                request=None,
                user=person,
                authenticator=used,
                reauthenticated=False,
                passwordless=False,
            )
    assert [given["kind"] for _name, given in queued] == ["keys", "ways"]
    restored(queued, settings)
    assert not CalendarKey.objects.filter(person=person).exists()
    assert not Authenticator.objects.filter(user=person).exists()


def test_what_lay_open_is_closed(world: World, queued: Queued, settings: Settings) -> None:
    """An invitation, a proposed role or exception, a removal of factors: who took it back since, nobody knows."""
    first, second = world.staff["administrator"], world.staff["second_administrator"]
    representative = world.people["representative"]
    firm = people.create_organisation(by=representative, kind="corporation", name="雪国商店")
    people.invite(firm, email="guest@example.com", role="member", by=representative)
    roles.propose(world.staff["auditor"], "inspector", by=first, starts_on=clock.today())
    Authenticator.objects.get_or_create(
        user=representative, type=Authenticator.Type.TOTP, defaults={"data": {}}
    )
    removal = lost_factors.propose(representative, how="counter", ground="x", by=second)
    proposed(world)
    assert restored(queued, settings) == [
        "1 proposed roles closed",
        "1 proposed exceptions closed",
        "1 removals of factors closed",
        "1 invitations closed",
    ]
    assert Invitation.objects.get(email="guest@example.com").standing == "lapsed"
    assert not RoleProposal.objects.filter(closed_at=None).exists()
    removal.refresh_from_db()
    assert removal.outcome == "taken_back"


def test_what_is_noted_names_nobody(world: World, queued: Queued, settings: Settings) -> None:
    role = world.staff["inspector"].staff_roles.get()
    roles.end_role(role, by=world.staff["administrator"], reason="本人の事情")
    for _name, given in queued:
        takings.note(**given)
    shelf = FolderShelf(Path(settings.BACKUPS))
    [name] = shelf.sizes("taken")
    text = whole(shelf, name).decode()
    assert set(queued[0][1]) == {"at", "kind", "key", "person", "until"}
    for word in (role.person.name, role.person.email, "本人の事情"):
        assert word not in text


def test_nothing_is_noted_without_a_place(world: World, queued: Queued, settings: Settings) -> None:
    settings.BACKUPS = ""
    takings.note_taken("role", 1, person=1)
    assert queued == []


def test_each_kind_that_is_told_can_be_repeated() -> None:
    told = set()
    for file in places.ROOT.glob("portal/**/*.py"):
        told |= set(re.findall(r'tell_taken\(\s*"(\w+)"', file.read_text()))
        told |= set(re.findall(r'_(?:removed|reset|changed|set), "(\w+)"\)', file.read_text()))
    assert told == set(taking_again.AGAIN)
