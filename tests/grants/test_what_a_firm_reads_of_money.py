"""What the page of a firm says of its money: what was fixed, sent, came back and is left."""

from datetime import timedelta

from django.test import Client

from grants.payments import paying
from grants.payments.models import BankAccount
from grants.recovery import deferring
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts import people
from portal.accounts.models import User
from portal.cases.models import Case
from portal.workflow.door import begin, perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_payments import (
    account,
    answer,
    batched,
    confirmed,
    fixed,
    looked_at,
    ordered,
    taken_in,
)
from tests.grants.test_taking_back import received, revoked
from tests.grants.test_turns_due import FIELDS
from tests.markup import one_line


def page(person: User, case: Case) -> str:
    client = Client()
    client.force_login(person)
    return one_line(client.get(f"/cases/{case.number}/"))


@begins(fixed)
def test_a_new_account_is_said_to_be_checked_and_then_used(world: World) -> None:
    award, person = world.begun(fixed)
    case = award.case
    assert "補助金の額が280,000円に決まりました。請求してください。" in page(person, case)
    assert "280,000円を支払う予定" in page(person, case)
    account(world, person)
    assert "振込の見込み" in page(person, case)
    first = ordered(world, award, person)
    batch = batched(world, first)
    taken_in(world, batch, answer(batch, "8", "口座名義相違"))
    looked_at(world, first)
    wrong = page(person, case)
    assert "口座を確かめて、直してください。" in wrong
    assert "額の確定のあと" not in wrong
    assert "振込の見込み" not in wrong
    anew = begin(BankAccount, by=person, organisation=case.organisation, **FIELDS)
    waits = page(person, case)
    assert "届け出た新しい口座を、市が確かめています。" in waits
    assert "口座を確かめて、直してください。" not in waits
    assert "振込の見込み" not in waits
    confirmed(world, anew)
    goes_on = page(person, case)
    assert "新しい口座へ振り込み直す手続きをしています。" in goes_on
    assert "振込の見込み" in goes_on


@begins(revoked)
def test_what_was_sent_stays_what_was_sent_and_nothing_left_asks_for_nothing(world: World) -> None:
    recovery = world.begun(revoked)
    case = recovery.case
    firm = case.organisation.memberships.get().user
    assert paying.transferred(case) == recovery.principal
    assert deferring.may_ask(firm, recovery)
    due = page(firm, case)
    assert "期限までに補助金を返す必要があります。" in due
    slip = case.notices.get(kind="payment_slip")
    assert "通知書の番号を示して" in due
    assert "返納通知書を開く" in due
    assert f"/notices/{slip.pk}.pdf" in due
    received(world, recovery, recovery.owed()["left"] + 100)
    assert paying.transferred(Case.objects.get(pk=case.pk)) == recovery.principal
    assert not deferring.may_ask(firm, Recovery.objects.get())
    said = page(firm, case)
    assert "納めていただいた額を、市が確かめています。" in said
    assert "期限までに補助金を返す必要があります。" not in said
    assert "履行延期を申し出る" not in said
    assert "市が確かめて、お返しします" in said
    assert "返納通知書を開く" not in said
    staff = Client()
    staff.force_login(world.staff["accountant"])
    assert "ほかに納めすぎ 100" in one_line(staff.get("/recoveries/"))


@begins(fixed)
def test_why_an_account_was_sent_back_is_read_by_who_acts_for_all_of_the_firm(world: World) -> None:
    award, person = world.begun(fixed)
    case, why = award.case, "名義が登記と違います"
    firm = case.organisation
    declared = begin(BankAccount, by=person, organisation=firm, **FIELDS)
    perform(declared, "refuse", by=world.staff["accountant"], reason=why)
    member = User.objects.create_user("member@firms.example", None, name="担当 一")
    firm.memberships.create(user=member, role="member")
    read = {}
    for programme in ("", case.programme_code):
        adviser = User.objects.create_user(f"{programme}@advisers.example", None, name="代理 人")
        people.delegate(
            firm,
            adviser=adviser,
            by=person,
            programme_code=programme,
            starts_on=clock.today(),
            ends_on=clock.today() + timedelta(days=9),
        )
        read[programme] = page(adviser, case).count(why)
    assert "口座を差し戻しました" in page(adviser, case)
    assert (page(person, case).count(why), page(member, case).count(why)) == (2, 2)
    assert read == {"": 2, case.programme_code: 0}
