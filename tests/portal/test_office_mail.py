"""Mails to the office: whom they reach while nobody has the case in hand, and in whose voice; interests in a firm; turns over time."""

from datetime import timedelta

import pytest

from grants.payments import paying
from grants.payments.accounts import BankAccount
from grants.payments.models import PaymentBatch
from grants.programmes.models import IntakePeriod
from portal import clock
from portal.accounts.models import Membership, StaffRole, User
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


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("begin", "treasurer"),
        ("lock", "treasurer"),
        ("export", "accounting_officer"),
        ("ask_void", "accounting_officer"),
    ],
)
def test_nobody_exports_a_payment_with_an_interest_in_its_case(
    world: World, name: str, who: str
) -> None:
    """From the batch that it goes into to the bank's word that it was not executed."""
    award, person = payments.fixed(world)
    payments.account(world, person)
    payment, day = payments.ordered(world, award, person), paying.next_pay_day()
    finance, first = world.staff[who], world.staff["treasurer"]
    if name != "begin":
        batch = paying.make_batch(first, pay_on=day, payments=[payment])
    if name in ("export", "ask_void"):
        batch = payments.cleared(world, perform(batch, "lock", by=first))
    if name == "ask_void":
        batch = perform(batch, "export", by=world.staff["accounting_officer"])
    interests.declare(award.case, by=finance, detail="親族の会社")

    def press() -> PaymentBatch:
        if name == "begin":
            return paying.make_batch(finance, pay_on=day, payments=[payment])
        if name == "ask_void":
            return perform(batch, name, by=finance, reason="x", document=("x.pdf", b"x"))
        return perform(batch, name, by=finance)

    with pytest.raises(Forbidden, match="利益相反"):
        press()


@pytest.mark.parametrize("hands", ["officer", "turn", "role"])
def test_no_mail_goes_to_the_portal_itself(world: World, hands: str) -> None:
    """Whatever the system holds: a case in hand, a turn by name, a role."""
    application, person = world.submitted()
    system = User.objects.system("portal")
    if hands == "officer":
        type(application.case).objects.filter(pk=application.case_id).update(assigned_to=system)
    elif hands == "turn":
        application.case.turns.filter(side="office").update(person=system)
    else:
        by = world.staff["administrator"]
        given = {"role": "programme_officer", "starts_on": clock.today(), "granted_by": by}
        StaffRole.objects.create(person=system, **given)
    application.case.refresh_from_db()
    talk.write(application.case, body="質問です", by=person)
    assert Mail.objects.exists()
    assert not Mail.objects.filter(to__is_system=True).exists()


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
    type(application.call).objects.update(decision_on=clock.today() + timedelta(days=90))
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
