"""Money back: an advance's surplus without surcharge, revocation in part and in whole with it, arrears, waiver."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import cast

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client

from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.payments import paying
from grants.payments.models import Claim, Payment
from grants.recovery import collecting, deferring, demanding, slips, taking_back
from grants.recovery.agreed import lapses_on
from grants.recovery.models import LaterRequest, MoneyIn, Recovery
from portal import clock, fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval, contents
from portal.cases import turns
from portal.closures import calendars
from portal.notices import letterheads
from portal.notices.models import Notice
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from reports.statistics.pipeline import frames
from reports.statistics.pipeline.reconciling import reconcile
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded, inspected, reported
from tests.markup import one_line
from tools.demonstration import simulation

WAIVED: dict[str, object] = {
    "ground": "council",
    "proof": "議案第1号",
    "reason": "議会の議決による",
}


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
    # who booked it does not confirm it, and the award waits for that
    with pytest.raises(Forbidden, match="納付の記録をしたあなたは"):
        perform(recovery, "close", by=world.staff["accountant"])
    award = Award.objects.get(pk=award.pk)
    assert (award.state, line(award)) == ("amount_fixed", (100_000, 100_000))
    assert perform(recovery, "close", by=world.staff["treasurer"]).state == "closed"
    assert Award.objects.get(pk=award.pk).state == "closed"


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
            perform(recovery, "close", by=world.staff["treasurer"])
        left = recovery.owed()["left"]
        assert left == recovery.owed()["surcharge"] > 0
        collecting.receive(
            recovery, amount=left, paid_on=clock.today(), by=world.staff["accountant"]
        )
        assert perform(recovery, "close", by=world.staff["treasurer"]).state == "closed"
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
def test_the_year_of_the_line_decides_not_the_day_of_the_payment(world: World) -> None:
    """Paid in April from the old year's line, come back in August: that year is settled."""
    award, _person = world.begun(paid)
    found = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    BudgetLine.objects.filter(pk=found.pk).update(fiscal_year=found.fiscal_year - 2)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    made = collecting.receive(
        Recovery.objects.get(), amount=1, paid_on=clock.today(), by=world.staff["accountant"]
    )
    assert (made.to_line, line(award)) == (False, (280_000, 280_000))


@begins(paid)
@pytest.mark.parametrize(("day", "is_taken"), [(1, False), (0, True), (-10, True), (-11, False)])
def test_a_day_of_payment_lies_between_the_transfer_and_today(
    world: World, day: int, is_taken: bool
) -> None:
    award, _person = world.begun(paid)
    received = Payment.objects.get().paid_on
    assert received is not None
    with clock.at(simulation.at(received + timedelta(days=10), 12)):
        world.decided("revoke", [award], {"reason": "x", "heard": "x"})
        recovery, on = Recovery.objects.get(), clock.today() + timedelta(days=day)
        call = partial(
            collecting.receive, recovery, amount=1, paid_on=on, by=world.staff["accountant"]
        )
        if is_taken:  # before the order, too: somebody gave it back unasked
            assert call().paid_on == on
        else:
            with pytest.raises(NotReady, match="受け取った日から今日まで"):
                call()


@begins(paid)
def test_what_is_too_much_or_comes_twice_or_from_somebody_else_is_booked_and_given_back(
    world: World, client: Client
) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    clerk, recovery = world.staff["accountant"], Recovery.objects.get()
    collecting.receive(recovery, amount=100_000, paid_on=clock.today(), by=clerk, payer="保証人")
    much = collecting.receive(recovery, amount=200_000, paid_on=clock.today(), by=clerk)
    assert (much.over, recovery.owed()["paid"], line(award)) == (20_000, 280_000, (0, 0))
    assert {turn.what for turn in award.case.turns.all()} == {
        "納めすぎた額を、記録した方とは別の職員が確かめる",
        "納付を確認して終える",
    }
    perform(recovery, "close", by=world.staff["treasurer"])
    twice = collecting.receive(recovery, amount=280_000, paid_on=clock.today(), by=clerk)
    assert (twice.over, line(award)) == (280_000, (0, 0))
    client.force_login(clerk)
    page = client.get(f"/cases/{award.case.number}/").content.decode()
    assert "保証人" in page
    assert "納めすぎた額" in page
    today = clock.today()
    parts = {"on_y": today.year, "on_m": today.month, "on_d": today.day}
    for row in (much, twice):
        seen_by_another(world, row)
        assert client.post(f"/recoveries/receipts/{row.pk}/give-back/", parts).status_code == 302
    assert not award.case.turns.exists()
    with pytest.raises(NotReady, match="過誤納金がありません"):
        collecting.give_back(much, on=today, by=clerk)
    with pytest.raises(NotReady, match="納めすぎた額を返しているので"):
        taken_back(world, much)
    taken_back(world, recovery.receipts.first())  # what was given back holds nobody (decision 0130)
    assert Recovery.objects.get().owed()["left"] == 100_000


