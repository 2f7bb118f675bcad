"""Mails to the office: whom they reach while nobody has the case in hand, and in whose voice; interests in a firm; turns over time."""

from datetime import timedelta

import pytest

from grants.payments.accounts import BankAccount
from grants.programmes.models import IntakePeriod
from portal import clock
from portal.accounts.models import Membership
from portal.cases import assignment, interests, turns
from portal.correspondence import talk
from portal.correspondence.models import Mail
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden
from tests.conftest import World
from tests.grants import test_payments as payments
from tools.demonstration import simulation
from tools.demonstration.people import known_as


def told(text: str) -> set[str]:
    return {known_as(mail.to) for mail in Mail.objects.filter(subject__contains=text) if mail.to}


def test_those_whose_turn_it_is_hear_of_a_case_that_nobody_has_in_hand(world: World) -> None:
    application, person = world.submitted()
    assert told("申請が提出されました") == {"officer", "second_officer"}
    assert (
        "次にすること：書類を確認する"
        in Mail.objects.filter(subject__contains="申請が提出されました")[0].body
    )
    assert not Mail.objects.filter(
        to=world.officer, subject__contains="申請を提出しました"
    ).exists()
    assignment.assign(application.case, world.staff["second_officer"], by=world.officer)
    talk.write(application.case, body="質問です", by=person)
    assert told("申請者から連絡が届きました") == {"second_officer"}


def test_a_finance_officer_of_the_firm_confirms_no_account_of_it(world: World) -> None:
    award, person = payments.fixed(world)
    payments.account(world, person)
    firm, finance = award.case.organisation, world.staff["treasurer"]
    account = BankAccount.objects.filter(organisation=firm).latest("pk")
    BankAccount.objects.filter(pk=account.pk).update(state="declared")
    Membership.objects.create(user=finance, organisation=firm, role="member", left_at=clock.now())
    with pytest.raises(Forbidden, match="関係者"):
        perform(BankAccount.objects.get(pk=account.pk), "confirm", by=finance)


def test_nobody_exports_a_payment_with_an_interest_in_its_case(world: World) -> None:
    award, person = payments.fixed(world)
    payments.account(world, person)
    batch = payments.batched(world, payments.ordered(world, award, person))
    finance = world.staff["treasurer"]
    interests.declare(award.case, by=finance, detail="親族の会社")
    with pytest.raises(Forbidden, match="利益相反"):
        perform(batch, "ask_void", by=finance, reason="x", document=("x.pdf", b"x"))


def test_a_draft_is_due_with_the_period_that_is_open_though_nobody_touches_it(world: World) -> None:
    application, _person = world.draft(complete=False)
    first = application.call.periods.get()
    later = first.closes_at + timedelta(days=30)
    IntakePeriod.objects.create(
        call=application.call, n=2, opens_at=first.closes_at + timedelta(days=9), closes_at=later
    )
    turns.rewrite([application.case])
    assert application.case.turns.get().due_on == clock.day_of(first.closes_at)
    with clock.at(first.closes_at + timedelta(seconds=1)):
        assert turns.differing() == []
        assert application.case.turns.get().due_on == clock.day_of(later)


def test_a_draft_is_due_later_when_the_call_closes_later(world: World) -> None:
    application, _person = world.draft(complete=False)
    later = simulation.at(clock.today() + timedelta(days=60), 17)
    perform(application.call, "extend", by=world.approver, closes_at=later, reason="x")
    assert application.case.turns.get().due_on == clock.day_of(later)
    assert turns.differing() == []


def test_mails_close_in_the_words_of_their_side(world: World) -> None:
    application, person = world.submitted()
    talk.write(application.case, body="質問です", by=person)
    talk.write(application.case, body="お答えします", by=world.officer)
    sides = {
        (mail.to.is_office, "職員への通知" in mail.body, "お返事は上のページ" in mail.body)
        for mail in Mail.objects.filter(case=application.case).select_related("to")
        if mail.to
    }
    assert sides == {(True, True, False), (False, False, True)}
