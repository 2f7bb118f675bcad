"""What the people of a firm hear about claims, the account and the hour at which an intake closes."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from grants.payments.claims import Claim
from portal import clock
from portal.accounts.models import Membership, User
from portal.cases.models import Turn
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.days import moment_said
from portal.workflow.door import begin, perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_payments import account, fixed
from tools.demonstration import simulation


def colleague_of(person: User, language: str = "ja") -> User:
    made = User.objects.create(email="colleague@firms.example", name="同僚", language=language)
    firm = person.memberships.get().organisation
    Membership.objects.create(user=made, organisation=firm, role="member")
    return made


def told(subject: str) -> dict[User | None, str]:
    """Reader → body of each mail with these words in its subject."""
    return {mail.to: mail.body for mail in Mail.objects.filter(subject__contains=subject)}


@begins(fixed)
def test_colleagues_hear_that_a_claim_arrived_and_again_after_a_return(world: World) -> None:
    award, person = world.begun(fixed)
    colleague = colleague_of(person)
    account(world, person)
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    first = told("補助金の請求を受け付けました")
    assert set(first) == {person, colleague}
    assert all("このあと：" in body and "お問い合わせ：" in body for body in first.values())
    claim = perform(claim, "send_back", by=world.staff["accountant"], reason="額が違います")
    perform(claim, "claim_again", by=colleague_with_right(colleague))
    assert set(told("出し直した請求を受け付けました")) == {person, colleague}


def colleague_with_right(colleague: User) -> User:
    colleague.memberships.update(role="representative")
    return User.objects.get(pk=colleague.pk)


@begins(fixed)
def test_whose_account_is_declared_and_confirmed_reads_whom_to_call_and_no_number(
    world: World,
) -> None:
    award, person = world.begun(fixed)
    colleague = colleague_of(person)
    account(world, person)
    phone = award.stated.phone
    for subject in ("振込先の口座が届け出られました", "振込先の口座を確かめました"):
        bodies = told(subject)
        assert set(bodies) == {person, colleague}
        assert all(f"電話 {phone}" in body for body in bodies.values())
        assert not any("567" in body or "アオバ" in body for body in bodies.values())


def test_a_reminder_names_the_hour_at_which_the_intake_closes(world: World) -> None:
    application, person = world.draft()
    turn = Turn.objects.get(case=application.case, side="applicant")
    closes_at = application.call.closes_at
    assert closes_at is not None
    assert turn.due_on == clock.day_of(closes_at)
    for days in (1, 0):
        with clock.at(simulation.at(turn.due_on - timedelta(days=days), 8)):
            said = moment_said(closes_at)
            assert reminders.remind()
            assert f"{closes_at.astimezone(clock.JST):%H:%M}" in said
            assert said in Mail.objects.filter(to=person).latest("pk").body


def test_a_day_that_was_moved_is_not_told_with_the_hour_of_another(world: World) -> None:
    application, person = world.draft()
    moved = clock.today() + timedelta(days=3)
    Turn.objects.filter(case=application.case, side="applicant").update(due_on=moved)
    reminders.remind()
    body = Mail.objects.filter(to=person).latest("pk").body
    assert moment_said(moved) in body
    assert ":" not in body.partition("あと3日")[0].partition("」の期限（")[2]


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_hour_is_said_in_the_language_of_its_reader(world: World, language: str) -> None:
    application, person = world.draft()
    User.objects.filter(pk=person.pk).update(language=language)
    turn = Turn.objects.get(case=application.case, side="applicant")
    assert turn.due_on is not None
    with clock.at(simulation.at(turn.due_on, 8)), override(language):
        reminders.remind()
        closes_at = application.call.closes_at
        assert closes_at is not None
        assert moment_said(closes_at) in Mail.objects.filter(to=person).latest("pk").body