def seen_by_another(world: World, receipt: MoneyIn) -> None:
    collecting.see_surplus(receipt, by=world.staff["treasurer"])


@begins(paid)
def test_the_paper_of_a_surplus_goes_out_once_another_has_seen_it(
    world: World, client: Client
) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    clerk, recovery = world.staff["accountant"], Recovery.objects.get()
    receipt = collecting.receive(recovery, amount=100_000_000, paid_on=clock.today(), by=clerk)
    papers = award.case.notices.filter(kind="overpaid")
    url = f"/recoveries/receipts/{receipt.pk}/give-back/"
    assert not papers.exists()
    client.force_login(clerk)
    assert "この納付はあなたが記録しました" in one_line(client.get(url))
    for _press in range(2):
        client.post(url, {"seen": "on"})
    assert not papers.exists()
    with pytest.raises(Forbidden, match="記録した方は確認できません"):
        collecting.see_surplus(receipt, by=clerk)
    with pytest.raises(NotReady, match="別の職員がまだ"):
        collecting.give_back(receipt, on=clock.today(), by=clerk)
    client.force_login(world.staff["treasurer"])
    assert client.post(url, {"seen": ""}).status_code == 422
    assert client.post(url, {"seen": "on"}).status_code == 302
    assert papers.count() == 1
    assert {turn.what for turn in award.case.turns.filter(role="finance_officer")} == {
        "納めすぎた額を返す",
        "納付を確認して終える",
    }
    with pytest.raises(NotReady, match="確認を待つ納めすぎはありません"):
        collecting.see_surplus(receipt, by=world.staff["treasurer"])
    with pytest.raises(IntegrityError, match="over_seen_by_another"), transaction.atomic():
        MoneyIn.objects.update(over_seen_by=clerk)
    with pytest.raises(IntegrityError, match="recovery_receipt_over_seen"), transaction.atomic():
        MoneyIn.objects.update(over_seen_at=None, over_seen_by=None, refunded_on=clock.today())


@begins(paid)
def test_a_surplus_that_was_typed_wrongly_is_taken_back_and_no_paper_goes_out(world: World) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    clerk, recovery = world.staff["accountant"], Recovery.objects.get()
    receipt = collecting.receive(recovery, amount=2_800_000, paid_on=clock.today(), by=clerk)
    taken_back(world, receipt)
    with pytest.raises(NotReady, match="確認を待つ納めすぎはありません"):
        collecting.see_surplus(receipt, by=world.staff["treasurer"])
    assert not award.case.notices.filter(kind="overpaid").exists()


def taken_back(world: World, receipt: MoneyIn | None) -> None:
    assert receipt is not None
    taking_back.propose(receipt, ground="x", by=world.staff["accountant"])
    taking_back.confirm(receipt, by=world.staff["treasurer"])


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
    approval = world.approval("waive", [recovery], WAIVED)
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
    world.decided("waive", [recovery], WAIVED)
    recovery = Recovery.objects.get()
    assert (recovery.state, recovery.owed()["left"]) == ("waived", 0)
    assert not award.case.turns.exists()


def planned(*parts: tuple[date, int]) -> dict[str, object]:
    """What an agreement about parts is given."""
    plan = "\n".join(f"{day.isoformat()} {yen:,}円" for day, yen in parts)
    return {"ground": "at_once", "reason": "資金繰り表のとおり", "plan": plan}


