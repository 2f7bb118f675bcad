"""相殺: what a firm owes is set against what it is to be paid, by decision of another; the book stays gross."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db.models import Sum

from grants.awards.models import Award
from grants.budget.models import BudgetEntry
from grants.payments import paying, turns
from grants.payments.models import Claim, Payment
from grants.recovery import collecting, meeting, offsetting, taking_back
from grants.recovery.agreed import Withholding
from grants.recovery.models import MoneyIn, Recovery
from portal import clock
from portal.accounts.models import Organisation
from portal.cases import interests
from portal.cases.models import Case
from portal.notices.models import Notice
from portal.types import Given
from portal.workflow import duties
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady, Refused
from reports.statistics.pipeline import frames
from reports.statistics.pipeline.reconciling import reconcile
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants import test_recovery
from tests.reports import letters
from tools.demonstration import simulation

pytestmark = begins(letters.late_elsewhere)
WHY = "督促しても納められないため"


@pytest.fixture
def late(world: World) -> Iterator[tuple[Payment, Recovery]]:
    """A payment and the return that its firm should have made by yesterday."""
    award, debt = world.begun(letters.late_elsewhere)
    with clock.at(simulation.at(debt.due_on + timedelta(days=1), 9)):
        yield found(award), Recovery.objects.get(pk=debt.pk)


def found(award: Award) -> Payment:
    rows = Payment.objects.select_related("award__application__call", "case", "batch", "claim")
    return rows.get(award=award)


def said(debt: Recovery, amount: int) -> Given:
    return {"against": str(debt.pk), "amount": amount, "reason": WHY}


def book(case: Case) -> dict[str, int]:
    rows = BudgetEntry.objects.filter(case=case, line__unit="yen").order_by()
    return {row["kind"]: row["n"] for row in rows.values("kind").annotate(n=Sum("amount"))}


def agrees() -> None:
    assert reconcile(frames.read()).faults == []
    assert offsetting.first_fault() == ""


def test_a_return_is_paid_by_what_its_firm_is_to_get_and_both_stand_in_the_book(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    left, whole = debt.owed(debt.due_on)["left"], payment.amount  # with surcharge until that day
    world.decided("set_off", [payment], said(debt, left))
    payment, debt = Payment.objects.get(pk=payment.pk), Recovery.objects.get(pk=debt.pk)
    receipt = MoneyIn.objects.get()
    moved = (payment.state, payment.amount, payment.batch, payment.paid_on)
    assert moved == ("set_off", left, None, clock.today())
    booked = (receipt.amount, receipt.set_off, receipt.recovery, receipt.to_line)
    assert booked == (left, payment, debt, True)
    assert (debt.owed()["left"], payment.claim.to_transfer) == (0, whole - left)
    assert (book(payment.case)["disbursement"], book(debt.case)["return"]) == (left, debt.principal)
    agrees()


def test_a_payment_that_is_set_off_as_a_whole_leaves_nothing_to_order(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    Claim.objects.filter(pk=payment.claim_id).update(amount=200_000)
    Award.objects.filter(pk=payment.award_id).update(payable=200_000)
    Payment.objects.filter(pk=payment.pk).update(amount=200_000)
    world.decided("set_off", [payment], said(debt, 200_000))
    claim = Claim.objects.get(pk=payment.claim_id)
    assert (claim.to_transfer, claim.payment) == (0, payment)
    assert Award.objects.get(pk=payment.award_id).state == "closed"
    assert [turn.what for turn in turns.of_case(payment.case)] == []
    with pytest.raises(NotReady):
        paying.order(claim, by=world.staff["treasurer"])


def test_of_a_part_the_rest_is_ordered_anew_and_transferred(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    whole, treasurer = payment.amount, world.staff["treasurer"]
    world.decided("set_off", [payment], said(debt, 100_000))
    claim = Claim.objects.get(pk=payment.claim_id)
    assert (claim.to_transfer, claim.payment) == (whole - 100_000, None)
    assert Award.objects.get(pk=payment.award_id).state == "amount_fixed"
    agrees()
    rest = paying.order(claim, by=treasurer)
    assert (rest.amount, Claim.objects.get(pk=claim.pk).payment) == (whole - 100_000, rest)
    batch = payments.batched(world, rest)
    with clock.at(simulation.at(batch.pay_on, 12)):
        payments.taken_in(world, batch, payments.answer(batch))
        assert Award.objects.get(pk=payment.award_id).state == "closed"
        assert book(payment.case)["disbursement"] == whole
        agrees()


def test_the_letter_says_both_claims_the_day_and_what_is_left_of_each(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    left = debt.owed(debt.due_on)["left"]
    world.decided("set_off", [payment], said(debt, 100_000))
    facts = Notice.objects.get(kind="set_off").facts
    items = {str(name): str(text) for name, text in facts["items"]}
    assert items["支払う額"] == f"金　{payment.amount:,}円"
    assert items["相殺の額"] == "金　100,000円"
    assert items["振り込む額"] == f"金　{payment.amount - 100_000:,}円"
    assert f"相殺の前の未納の額　{left:,}円" in items["相殺する返還金"]
    assert debt.number in items["相殺する返還金"]
    assert items["納める額の残り"] == f"金　{left - 100_000:,}円"
    assert facts["remedy"]


def test_arrears_end_on_the_day_from_which_both_could_be_claimed(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    """民法506条2項: the payment was ordered before the return was due."""
    payment, debt = late
    Recovery.objects.filter(pk=debt.pk).update(principal=100_000, with_surcharge=False)
    with clock.at(simulation.at(debt.due_on + timedelta(days=100), 9)):
        debt = Recovery.objects.get(pk=debt.pk)
        assert debt.owed()["arrears"] > 0
        world.decided("set_off", [payment], said(debt, 100_000))
        fresh = Recovery.objects.get(pk=debt.pk)
        assert MoneyIn.objects.get().paid_on == debt.due_on
        assert (fresh.owed()["arrears"], fresh.owed()["left"]) == (0, 0)
        assert fresh.lapses_on == debt.lapses_on  # nobody acknowledged it


def refused(world: World, payment: Payment, given: Given, match: str) -> None:
    with pytest.raises(NotReady, match=match):
        world.approval("set_off", [payment], given)


def test_never_more_than_is_paid_or_owed_nor_against_a_return_that_is_not_due(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    refused(world, payment, said(debt, payment.amount + 1), "円までです")
    Recovery.objects.filter(pk=debt.pk).update(principal=50_000, with_surcharge=False)
    refused(world, payment, said(debt, 50_001), "50,000円までです")
    with clock.at(simulation.at(debt.due_on, 9)):  # its last day
        refused(world, payment, said(debt, 1), "納期限を過ぎて")


def test_of_an_agreed_deferral_only_what_is_due_is_set_off(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    days = [clock.today() + timedelta(days=n) for n in (10, 40)]
    first, second = 60_000, debt.principal - 60_000
    plan = test_recovery.planned((days[0], first), (days[1], second))
    world.decided("defer_return", [debt], plan)
    refused(world, payment, said(debt, 1), "納期限を過ぎて")
    due = debt.agreed.earliest("due_on").due_on  # an open day of the office
    with clock.at(simulation.at(due + timedelta(days=1), 9)):
        refused(world, payment, said(debt, first + 1), "60,000円までです")
        world.decided("set_off", [payment], said(debt, first))
        agrees()


def test_only_between_the_same_firm_and_the_same_municipality(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    assert offsetting.debts(payment) == [debt]
    payment.award.application.call.municipality_codes = ["012173"]  # another one pays
    assert offsetting.debts(payment) == []
    other = Organisation.objects.exclude(pk=payment.case.organisation_id).first()
    Case.objects.filter(pk=debt.case_id).update(organisation=other)
    assert offsetting.debts(found(payment.award)) == []


def test_neither_in_a_batch_nor_held_for_another_reason_nor_without_a_provision(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    treasurer = world.staff["treasurer"]
    held = perform(payment, "hold", by=treasurer, reason="差押え")
    refused(world, held, said(debt, 1), "別の理由で保留")
    payment = perform(held, "release", by=treasurer, reason="x")
    parts = payment.award.parameters["provisions"] | {"set_off": ""}
    known = payment.award.parameters
    Award.objects.filter(pk=payment.award_id).update(parameters=known | {"provisions": parts})
    refused(world, payment, said(debt, 1), "定めがありません")
    Award.objects.filter(pk=payment.award_id).update(parameters=known)
    paying.make_batch(treasurer, pay_on=paying.next_pay_day(), payments=[payment])
    refused(world, payment, said(debt, 1), "振込データに入っています")


def test_not_while_something_else_is_drafted_about_the_return(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    plan = test_recovery.planned((clock.today() + timedelta(days=30), debt.principal))
    drafted = world.approval("set_off", [payment], said(debt, 1))
    world.approval("defer_return", [debt], plan)
    with pytest.raises(Refused):
        perform(drafted, "approve", by=world.director)
    assert Payment.objects.get(pk=payment.pk).state == "ordered"


def test_neither_who_drafted_nor_who_ordered_the_payment_decides(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    drafted = world.approval("set_off", [payment], said(debt, 1))
    with pytest.raises(Refused):
        perform(drafted, "approve", by=world.officer)
    duties.note(world.director, payment.duty_subjects(), "order_payment")
    with pytest.raises(Forbidden, match="支出命令をしたあなたは"):
        perform(payment, "set_off", by=world.director, amount=1, reason=WHY)
    with pytest.raises(Refused):
        perform(drafted, "approve", by=world.director)
    assert MoneyIn.objects.count() == 0


def test_a_return_that_came_in_since_the_draft_is_not_set_off(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    drafted = world.approval("set_off", [payment], said(debt, 100_000))
    left, by = debt.owed()["left"], world.staff["accountant"]
    collecting.receive(debt, amount=left, paid_on=clock.today(), by=by)
    with pytest.raises(Refused):
        perform(drafted, "approve", by=world.director)
    assert Payment.objects.get(pk=payment.pk).state == "ordered"


def test_of_a_withheld_payment_the_rest_stays_withheld(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    treasurer = world.staff["treasurer"]
    world.decided("withhold", [payment], {"reason": WHY})
    world.decided("set_off", [found(payment.award)], said(debt, 100_000))
    claim = Claim.objects.get(pk=payment.claim_id)
    with pytest.raises(NotReady, match="一時停止しています"):
        paying.order(claim, by=treasurer)
    debt = Recovery.objects.get(pk=debt.pk)
    left, by = debt.owed()["left"], world.staff["accountant"]
    collecting.receive(debt, amount=left, paid_on=clock.today(), by=by)
    assert paying.order(claim, by=treasurer).state == "ordered"
    held, ended = Notice.objects.filter(kind__startswith="withholding").order_by("pk")
    told = dict(ended.facts["items"])
    assert told["一時停止の日と番号"] == f"{held.facts['date']}付け{held.number}"
    assert told["支払う額"].endswith(f"{payment.amount - 100_000:,}円")
    assert not Withholding.objects.filter(ended_on=None)


def test_what_was_set_off_is_no_receipt_that_one_may_take_back(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    world.decided("set_off", [payment], said(debt, 100_000))
    with pytest.raises(NotReady, match="相殺は決裁によるもの"):
        taking_back.propose(MoneyIn.objects.get(), ground="x", by=world.staff["accountant"])


def test_the_check_of_the_record_finds_a_pair_that_does_not_agree(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    world.decided("set_off", [payment], said(debt, 100_000))
    MoneyIn.objects.update(amount=99_999)
    assert offsetting.first_fault().startswith("receipt")
    MoneyIn.objects.all().delete()
    assert offsetting.first_fault().startswith("payment")


def test_whoever_does_not_see_the_other_case_reads_nothing_of_it(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    clerk = world.staff["treasurer"]

    def read() -> list[tuple[Payment, Recovery]]:
        case = Case.objects.get(pk=payment.case_id)
        return [(pair.payment, pair.recovery) for pair in meeting.of_case(case, clerk)]

    assert read() == [(payment, debt)]
    interests.declare(debt.case, by=clerk, detail="親族")
    assert read() == []


UNDO: Given = {"ground": "not_owed", "reason": "命令に誤りがあったため"}


def undone(world: World, payment: Payment) -> Payment:
    world.decided("undo_set_off", [found(payment.award)], UNDO)
    return Payment.objects.get(pk=payment.pk)


def test_a_set_off_is_undone_as_if_it_had_never_been_made(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    before, whole, left = book(debt.case), payment.amount, debt.owed()["left"]
    world.decided("set_off", [payment], said(debt, debt.owed(debt.due_on)["left"]))
    perform(Recovery.objects.get(pk=debt.pk), "close", by=world.staff["accountant"])
    payment = undone(world, payment)
    debt, receipt = Recovery.objects.get(pk=debt.pk), MoneyIn.objects.get()
    assert (payment.state, payment.was_set_off) == ("cancelled", True)
    assert (debt.state, debt.owed()["left"], debt.came_back) == ("ordered", left, 0)
    assert (receipt.doubted_by, receipt.taken_back_by) == (world.officer, world.director)
    spent = book(payment.case)
    assert spent["reversal"] == spent["disbursement"]
    now = book(debt.case)
    assert now["return"] == now["return_undone"]
    assert now["disbursement"] == before["disbursement"]
    agrees()
    assert [turn.what for turn in turns.of_case(Case.objects.get(pk=payment.case_id))] == [
        "支出命令を出す"
    ]
    assert paying.order(payment.claim, by=world.staff["treasurer"]).amount == whole


def test_what_was_set_off_is_paid_beside_the_rest_that_was_paid_already(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    whole, treasurer = payment.amount, world.staff["treasurer"]
    world.decided("set_off", [payment], said(debt, 100_000))
    claim = Claim.objects.get(pk=payment.claim_id)
    rest = paying.order(claim, by=treasurer)
    with pytest.raises(NotReady, match="手続き中"):
        world.approval("undo_set_off", [found_set_off(claim)], UNDO)
    batch = payments.batched(world, rest)
    with clock.at(simulation.at(batch.pay_on, 12)):
        payments.taken_in(world, batch, payments.answer(batch))
        assert Award.objects.get(pk=payment.award_id).state == "closed"
        world.decided("undo_set_off", [found_set_off(claim)], UNDO)
        assert Award.objects.get(pk=payment.award_id).state == "amount_fixed"
        agrees()
        again = paying.order(Claim.objects.get(pk=claim.pk), by=treasurer)
        assert (again.amount, again.restores_id) == (100_000, payment.pk)
        with pytest.raises(NotReady, match="すでに支払い"):
            paying.order(Claim.objects.get(pk=claim.pk), by=treasurer)
        batch = payments.batched(world, again)
    with clock.at(simulation.at(batch.pay_on, 12)):
        payments.taken_in(world, batch, payments.answer(batch))
        claim = Claim.objects.get(pk=claim.pk)
        assert (claim.to_transfer, Award.objects.get(pk=payment.award_id).state) == (0, "closed")
        moved = book(payment.case)
        assert moved["disbursement"] - moved["reversal"] == whole
        agrees()
        with pytest.raises(NotReady):
            paying.order(claim, by=treasurer)


def found_set_off(claim: Claim) -> Payment:
    rows = Payment.objects.select_related("award__application__call", "case", "claim")
    return rows.get(claim=claim, state="set_off")


def test_a_set_off_stands_while_money_came_too_much_beside_it(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    world.decided("set_off", [payment], said(debt, debt.owed(debt.due_on)["left"]))
    drafted = world.approval("undo_set_off", [found(payment.award)], UNDO)
    by = world.staff["accountant"]
    collecting.receive(debt, amount=5_000, paid_on=clock.today(), by=by)
    with pytest.raises(Refused, match="納めすぎ"):
        perform(drafted, "approve", by=world.director)
    assert found(payment.award).state == "set_off"


def test_neither_who_drafted_nor_who_ordered_the_payment_undoes_it(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    world.decided("set_off", [payment], said(debt, 100_000))
    drafted = world.approval("undo_set_off", [found(payment.award)], UNDO)
    with pytest.raises(Refused):
        perform(drafted, "approve", by=world.officer)
    duties.note(world.director, payment.duty_subjects(), "order_payment")
    with pytest.raises(Refused):
        perform(drafted, "approve", by=world.director)
    assert MoneyIn.objects.standing().count() == 1


def test_what_was_withheld_stays_so_after_its_set_off_was_undone(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    world.decided("withhold", [payment], {"reason": WHY})
    world.decided("set_off", [found(payment.award)], said(debt, 100_000))
    payment = undone(world, payment)
    with pytest.raises(NotReady, match="一時停止しています"):
        paying.order(payment.claim, by=world.staff["treasurer"])


def test_the_letter_of_an_undone_set_off_says_what_either_side_pays_now(
    world: World, late: tuple[Payment, Recovery]
) -> None:
    payment, debt = late
    whole, left = payment.amount, debt.owed()["left"]
    world.decided("set_off", [payment], said(debt, 100_000))
    undone(world, payment)
    facts = Notice.objects.get(kind="set_off_undone").facts
    items = {str(name): str(text) for name, text in facts["items"]}
    assert items["取り消した相殺の額"] == "金　100,000円"
    assert items["振り込む額"] == f"金　{whole:,}円"
    assert f"いま納められていない額　{left:,}円" in items["納める返還金"]
    assert facts["remedy"]
