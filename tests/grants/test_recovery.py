"""Money back: an advance's surplus without surcharge, revocation in part and in whole with it, arrears, waiver."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.payments import paying
from grants.payments.models import Claim, Payment
from grants.recovery import collecting
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import contents
from portal.notices.models import Notice
from portal.workflow.door import begin, perform
from portal.workflow.errors import NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded, inspected, reported


def paid(world: World) -> tuple[Award, User]:
    """A case paid in full (280,000 yen) and closed; paid ten days after the order."""
    award, person = payments.fixed(world)
    payments.account(world, person)
    batch = payments.batched(world, payments.ordered(world, award, person))
    payments.taken_in(world, batch, payments.answer(batch))
    return Award.objects.get(pk=award.pk), person


def line(award: Award) -> tuple[int, int]:
    found = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    return found.committed, found.disbursed


def advanced(world: World) -> tuple[Award, User]:
    """A case that got 200,000 of its 280,000 yen in advance."""
    award, person = awarded(world)
    award.parameters["payment"] = ["settlement", "advance"]
    award.save()
    payments.account(world, person)
    claim = begin(
        Claim, by=person, award=award, kind="advance", amount=200_000, reason="資金繰りのため"
    )
    claim = perform(claim, "examine", by=world.staff["accountant"])
    batch = payments.batched(world, paying.order(claim, by=world.staff["treasurer"]))
    assert payments.taken_in(world, batch, payments.answer(batch)) == ["paid"]
    return Award.objects.get(pk=award.pk), person


def test_an_advance_is_settled_later_and_the_rest_is_paid(world: World) -> None:
    award, person = advanced(world)
    assert award.state == "active"
    world.decided("fix", [inspected(world, reported(world, award, person))])
    award = Award.objects.get(pk=award.pk)
    with pytest.raises(NotReady, match="80,000円まで"):
        begin(Claim, by=person, award=award, kind="settlement", amount=80_001)
    claim = perform(
        begin(Claim, by=person, award=award, kind="settlement", amount=80_000),
        "examine",
        by=world.staff["accountant"],
    )
    batch = payments.batched(world, paying.order(claim, by=world.staff["treasurer"]))
    payments.taken_in(world, batch, payments.answer(batch))
    assert (Award.objects.get(pk=award.pk).state, line(award)) == ("closed", (280_000, 280_000))


def test_an_advance_above_the_fixed_amount_comes_back_without_surcharge_and_the_award_closes(
    world: World,
) -> None:
    award, person = advanced(world)
    world.decided("fix", [inspected(world, reported(world, award, person, 150_000))])
    award = Award.objects.get(pk=award.pk)
    assert (award.fixed_amount, paying.surplus(award), line(award)) == (
        100_000,
        100_000,
        (200_000, 200_000),
    )
    assert award.case.turns.get().what == "返還の命令を起案する"
    world.decided("surplus", [award])
    recovery = Recovery.objects.get()
    assert (recovery.principal, recovery.with_surcharge, recovery.owed()["surcharge"]) == (
        100_000,
        False,
        0,
    )
    assert Notice.objects.filter(case=award.case, kind="recovery").count() == 1
    collecting.receive(recovery, amount=40_000, paid_on=clock.today(), by=world.staff["accountant"])
    assert (paying.surplus(award), line(award)) == (60_000, (160_000, 160_000))
    collecting.receive(recovery, amount=60_000, paid_on=clock.today(), by=world.staff["accountant"])
    assert (Award.objects.get(pk=award.pk).state, line(award)) == ("closed", (100_000, 100_000))
    assert perform(recovery, "close", by=world.staff["accountant"]).state == "closed"


@begins(paid)
def test_a_part_is_revoked_after_closing_and_recovered_with_surcharge_and_arrears(
    world: World,
) -> None:
    award, _person = world.begun(paid)
    given = {
        "reason": "補助対象の機器を目的の外に使ったため",
        "heard": "書面で弁明を受けた。",
        "with_surcharge": True,
        "amount": 100_000,
    }
    world.decided("revoke_part", [award], given)
    recovery = Recovery.objects.get()
    assert (Award.objects.get(pk=award.pk).state, recovery.principal, recovery.state) == (
        "closed",
        100_000,
        "ordered",
    )
    received = Payment.objects.get().paid_on
    assert received is not None
    late = recovery.due_on + timedelta(days=28)
    owed = recovery.owed(late)
    days = (late - received).days + 1
    assert owed["surcharge"] == 100_000 * days * 3 // 10_000
    assert owed["arrears"] == 100_000 * 28 * 3 // 10_000
    assert owed["left"] == owed["total"] == 100_000 + owed["surcharge"] + owed["arrears"]


@begins(paid)
def test_a_whole_revocation_orders_back_what_was_paid_and_frees_the_line_as_it_comes(
    world: World,
) -> None:
    award, _person = world.begun(paid)
    world.decided(
        "revoke",
        [award],
        {"reason": "偽りの申請", "heard": "弁明はなかった。", "with_surcharge": True},
    )
    award = Award.objects.get(pk=award.pk)
    recovery = Recovery.objects.get()
    assert (award.state, recovery.principal, award.ended_reason) == (
        "revoked",
        280_000,
        "偽りの申請",
    )
    assert {n.kind for n in Notice.objects.filter(case=award.case)} >= {"revocation", "recovery"}
    assert award.case.turns.get().what == "補助金を返還する"
    with clock.at(clock.now() + timedelta(days=20)):
        collecting.receive(
            recovery, amount=280_000, paid_on=clock.today(), by=world.staff["accountant"]
        )
        with pytest.raises(NotReady, match="納められていません"):
            perform(recovery, "close", by=world.staff["accountant"])
        left = recovery.owed()["left"]
        assert left == recovery.owed()["surcharge"] > 0
        collecting.receive(
            recovery, amount=left, paid_on=clock.today(), by=world.staff["accountant"]
        )
        assert perform(recovery, "close", by=world.staff["accountant"]).state == "closed"
    assert line(award) == (0, 0)


@begins(paid)
def test_a_whole_revocation_after_a_part_came_back_gives_the_line_each_yen_once(
    world: World,
) -> None:
    award, _person = world.begun(paid)
    given = {"reason": "目的の外に使ったため", "heard": "x", "with_surcharge": False}
    world.decided("revoke_part", [award], given | {"amount": 100_000})
    collecting.receive(
        Recovery.objects.get(), amount=100_000, paid_on=clock.today(), by=world.staff["accountant"]
    )
    assert line(award) == (180_000, 180_000)
    world.decided("revoke", [Award.objects.get(pk=award.pk)], given)
    assert (line(award), Recovery.objects.latest("pk").principal) == (
        (180_000, 180_000),
        180_000,
    )


@begins(paid)
def test_what_comes_after_the_settlement_period_is_revenue_not_the_lines(world: World) -> None:
    award, _person = world.begun(paid)
    world.decided(
        "revoke", [award], {"reason": "偽りの申請", "heard": "x", "with_surcharge": False}
    )
    recovery = Recovery.objects.get()
    paid_on = Payment.objects.get().paid_on
    assert paid_on is not None
    year = paid_on.year if paid_on.month >= 4 else paid_on.year - 1
    with clock.at(clock.now().replace(year=year + 1, month=6, day=1)):
        made = collecting.receive(
            recovery, amount=280_000, paid_on=clock.today(), by=world.staff["accountant"]
        )
    assert (made.to_line, line(award)) == (False, (280_000, 280_000))


@begins(paid)
@pytest.mark.parametrize(
    ("amount", "day", "words"),
    [(280_001, 0, "残りの額"), (1, 1, "今日までの日"), (1, -1, "命令の日から")],
)
def test_money_in_that_cannot_be_is_refused(
    world: World, amount: int, day: int, words: str
) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    with pytest.raises(NotReady, match=words):
        collecting.receive(
            Recovery.objects.get(),
            amount=amount,
            paid_on=clock.today() + timedelta(days=day),
            by=world.staff["accountant"],
        )
    assert not MoneyIn.objects.exists()


@begins(paid)
def test_nothing_beyond_what_the_recipient_has_is_ordered_back(world: World) -> None:
    award, _person = world.begun(paid)
    given: dict[str, object] = {"reason": "x", "heard": "x", "amount": 200_000}
    world.decided("revoke_part", [award], given)
    with pytest.raises(NotReady, match="80,000円）より少なく"):
        world.approval("revoke_part", [award], given)
    approval = world.approval("revoke_part", [award], given | {"amount": 79_999})
    for amount in (0, 80_000):
        approval.items.update(given=given | {"amount": amount}, changes=[])
        with pytest.raises(NotReady, match="80,000円）より少なく"):
            perform(approval, "approve", by=world.director)


def test_a_payment_under_way_stops_a_revocation(world: World) -> None:
    award, person = payments.fixed(world)
    payments.account(world, person)
    payments.ordered(world, award, person)
    approval = world.approval("revoke", [award], {"reason": "x", "heard": "x"})
    with pytest.raises(NotReady, match="手続き中の支払い"):
        perform(approval, "approve", by=world.director)


@begins(paid)
def test_a_waiver_outlasts_the_days_and_not_a_payment(world: World) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x", "with_surcharge": True})
    recovery = Recovery.objects.get()
    approval = world.approval("waive", [recovery], {"reason": "x"})
    before = recovery.owed()["left"]
    with clock.at(clock.now() + timedelta(days=60)):
        assert recovery.owed()["left"] > before
        assert contents.moved(approval) == []
    collecting.receive(recovery, amount=40_000, paid_on=clock.today(), by=world.staff["accountant"])
    with pytest.raises(NotReady, match="内容が動いています"):
        perform(approval, "approve", by=world.director)
    assert Recovery.objects.get().state in Recovery.OWED


@begins(paid)
def test_a_debt_is_waived_only_through_an_approval(world: World) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    recovery = Recovery.objects.get()
    world.decided("waive", [recovery], {"reason": "地方自治法施行令171条の7による"})
    recovery = Recovery.objects.get()
    assert (recovery.state, recovery.owed()["left"]) == ("waived", 0)
    assert not award.case.turns.exists()


@begins(paid)
def test_instalments_move_the_due_date_and_money_is_booked_on_its_page(
    world: World, client: Client
) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    recovery = Recovery.objects.get()
    day = clock.today() + timedelta(days=90)
    client.force_login(world.staff["accountant"])
    page = f"/do/recovery/{recovery.pk}/defer/"
    given = {
        "seen": recovery.version,
        "key": "k",
        "due_on_y": day.year,
        "due_on_m": day.month,
        "due_on_d": day.day,
        "instalments": "毎月末 10万円",
    }
    assert client.post(page, given).status_code == 302
    assert Recovery.objects.get().due_on == day
    url = f"/recoveries/{recovery.pk}/receive/"
    today = clock.today()
    parts = {"paid_on_y": today.year, "paid_on_m": today.month, "paid_on_d": today.day}
    sent = {"amount": "100,000", "csrfmiddlewaretoken": "one page", **parts}
    assert client.post(url, sent | {"amount": "0"}).status_code == 422
    assert [client.post(url, sent).status_code for _press in range(4)] == [302] * 4
    assert client.post(url, sent | {"amount": "1"}).status_code == 409  # typed anew after "back"
    assert [row.amount for row in MoneyIn.objects.all()] == [100_000]
    assert line(award) == (180_000, 180_000)
    assert client.post(url, sent | {"csrfmiddlewaretoken": "another"}).status_code == 302
    assert [row.amount for row in MoneyIn.objects.all()] == [100_000, 100_000]
    assert "80,000" in client.get(f"/cases/{award.case.number}/").content.decode()
    client.force_login(world.officer)
    assert client.get(url).status_code == 403


@begins(paid)
def test_the_database_refuses_a_surcharge_where_nobody_is_at_fault(world: World) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x", "with_surcharge": True})
    for ground in ("surplus", "circumstances"):
        with pytest.raises(IntegrityError, match="recovery_no_fault"), transaction.atomic():
            Recovery.objects.update(ground=ground)