@begins(paid)
def test_parts_agreed_have_their_own_days_letters_and_arrears_and_what_accrued_stays(
    world: World,
) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    recovery, clerk = Recovery.objects.get(), world.staff["accountant"]
    late = recovery.due_on + timedelta(days=10)
    with clock.at(simulation.at(late, 12)):
        office = calendars.of_case(award.case)
        first, second = (office.next_open(late + timedelta(days=n)) for n in (30, 60))
        world.decided("defer_return", [recovery], planned((first, 100_000), (second, 180_000)))
        recovery = Recovery.objects.get()
        accrued = 280_000 * 10 * 3 // 10_000
        assert (recovery.state, recovery.next_due, recovery.owed()["arrears"]) == (
            "deferred",
            first,
            accrued,
        )
        assert Notice.objects.filter(case=award.case, kind="deferral").count() == 1
        assert award.case.turns.get().due_on == first
    with clock.at(simulation.at(first, 12)):
        collecting.receive(recovery, amount=100_000, paid_on=clock.today(), by=clerk)
        recovery = Recovery.objects.get()
        assert (recovery.next_due, recovery.owed()["arrears"]) == (second, accrued)
        assert award.case.turns.get().due_on == second
    with clock.at(simulation.at(second + timedelta(days=5), 12)):
        third = clock.today() + timedelta(days=90)
        world.decided("defer_return", [recovery], planned((third, 180_000)))
        recovery = Recovery.objects.get()
        assert recovery.agreed.count() == 3
        once_more = 280_000 * 10 + 180_000 * 5
        assert recovery.owed(third)["arrears"] == once_more * 3 // 10_000


@begins(paid)
def test_parts_fall_due_on_days_on_which_the_office_is_open(world: World) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    saturday = clock.today() + timedelta(days=60)
    saturday += timedelta(days=(5 - saturday.weekday()) % 7)
    monday = calendars.of_case(award.case).next_open(saturday)
    assert monday > saturday + timedelta(days=1)
    both = planned((saturday, 100_000), (saturday + timedelta(days=1), 180_000))
    with pytest.raises(NotReady, match="同じ日がないように"):
        world.approval("defer_return", [Recovery.objects.get()], both)
    world.decided("defer_return", [Recovery.objects.get()], planned((saturday, 280_000)))
    assert Recovery.objects.get().next_due == monday
    assert fiscal.era(monday) in items(award, "deferral")["1回目"]


@begins(paid)
def test_a_firm_that_cannot_pay_in_time_says_so_and_no_day_moves(
    world: World, client: Client
) -> None:
    award, person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    recovery = Recovery.objects.get()
    page = f"/recoveries/{recovery.pk}/later/"
    for paper in ("recovery", "payment_slip"):
        assert "地方自治法施行令第171条の6" in items(award, paper)["納められないとき"]
    client.force_login(world.officer)
    assert client.get(page).status_code == 404
    client.force_login(person)
    assert page in client.get(award.case.get_absolute_url()).content.decode()
    said = {"reason": "売上げが半分になったため", "plan": "毎月少しずつ"}
    assert client.post(page, said).status_code == 422
    short = client.post(page, said | {"plan": "2027年1月29日 5万円"})
    assert "残りの返還額（280,000円）と違います" in short.content.decode()
    assert not LaterRequest.objects.exists()
    said["plan"] = "2027年1月29日 5万円\n2027年2月27日 23万円"
    told = client.post(page, said, follow=True).content.decode()
    assert "閉庁日なので、次の開庁日の" in told
    request = LaterRequest.objects.get()
    assert request.plan == [["2027-01-29", 50_000], ["2027-03-01", 230_000]]
    assert Recovery.objects.get().next_due == recovery.due_on
    assert "履行延期の申し出があります" in told
    assert page not in told
    again = client.get(page, follow=True)
    assert again.redirect_chain
    assert "すでに申し出ています" in again.content.decode()
    assert "すでに申し出ています" in client.post(page, said).content.decode()
    assert LaterRequest.objects.count() == 1
    world.decided("waive", [recovery], WAIVED)
    assert client.get(page).status_code == 404
    assert LaterRequest.objects.get().state == "overtaken"


def asked_later(world: World) -> tuple[LaterRequest, Award, User]:
    award, person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    parts = "2027-01-29 50000\n2027-03-01 230000"
    request = deferring.ask(Recovery.objects.get(), reason="売上げの減少", plan=parts, by=person)
    return request, award, person


