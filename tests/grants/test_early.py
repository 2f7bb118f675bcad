"""Money that comes back before anything is ordered: held, then taken up by the order, given back or taken back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grants.awards.models import Award
from grants.followup.turns import WRITE
from grants.recovery import collecting, retention, taking_back
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady, Stale
from reports.statistics.pipeline import frames
from reports.statistics.pipeline.reconciling import reconcile
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_recovery import line, paid
from tests.markup import one_line
from tools.demonstration.simulation import at

REVOKED = {"reason": "x", "heard": "x"}


def early(world: World, award: Award, amount: int) -> MoneyIn:
    return collecting.receive_early(
        award, amount=amount, paid_on=clock.today(), by=world.staff["accountant"], payer="親会社"
    )


def agrees() -> bool:
    return reconcile(frames.read_money()).faults == []


def turns(award: Award) -> set[str]:
    """Without the report that falls due next: which one that is depends on the day."""
    rows = award.case.turns.exclude(what__in=WRITE.values())
    return {turn.what for turn in rows}


@begins(paid)
def test_what_came_before_the_order_is_held_and_pays_it(world: World, client: Client) -> None:
    award, person = world.begun(paid)
    client.force_login(world.staff["accountant"])
    case, page = f"/cases/{award.case.number}/", f"/awards/{award.pk}/early/"
    assert page in client.get(case).content.decode()
    seen, today = collecting.came_early(award), clock.today()
    day = {"paid_on_y": today.year, "paid_on_m": today.month, "paid_on_d": today.day}
    sent = {"amount": "100,000", "payer": "親会社", "seen": seen} | day
    assert client.post(page, sent | {"amount": ""}).status_code == 422
    assert client.post(page, sent).status_code == 302
    assert client.post(page, sent | {"note": "2"}).status_code == 409  # the page is too old
    row = MoneyIn.objects.get()
    assert (row.unordered, row.recovery, row.over, line(award)) == (award, None, 0, (280_000,) * 2)
    assert agrees()
    assert turns(award) == {"返還命令の前に入った金額の扱いを確かめる"}
    assert retention.keep_until(award.case) is not None
    for reader in (world.staff["accountant"], person):
        client.force_login(reader)
        assert "理由が決まっていない金額（歳入歳出外現金・仮受け）" in one_line(client.get(case))
    world.decided("revoke", [award], REVOKED)
    recovery, row = Recovery.objects.get(), MoneyIn.objects.get()
    assert (row.unordered, row.recovery, row.to_line, row.over) == (None, recovery, True, 0)
    assert (recovery.owed()["left"], line(award)) == (180_000, (180_000, 180_000))
    assert agrees()
    assert turns(award) == {"補助金を返還する"}
    assert "返還命令の前の入金を記録する" not in client.get(case).content.decode()


@begins(paid)
def test_what_is_beyond_the_order_is_too_much(world: World) -> None:
    award, _person = world.begun(paid)
    for amount in (200_000, 100_000):
        early(world, award, amount)
    world.decided("revoke", [award], REVOKED)
    recovery = Recovery.objects.get()
    assert [row.over for row in recovery.receipts.order_by("pk")] == [0, 20_000]
    assert (recovery.owed()["left"], line(award), agrees()) == (0, (0, 0), True)
    assert turns(award) == {
        "納めすぎた額を、記録した方とは別の職員が確かめる",
        "納付を確認して終える",
    }


@begins(paid)
def test_the_slip_says_what_had_come_before(world: World) -> None:
    award, _person = world.begun(paid)
    early(world, award, 100_000)
    world.decided("revoke", [award], REVOKED)
    slip = award.case.notices.get(kind="payment_slip")
    assert ["これから納める額", "金　180,000円"] in slip.facts["items"]


@begins(paid)
def test_where_no_order_comes_another_sees_it_and_it_is_given_back(world: World) -> None:
    award, _person = world.begun(paid)
    row, clerk = early(world, award, 100_000), world.staff["accountant"]
    with pytest.raises(NotReady, match="別の職員がまだ"):
        collecting.give_back(row, on=clock.today(), by=clerk)
    with pytest.raises(Forbidden, match="記録した方は確認できません"):
        collecting.see_surplus(row, by=clerk)
    collecting.see_surplus(row, by=world.staff["treasurer"])
    paper = award.case.notices.get(kind="overpaid")
    assert ["お返しする額", "金　100,000円"] in paper.facts["items"]
    assert turns(award) == {"納めすぎた額を返す"}
    world.decided("revoke_part", [award], REVOKED | {"amount": 50_000})  # not for what goes back
    assert MoneyIn.objects.get().recovery is None
    assert Recovery.objects.get().owed()["left"] == 50_000
    collecting.give_back(row, on=clock.today(), by=clerk)
    assert turns(award) == {"補助金を返還する"}
    assert (line(award), agrees()) == ((280_000, 280_000), True)
    retention.blank_early(award.case)
    assert MoneyIn.objects.get().payer == ""


@begins(paid)
def test_one_that_was_entered_by_mistake_is_taken_back_by_two(world: World) -> None:
    award, _person = world.begun(paid)
    row, clerk, other = early(world, award, 1), world.staff["accountant"], world.staff["treasurer"]
    taking_back.propose(row, ground="別の会社の入金", by=clerk)
    assert turns(award) == {"納付の記録の取消しを確かめる"}
    with pytest.raises(Forbidden):
        taking_back.confirm(row, by=clerk)
    taking_back.confirm(row, by=other)
    assert (turns(award), retention.keep_until(award.case)) == (set(), None)
    world.decided("revoke", [award], REVOKED)
    assert Recovery.objects.get().owed()["left"] == 280_000


@begins(paid)
def test_what_came_after_an_order_was_paid_pays_it_where_it_is_owed_again(world: World) -> None:
    """The receipt that paid the order was one of another firm: the money that came since pays it."""
    award, _person = world.begun(paid)
    world.decided("revoke", [award], REVOKED)
    recovery, other = Recovery.objects.get(), world.staff["treasurer"]
    wrong = collecting.receive(recovery, amount=280_000, paid_on=clock.today(), by=other)
    perform(recovery, "close", by=world.staff["accountant"])
    early(world, award, 100_000)
    taking_back.propose(wrong, ground="別の会社の入金", by=world.staff["accountant"])
    taking_back.confirm(wrong, by=other)
    fresh = Recovery.objects.get()
    assert (fresh.state, fresh.owed()["left"], line(award)) == ("ordered", 180_000, (180_000,) * 2)
    assert not MoneyIn.objects.early().exists()
    assert turns(award) == {"補助金を返還する"}
    assert agrees()


@begins(paid)
def test_what_is_taken_up_after_the_accounts_were_closed_is_revenue(world: World) -> None:
    """It came in May, the order in June: the book of the closed year stands still."""
    award, _person = world.begun(paid)
    year = award.application.call.fiscal_year
    with clock.at(at(date(year + 1, 5, 31), 10)):
        early(world, award, 100_000)
    with clock.at(at(date(year + 1, 6, 1), 10)):
        world.decided("revoke", [award], REVOKED)
        row = MoneyIn.objects.get()
        assert (row.to_line, line(award)) == (False, (280_000, 280_000))
        assert agrees()


@begins(paid)
def test_an_old_page_of_it_is_told_that_an_order_took_it_up(world: World) -> None:
    award, _person = world.begun(paid)
    row, other = early(world, award, 1), world.staff["treasurer"]
    world.decided("revoke", [award], REVOKED)
    for act in (
        lambda: collecting.see_surplus(row, by=other),
        lambda: taking_back.propose(row, ground="x", by=other),
    ):
        with pytest.raises(Stale, match="返還命令への納付になりました"):
            act()


@begins(paid)
def test_it_is_refused_where_an_order_waits_for_it_or_the_day_is_wrong(world: World) -> None:
    award, _person = world.begun(paid)
    clerk, today = world.staff["accountant"], clock.today()
    for day in (today + timedelta(days=1), today - timedelta(days=400)):
        with pytest.raises(NotReady, match="受け取った日から今日まで"):
            collecting.receive_early(award, amount=1, paid_on=day, by=clerk)
    with pytest.raises(Forbidden):
        collecting.receive_early(award, amount=1, paid_on=today, by=world.officer)
    world.decided("revoke", [award], REVOKED)
    with pytest.raises(NotReady, match="返還を命じています"):
        early(world, award, 1)


def test_nothing_comes_back_of_what_was_never_paid(world: World) -> None:
    award, _person = payments.fixed(world)
    with pytest.raises(NotReady, match="まだ支払っていない"):
        early(world, award, 1)


@begins(paid)
def test_the_database_keeps_a_receipt_of_an_order_or_of_an_award(world: World) -> None:
    award, _person = world.begun(paid)
    early(world, award, 1)
    for wrong in ({"unordered": None}, {"to_line": True}):
        with pytest.raises(IntegrityError, match="order_or_early"), transaction.atomic():
            MoneyIn.objects.update(**wrong)