@begins(paid)
def test_what_its_firm_took_back_while_the_draft_went_round_is_not_decided(world: World) -> None:
    request, _award, person = asked_later(world)
    given = {"ground": "at_once", "reason": request.reason, "plan": request.as_typed}
    approval = world.approval("defer_return", [request.recovery], given)
    perform(request, "withdraw", by=person)
    with pytest.raises(NotReady, match="取り下げています"):
        perform(approval, "approve", by=world.director)
    assert not Recovery.objects.get().agreed.exists()
    sent_back = perform(
        Approval.objects.get(pk=approval.pk), "send_back", by=world.director, reason="取り下げ"
    )
    perform(sent_back, "withdraw", by=world.officer)
    world.decided("defer_return", [request.recovery], given | {"reason": "窓口で聞いた事情"})
    assert Recovery.objects.get().agreed.exists()


@begins(paid)
def test_a_day_beyond_ten_years_is_no_day_of_a_deferral(world: World, client: Client) -> None:
    award, person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    client.force_login(person)
    page = f"/recoveries/{Recovery.objects.get().pk}/later/"
    far = {"reason": "x", "plan": "2199年1月31日 280000"}
    assert "10年以内" in client.post(page, far).content.decode()
    assert not LaterRequest.objects.exists()


@begins(paid)
def test_the_officer_whose_turn_a_request_is_drafts_from_it_and_the_decision_answers_it(
    world: World, client: Client
) -> None:
    request, award, _person = asked_later(world)
    turn = award.case.turns.get(what="履行延期の申し出に答える")
    assert (turn.side, turn.role) == ("office", "programme_officer")
    client.force_login(world.officer)
    address = f"/approvals/new/?act=defer_return&case={award.case.number}"
    assert (
        address.replace("&", "&amp;") in client.get(award.case.get_absolute_url()).content.decode()
    )
    opened = client.get(address).content.decode()
    for words in ("2027-01-29 50000", "2027-03-01 230000", "売上げの減少"):
        assert words in opened
    client.force_login(world.staff["accountant"])
    assert "履行延期の申し出" in client.get("/recoveries/").content.decode().split("<tbody")[1]
    given = {"ground": "at_once", "reason": request.reason, "plan": request.as_typed}
    world.decided("defer_return", [request.recovery], given)
    assert LaterRequest.objects.get().state == "agreed"
    assert not award.case.turns.filter(what="履行延期の申し出に答える").exists()


@begins(paid)
def test_a_request_that_a_draft_answers_is_not_denied_beside_it(world: World) -> None:
    """The draft would be decided all the same, in the firm's own words."""
    request, _award, _person = asked_later(world)
    given = {"ground": "at_once", "reason": request.reason, "plan": request.as_typed}
    approval = world.approval("defer_return", [request.recovery], given)
    with pytest.raises(NotReady, match="履行延期が起案されています"):
        perform(request, "deny", by=world.officer, reason="x")
    perform(approval, "withdraw", by=world.officer)
    assert perform(request, "deny", by=world.officer, reason="x").state == "denied"


@begins(paid)
def test_a_request_is_denied_in_words_or_taken_back_and_may_then_be_made_anew(
    world: World, client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    request, award, person = asked_later(world)
    with pytest.raises(Forbidden):
        perform(request, "deny", by=world.staff["accountant"], reason="x")
    with pytest.raises(Forbidden):
        perform(request, "withdraw", by=world.officer)
    perform(request, "deny", by=world.officer, reason="資料がそろわないため。")
    [mail] = [mail for mail in post() if "履行延期は認められませんでした" in mail.subject]
    assert mail.to == [person.email]
    client.force_login(person)
    assert "資料がそろわないため。" in client.get(award.case.get_absolute_url()).content.decode()
    again = deferring.ask(request.recovery, reason="x", plan=request.as_typed, by=person)
    perform(again, "withdraw", by=person)
    assert not award.case.turns.filter(what="履行延期の申し出に答える").exists()
    deferring.ask(request.recovery, reason="x", plan=request.as_typed, by=person)
    with pytest.raises(IntegrityError, match="recovery_later_open_once"), transaction.atomic():
        LaterRequest.objects.update(state="asked")


@begins(paid)
@pytest.mark.parametrize(
    ("days", "yen", "words"),
    [
        ((30, 60), (100_000, 179_999), "279,999円）が、残りの返還額（280,000円）"),
        ((0, 60), (100_000, 180_000), "今日より後"),
        ((60, 30), (100_000, 180_000), "早い順"),
        ((30, 30), (100_000, 180_000), "早い順"),
    ],
)
def test_parts_that_do_not_fit_are_refused(
    world: World, days: tuple[int, int], yen: tuple[int, int], words: str
) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    parts = [(clock.today() + timedelta(days=n), y) for n, y in zip(days, yen, strict=True)]
    with pytest.raises(NotReady, match=words):
        world.approval("defer_return", [Recovery.objects.get()], planned(*parts))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2027年1月31日 50,000", [(date(2027, 1, 31), 50_000)]),
        ("令和9年1月31日　５万円", [(date(2027, 1, 31), 50_000)]),
        ("2027-01-31 1\n\n2027/2/28 2円", [(date(2027, 1, 31), 1), (date(2027, 2, 28), 2)]),
        ("毎月末 10万円", None),
        ("2027年1月31日", None),
        ("2027年2月30日 1", None),
    ],
)
def test_parts_are_read_in_any_spelling_and_never_guessed(
    typed: str, expected: list[tuple[date, int]] | None
) -> None:
    if expected is None:
        with pytest.raises(ValidationError, match="1行目"):
            deferring.parts_of(typed)
    else:
        assert [(part.on, part.amount) for part in deferring.parts_of(typed)] == expected


@begins(paid)
def test_what_is_late_is_demanded_once_with_its_day_and_fee(world: World, client: Client) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    recovery, clerk = Recovery.objects.get(), world.staff["accountant"]
    client.force_login(clerk)
    url = f"/recoveries/{recovery.pk}/demand/"
    early = {"answer_by_y": 2099, "answer_by_m": 1, "answer_by_d": 31}
    assert client.post(url, early).status_code == 422  # nothing is late
    with clock.at(simulation.at(recovery.due_on + timedelta(days=21), 12)):
        turns.pass_time()
        assert "返還を督促する" in {turn.what for turn in award.case.turns.all()}
        day = clock.today() + timedelta(days=10)
        given = {"answer_by_y": day.year, "answer_by_m": day.month, "answer_by_d": day.day}
        much = client.post(url, given | {"fee": "1001"})
        assert (much.status_code, "1,000円まで" in much.content.decode()) == (422, True)
        with pytest.raises(NotReady, match="1,000円まで"):
            demanding.make(recovery, answer_by=day, fee=1_001, by=clerk)
        with pytest.raises(NotReady, match="60日以内"):
            demanding.make(recovery, answer_by=day + timedelta(days=51), fee=0, by=clerk)
        assert client.post(url, given | {"fee": "100"}).status_code == 302
        assert "返還を督促する" not in {turn.what for turn in award.case.turns.all()}
        recovery = Recovery.objects.get()
        assert (recovery.owed()["fees"], recovery.lapses_on) == (
            100,
            lapses_on(recovery.due_on, [clock.today()]),
        )
        with pytest.raises(NotReady, match="すでに督促"):
            demanding.make(recovery, answer_by=day, fee=0, by=clerk)
        with pytest.raises(Forbidden):
            demanding.make(recovery, answer_by=day, fee=0, by=world.officer)
    assert Notice.objects.filter(case=award.case, kind="demand").count() == 1
    with clock.at(simulation.at(recovery.lapses_on - timedelta(days=180), 12)):
        turns.pass_time()
        assert "返還の時効が近いので、督促や履行延期を確かめる" in {
            turn.what for turn in award.case.turns.all()
        }


@pytest.mark.parametrize(
    ("due", "renewed", "expected"),
    [
        (date(2026, 3, 31), [], date(2031, 3, 31)),
        (date(2026, 3, 31), [date(2027, 1, 5), date(2026, 6, 1)], date(2032, 1, 5)),
        (date(2028, 2, 29), [], date(2033, 2, 28)),
    ],
)
def test_a_claim_lapses_five_years_after_it_was_last_renewed(
    due: date, renewed: list[date], expected: date
) -> None:
    assert lapses_on(due, renewed) == expected


@begins(paid)
def test_an_order_is_cancelled_by_decision_with_its_ground(world: World) -> None:
    award, _person = world.begun(paid)
    part: dict[str, object] = {"reason": "x", "heard": "x", "amount": 100_000}
    world.decided("revoke_part", [award], part)
    recovery = Recovery.objects.get()
    with pytest.raises(Forbidden):
        perform(recovery, "cancel", by=world.officer, reason="x")
    given: dict[str, object] = {"ground": "void", "proof": "裁決書", "reason": "取消しの誤り"}
    world.decided("cancel_order", [recovery], given)
    award = Award.objects.get(pk=award.pk)
    assert (Recovery.objects.get().state, award.payable, collecting.excess(award)) == (
        "cancelled",
        280_000,
        0,
    )
    assert Notice.objects.filter(case=award.case, kind="order_cancelled").count() == 1
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    with pytest.raises(NotReady, match="命令の誤りとしてだけ"):
        world.approval("cancel_order", [Recovery.objects.latest("pk")], given)


@begins(advanced)
def test_a_void_order_gives_back_what_was_not_paid_yet_too(world: World) -> None:
    """Of 130,000 yen revoked 50,000 had been paid: both are the recipient's again."""
    award, _person = world.begun(advanced)
    world.decided("revoke_part", [award], {"reason": "x", "heard": "x", "amount": 130_000})
    recovery = Recovery.objects.get()
    assert (recovery.principal, Award.objects.get(pk=award.pk).payable) == (50_000, 150_000)
    assert line(award) == (200_000, 200_000)
    given: dict[str, object] = {"ground": "void", "proof": "裁決書", "reason": "取消しの誤り"}
    world.decided("cancel_order", [recovery], given)
    assert (Award.objects.get(pk=award.pk).payable, line(award)) == (280_000, (280_000, 200_000))


@begins(paid)
def test_only_what_was_deferred_is_waived_by_the_decree(world: World) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    with pytest.raises(NotReady, match="履行延期をした"):
        world.approval("waive", [Recovery.objects.get()], WAIVED | {"ground": "decree"})


@begins(paid)
def test_an_order_brings_its_slip_with_the_number_finance_finds_it_by(world: World) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    recovery = Recovery.objects.get()
    slip = Notice.objects.get(case=award.case, kind="payment_slip")
    said = dict(slip.facts["items"])
    assert slip.title == "返納通知書"
    assert said["返納の番号"] == recovery.number
    assert said["返納する額"] == "金　280,000円"


def said_on(facts: dict[str, object]) -> dict[str, str]:
    return dict(cast("list[tuple[str, str]]", facts["items"]))


@begins(paid)
def test_a_slip_names_the_account_of_the_budget_that_it_is_paid_into(world: World) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    recovery = Recovery.objects.get()
    line = award.application.call.budget_lines.get(frame=award.frame, unit="yen")
    named = {"chapter": "商工費", "section": "商工業費", "item": "振興費", "expense": "補助金"}
    for level, title in named.items():
        setattr(line, f"{level}_code", "07")
        setattr(line, f"{level}_title", title)
    line.save()
    recovery = Recovery.objects.get()
    back = slips.slip_facts(recovery)
    for title in named.values():
        assert title in said_on(back)["歳出科目"]
    recovery.due_on = line.settles_on + timedelta(days=1)
    later = slips.slip_facts(recovery)
    assert (back["title"], later["title"]) == ("返納通知書", "納入通知書")
    assert said_on(later)["歳入科目"] == letterheads.PLANNED_ITEM
    assert "歳出科目" not in said_on(later)


OTHER: dict[str, str | int] = {
    "surcharge_rate": "7.3",
    "surcharge_cite": "要綱第20条",
    "arrears_rate": "3.65",
    "arrears_cite": "要綱第21条",
    "arrears_unit": 1000,
    "least_arrears": 500,
}


def items(award: Award, kind: str) -> dict[str, str]:
    notice = Notice.objects.filter(case=award.case, kind=kind).latest("pk")
    return {name: said for name, said, *_rest in notice.facts["items"]}


@begins(paid)
def test_another_rate_is_reckoned_with_and_stands_on_the_papers(world: World) -> None:
    """280,000 yen at 7.3 % = 56 yen a day; 280,000 late at 3.65 % = 28 yen a day, from 500 yen on."""
    award, _person = world.begun(paid)
    award.parameters["interest"] = OTHER
    award.save()
    world.decided("revoke", [award], {"reason": "x", "heard": "x", "with_surcharge": True})
    recovery = Recovery.objects.get()
    due = recovery.due_on
    days = (due - recovery.received_on).days + 1
    assert recovery.owed(due)["surcharge"] == 56 * days
    assert (
        recovery.owed(due + timedelta(days=17))["arrears"] == 0
    )  # 476 yen, of the principal alone
    assert recovery.owed(due + timedelta(days=18))["arrears"] == 504

    order, slip = items(award, "recovery"), items(award, "payment_slip")
    assert "年7.3パーセント" in order["加算金"]
    assert "要綱第20条" in order["加算金"]
    for said in (order["延滞金"], slip["延滞金"]):
        assert said == (
            "納期限の翌日から納付の日までの日数に応じ、納めない額（1,000円未満の端数を切り捨てた額）に"
            "年3.65パーセントの割合を乗じた額。500円未満のときは、かかりません。（要綱第21条）"
        )
    late = due + timedelta(days=30)
    with clock.at(simulation.at(late, 12)):
        assert [how for _what, how, _yen in collecting.schedule(recovery)][1].endswith("年7.3%")
        assert [how for _what, how, _yen in collecting.schedule(recovery)][2].endswith("年3.65%")
        answer_by = late + timedelta(days=10)
        demanding.make(recovery, answer_by=answer_by, fee=0, by=world.staff["accountant"])
        assert "年3.65パーセント" in items(award, "demand")["延滞金"]
        world.decided("defer_return", [recovery], planned((late + timedelta(days=9), 280_000)))
        assert "年3.65パーセント" in items(award, "deferral")["延滞金"]


@begins(paid)
def test_arrears_are_reckoned_on_the_surcharge_too_where_the_programme_says_so(
    world: World,
) -> None:
    """280,000 yen at 10.95 % = 84 yen a day; of the surcharge what there was on the due day."""
    award, _person = world.begun(paid)
    award.parameters["interest"] = {"arrears_base": "with_surcharge"}
    award.save()
    world.decided("revoke", [award], {"reason": "x", "heard": "x", "with_surcharge": True})
    assert "納めない額（納期限までの加算金を含む額）に" in items(award, "recovery")["延滞金"]
    recovery = Recovery.objects.get()
    due = recovery.due_on
    owing = 84 * ((due - recovery.received_on).days + 1)
    ten = due + timedelta(days=10)
    assert recovery.owed(ten)["arrears"] == (280_000 + owing) * 3 // 1000
    with clock.at(simulation.at(ten, 12)):
        said = [how for _what, how, _yen in collecting.schedule(recovery)]
        assert "加算金も合わせて" in said[2]
        collecting.receive(recovery, amount=280_000, paid_on=ten, by=world.staff["accountant"])
    recovery = Recovery.objects.get()
    later = ten + timedelta(days=20)  # the surcharge alone is still owed
    assert recovery.owed(later)["arrears"] == (280_000 * 10 + owing * 30) * 3 // 10_000
    with clock.at(simulation.at(later, 12)):
        left = recovery.owed()["left"]
        collecting.receive(recovery, amount=left, paid_on=later, by=world.staff["accountant"])
    assert Recovery.objects.get().owed(later + timedelta(days=99))["left"] == 0


@begins(paid)
def test_an_award_from_before_there_was_a_rate_keeps_the_full_one(world: World) -> None:
    award, _person = world.begun(paid)
    annex = Notice.objects.get(case=award.case, kind="award").facts["annex"]
    assert [line[:4] for line in annex if "年10.95パーセント" in line] == ["加算金：", "延滞金："]
    del award.parameters["interest"]
    award.save()
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    assert "年10.95パーセント" in items(award, "recovery")["延滞金"]
    recovery = Recovery.objects.get()
    assert recovery.owed(recovery.due_on + timedelta(days=10))["arrears"] == 840


@begins(paid)
def test_money_is_booked_on_its_page(world: World, client: Client) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    recovery = Recovery.objects.get()
    client.force_login(world.staff["accountant"])
    url = f"/recoveries/{recovery.pk}/receive/"
    today = clock.today()
    parts = {"paid_on_y": today.year, "paid_on_m": today.month, "paid_on_d": today.day}
    seen = collecting.came_in(recovery)
    sent = {"amount": "100,000", "csrfmiddlewaretoken": "one page", "seen": seen, **parts}
    assert client.post(url, sent | {"amount": "0"}).status_code == 422
    assert [client.post(url, sent).status_code for _press in range(4)] == [302] * 4
    assert client.post(url, sent | {"amount": "1"}).status_code == 409  # typed anew after "back"
    assert [row.amount for row in MoneyIn.objects.all()] == [100_000]
    assert line(award) == (180_000, 180_000)
    anew = {
        "csrfmiddlewaretoken": "another",
        "seen": client.get(url).context["form"]["seen"].value(),
    }
    assert client.post(url, sent | anew).status_code == 302
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


@begins(paid)
def test_a_draft_says_the_sum_that_it_decides_about(world: World) -> None:
    """Not what the case was once granted: by it is found who may decide."""
    award, _person = world.begun(paid)

    def yen(approval: Approval) -> int | None:
        return approval.items.get().yen

    world.decided("revoke", [award], {"reason": "x", "heard": "x", "with_surcharge": True})
    recovery = Recovery.objects.get()
    with clock.at(simulation.at(recovery.due_on, 12)):
        collecting.receive(
            recovery, amount=80_000, paid_on=clock.today(), by=world.staff["accountant"]
        )
        left = Recovery.objects.get().principal - Recovery.objects.get().principal_back
        day = clock.today() + timedelta(days=30)
        assert yen(world.decided("defer_return", [recovery], planned((day, left)))) == left
        owed = Recovery.objects.get().owed()["surcharge"]
        assert owed > 0
        assert f"{owed:,}円" in items(award, "deferral")["今日までの加算金"]
        given = {"ground": "council", "proof": "議案第1号", "reason": "x"}
        let_go = Recovery.objects.get().owed()["left"]
        assert yen(world.decided("waive", [recovery], given)) == let_go >= left + owed
        assert items(award, "waiver")["免除した額"] == f"金　{let_go:,}円"
        assert items(award, "waiver")["うち返還額（元本）"] == f"金　{left:,}円"


@begins(paid)
def test_a_waiver_of_surcharge_alone_is_decided_as_what_it_lets_go(world: World) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x", "with_surcharge": True})
    recovery = Recovery.objects.get()
    with clock.at(simulation.at(recovery.due_on, 12)):
        collecting.receive(
            recovery,
            amount=recovery.principal,
            paid_on=clock.today(),
            by=world.staff["accountant"],
        )
        recovery = Recovery.objects.get()
        left = recovery.owed()["left"]
        assert (recovery.principal_back, left > 0) == (recovery.principal, True)
        approval = world.decided("waive", [recovery], WAIVED)
    assert approval.items.get().yen == left
    assert items(award, "waiver")["免除した額"] == f"金　{left:,}円"


@begins(paid)
def test_the_book_agrees_where_too_much_came_on_an_earlier_day(world: World) -> None:
    """What was booked first paid the principal, whenever it came."""
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    recovery, by = Recovery.objects.get(), world.staff["accountant"]
    with clock.at(clock.now() + timedelta(days=5)):
        today = clock.today()
        collecting.receive(recovery, amount=280_000, paid_on=today, by=by)
        collecting.receive(recovery, amount=1_000, paid_on=today - timedelta(days=3), by=by)
        assert MoneyIn.objects.get(amount=1_000).over == 1_000
        assert reconcile(frames.read_money()).faults == []


@begins(paid)
def test_a_receipt_above_what_is_owed_asks_once_more(world: World, client: Client) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    recovery = Recovery.objects.get()
    client.force_login(world.staff["accountant"])
    page, today = f"/recoveries/{recovery.pk}/receive/", clock.today()
    day = {"paid_on_y": today.year, "paid_on_m": today.month, "paid_on_d": today.day}
    typed = {"amount": "300000", "seen": collecting.came_in(recovery), **day}
    assert "is_above" not in client.get(page).content.decode()
    asked = client.post(page, typed)
    assert asked.status_code == 422
    assert "残りの額より20,000円多い納付です" in asked.content.decode()
    assert not recovery.receipts.exists()
    assert client.post(page, typed | {"is_above": "on"}).status_code == 302
    assert recovery.receipts.get().over == 20_000


@begins(paid)
def test_of_an_agreed_plan_the_next_part_stands_in_the_field(world: World, client: Client) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    office = calendars.of_case(award.case)
    first, second = (office.next_open(clock.today() + timedelta(days=n)) for n in (30, 60))
    recovery = Recovery.objects.get()
    world.decided("defer_return", [recovery], planned((first, 100_000), (second, 180_000)))
    clerk = world.staff["accountant"]
    for came, then in ((0, 100_000), (100_000, 180_000), (30_000, 150_000)):
        if came:
            collecting.receive(recovery, amount=came, paid_on=clock.today(), by=clerk)
        assert deferring.next_amount(Recovery.objects.get()) == then
    client.force_login(clerk)
    opened = client.get(f"/recoveries/{recovery.pk}/receive/").content.decode()
    assert re.search(r'name="amount" value="150,?000"', opened)
