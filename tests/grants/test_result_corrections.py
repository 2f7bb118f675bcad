"""A transfer recorded as bounced by mistake: one of accounting says so with the bank's paper, finance confirms it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from grants.awards.lowering import lower
from grants.awards.models import Award
from grants.budget.models import BudgetEntry, BudgetLine
from grants.payments import paying, settling
from grants.payments.accounts import BankAccount
from grants.payments.models import BankWord, Claim, Payment, PaymentBatch
from grants.payments.paying import came_back as has_bounced
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.audit.models import Event
from portal.audit.rows import fault_of_rows
from portal.cases import turns
from portal.cases.models import Reading
from portal.correspondence.models import Mail
from portal.notices.models import Notice
from portal.types import Given
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from reports.statistics.pipeline import frames, reconciling
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_payments import (
    account,
    answer,
    batched,
    came_back,
    doubted,
    fixed,
    looked_at,
    ordered,
    paid,
    said_back,
    taken_in,
)
from tools.demonstration import simulation

SEEN: Given = {"reason": "銀行の書面で確かめた"}


def bounced(world: World) -> tuple[Award, User, Payment]:
    """By a wrong file: the money had arrived."""
    award, person = fixed(world)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    assert taken_in(world, batch, answer(batch, "8", "口座なし")) == ["bounced"]
    return award, person, looked_at(world, Payment.objects.get(award=award))


def confirmed(world: World, payment: Payment, by: str = "treasurer") -> Payment:
    return perform(payment, "confirm_arrival", by=world.staff[by], **SEEN)


def of_line(award: Award) -> tuple[int, int]:
    line = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    return line.committed, line.disbursed


def state(award: Award) -> str:
    return str(Award.objects.get(pk=award.pk).state)


def whats(award: Award) -> set[str]:
    return {turn.what for turn in award.case.turns.all()}


@begins(bounced)
def test_what_had_arrived_is_paid_and_everything_is_as_if_it_had_been_taken_in_rightly(
    world: World,
) -> None:
    award, person, payment = world.begun(bounced)
    assert "振込先の口座を直す" in whats(award)
    payment = doubted(world, payment)
    assert (payment.state, state(award), of_line(award)) == (
        "bounce_doubted",
        "amount_fixed",
        (280_000, 0),
    )
    assert whats(award) == {"振込結果の訂正を確かめる"}
    payment = confirmed(world, payment)
    assert payment.batch is not None
    assert (payment.state, payment.paid_on, payment.bounce) == ("paid", payment.batch.pay_on, "")
    assert (state(award), of_line(award)) == ("closed", (280_000, 280_000))
    assert payment.claim.state == "checked"
    assert Notice.objects.filter(case=award.case, kind="payment").count() == 1
    told = Mail.objects.filter(to=person).latest("pk")
    assert "届け出た口座に問題はありませんでした" in told.subject
    assert {turn.side for turn in award.case.turns.all()} == {"applicant"}
    assert turns.differing() == []
    assert reconciling.reconcile(frames.read()).faults == []
    assert fault_of_rows() == ""
    said = list(Event.objects.filter(subject=payment.subject_key).order_by("pk"))
    assert [event.action for event in said][-2:] == [
        "payment.doubt_bounce",
        "payment.confirm_arrival",
    ]


@begins(bounced)
def test_while_it_is_doubted_nothing_is_ordered_claimed_or_ended(world: World) -> None:
    award, person, payment = world.begun(bounced)
    account(world, person, number="7654321")
    doubted(world, payment)
    with pytest.raises(NotReady, match="すでに支払いがあります"):
        paying.order(payment.claim, by=world.staff["treasurer"])
    award = Award.objects.get(pk=award.pk)
    assert "手続き中の支払い" in "".join(paying.under_way(award))
    with pytest.raises(NotReady, match="結果の分からない"):
        perform(PaymentBatch.objects.get(), "reconcile", by=world.staff["accounting_officer"])


@begins(bounced)
def test_a_claim_ordered_anew_bars_it_until_the_order_is_cancelled(world: World) -> None:
    _award, person, payment = world.begun(bounced)
    account(world, person, number="7654321")
    treasurer = world.staff["treasurer"]
    again = paying.order(payment.claim, by=treasurer)
    with pytest.raises(NotReady, match="先にその支払いを取り消して"):
        doubted(world, payment)
    perform(again, "cancel", by=treasurer, reason="先の振込が届いていた")
    payment = doubted(world, payment)
    with pytest.raises(NotReady, match="すでに支払いがあります"):  # the latest is cancelled
        paying.order(payment.claim, by=treasurer)
    assert confirmed(world, payment).state == "paid"


@begins(bounced)
def test_what_was_paid_anew_is_not_paid_a_second_time(world: World) -> None:
    _award, person, payment = world.begun(bounced)
    account(world, person, number="7654321")
    batch = batched(world, paying.order(payment.claim, by=world.staff["treasurer"]))
    assert taken_in(world, batch, answer(batch)) == ["paid"]
    with pytest.raises(NotReady, match="出し直した支出命令で支払われて"):
        doubted(world, payment)


@begins(bounced)
def test_two_people_with_the_banks_paper(world: World) -> None:
    _award, _person, payment = world.begun(bounced)
    with pytest.raises(Forbidden, match="会計"):
        perform(
            payment, "doubt_bounce", by=world.staff["treasurer"], reason="x", document=("x", b"x")
        )
    payment = doubted(world, payment)
    with pytest.raises(Forbidden, match="経理担当"):
        confirmed(world, payment, "accounting_officer")
    both = User.objects.get(pk=world.staff["accounting_officer"].pk)
    StaffRole.objects.create(
        person=both,
        role="finance_officer",
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
    )
    with pytest.raises(Forbidden, match="振込結果の訂正の申し出"):
        perform(payment, "confirm_arrival", by=both, **SEEN)


@begins(bounced)
def test_a_denied_correction_leaves_it_bounced(world: World) -> None:
    award, person, payment = world.begun(bounced)
    payment = perform(doubted(world, payment), "deny_arrival", by=world.staff["treasurer"], **SEEN)
    assert (payment.state, payment.bounce, of_line(award)) == (
        "bounced",
        "8 口座なし",
        (280_000, 0),
    )
    assert whats(award) == {"振込先の口座を直す"}
    account(world, person, number="7654321")
    assert paying.order(payment.claim, by=world.staff["treasurer"]).state == "ordered"


@begins(paid)
def test_nobody_alone_says_that_what_was_paid_came_back(world: World) -> None:
    """The attack: one of accounting says so, passes the new order and makes the file."""
    award, person, payment = world.begun(paid)
    day = payment.paid_on or clock.today()

    def said(payment: Payment) -> Payment:
        with clock.at(simulation.at(day, 17)):
            return said_back(world, payment, day)

    both = User.objects.get(pk=world.staff["accounting_officer"].pk)
    with pytest.raises(NotReady, match="申し出たあとに"):
        perform(payment, "come_back", by=world.staff["treasurer"], **SEEN)
    payment = said(payment)
    assert (payment.state, state(award), of_line(award)) == ("paid", "closed", (280_000, 280_000))
    assert whats(award) >= {"振込結果の訂正を確かめる"}
    account(world, person, number="7654321")
    with pytest.raises(NotReady):
        paying.order(payment.claim, by=world.staff["treasurer"])
    with pytest.raises(Forbidden, match="経理担当"):
        perform(payment, "come_back", by=both, **SEEN)
    StaffRole.objects.create(
        person=both,
        role="finance_officer",
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
    )
    both.forget_roles()
    with pytest.raises(Forbidden, match="振込結果の訂正の申し出"):
        perform(payment, "come_back", by=both, **SEEN)
    with pytest.raises(NotReady, match="確認を待っています"):
        said(payment)
    payment = perform(payment, "deny_return", by=world.staff["treasurer"], **SEEN)
    assert (payment.state, payment.came_back_on, payment.bounce) == ("paid", None, "")
    payment = said(payment)
    payment = perform(payment, "come_back", by=world.staff["treasurer"], **SEEN)
    assert (payment.state, payment.bounce, state(award)) == ("bounced", "口座解約", "amount_fixed")
    assert paying.order(payment.claim, by=world.staff["treasurer"]).state == "ordered"
    assert (BankWord.objects.count(), turns.differing()) == (2, [])


@begins(paid)
def test_the_page_asks_for_the_banks_notice_of_what_came_back(world: World, client: Client) -> None:
    award, person, payment = world.begun(paid)
    case = award.case.get_absolute_url()
    finance, firm = Client(), Client()
    finance.force_login(world.staff["treasurer"])
    firm.force_login(person)
    with clock.at(simulation.at(payment.paid_on or clock.today(), 17)):
        client.force_login(world.staff["accounting_officer"])
        assert "/come_back/" not in finance.get(case).content.decode()
        day = clock.today()
        typed = {"seen": payment.version, "key": "k", "reason": "口座解約"}
        typed |= {
            "came_back_on_y": day.year,
            "came_back_on_m": day.month,
            "came_back_on_d": day.day,
        }
        path = f"/do/payment/{payment.pk}/say_came_back/"
        assert client.post(path, typed).status_code == 422
        paper = SimpleUploadedFile("組戻.pdf", simulation.paper("x"))
        assert client.post(path, typed | {"document": paper}).status_code == 302
        page = finance.get(case).content.decode()
        assert f"/do/payment/{payment.pk}/come_back/" in page
        assert "組戻.pdf" in page
        assert "口座解約" not in firm.get(case).content.decode()


@begins(paid)
def test_what_was_said_to_have_come_back_and_had_not_is_spent_again(world: World) -> None:
    award, _person, payment = world.begun(paid)
    day = payment.paid_on
    back = came_back(world, payment)
    assert (state(award), of_line(award)) == ("amount_fixed", (280_000, 0))
    payment = confirmed(world, doubted(world, back))
    assert (payment.state, payment.paid_on, payment.came_back_on) == ("paid", day, None)
    assert (state(award), of_line(award)) == ("closed", (280_000, 280_000))
    assert Notice.objects.filter(case=award.case, kind="payment").count() == 1  # it holds again
    assert reconciling.reconcile(frames.read()).faults == []


@begins(paid)
def test_what_came_back_after_its_year_was_never_unbooked_and_is_not_booked_twice(
    world: World,
) -> None:
    award, _person, payment = world.begun(paid)
    line = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    BudgetLine.objects.filter(pk=line.pk).update(fiscal_year=line.fiscal_year - 1)
    payment = came_back(world, payment)
    assert not BudgetEntry.objects.filter(kind="reversal").exists()
    confirmed(world, doubted(world, payment))
    assert (state(award), of_line(award)) == ("closed", (280_000, 280_000))


@begins(bounced)
def test_of_an_award_lowered_meanwhile_what_is_too_much_is_asked_back(world: World) -> None:
    award, _person, payment = world.begun(bounced)
    lower(award, 100_000, by=world.director, reason="x")
    confirmed(world, doubted(world, payment))
    assert of_line(award) == (280_000, 280_000)
    assert paying.surplus(Award.objects.get(pk=award.pk)) == 100_000
    assert settling.received(Award.objects.get(pk=award.pk)) == 280_000
    assert "返還の命令を起案する" in whats(award)


@pytest.mark.parametrize("ended", ["returned", "denied"])
@begins(bounced)
def test_its_claim_is_checked_again(world: World, ended: str) -> None:
    award, _person, payment = world.begun(bounced)
    treasurer = world.staff["accountant"]
    perform(payment.claim, "send_back", by=treasurer, reason="口座の確認")
    if ended == "denied":
        perform(Claim.objects.get(), "deny", by=treasurer, reason="x")
    confirmed(world, doubted(world, payment))
    assert (Claim.objects.get().state, state(award)) == ("checked", "closed")


@begins(bounced)
def test_the_account_is_as_good_as_before(world: World) -> None:
    _award, _person, payment = world.begun(bounced)
    mine = BankAccount.objects.get(pk=payment.account_id)
    assert has_bounced(mine)
    payment = doubted(world, payment)
    assert has_bounced(mine)
    confirmed(world, payment)
    assert not has_bounced(mine)


@begins(bounced)
def test_the_page_asks_for_the_paper_and_finance_takes_it_out(world: World, client: Client) -> None:
    award, person, payment = world.begun(bounced)
    client.force_login(world.staff["accounting_officer"])
    path = f"/do/payment/{payment.pk}/doubt_bounce/"
    assert path in client.get(award.case.get_absolute_url()).content.decode()
    page = client.get(path).content.decode()
    assert "280,000円" in page
    assert "8 口座なし" in page
    typed = {"seen": payment.version, "key": "k", "reason": "取り違えた"}
    assert client.post(path, typed).status_code == 422
    paper = SimpleUploadedFile("証明.pdf", simulation.paper("x"))
    assert client.post(path, typed | {"document": paper}).status_code == 302
    word = BankWord.objects.get()
    treasurer = Client()
    treasurer.force_login(world.staff["treasurer"])
    case = treasurer.get(award.case.get_absolute_url()).content.decode()
    assert f"/payments/words/{word.pk}/" in case
    assert f"/do/payment/{payment.pk}/confirm_arrival/" in case
    kept = treasurer.get(f"/payments/words/{word.pk}/")
    assert b"".join(kept.streaming_content) == simulation.paper("x")  # type: ignore[attr-defined]
    assert Reading.objects.filter(person=world.staff["treasurer"], what="bank.word").count() == 1
    firm = Client()
    firm.force_login(person)
    said = firm.get(award.case.get_absolute_url()).content.decode()
    assert "振込の結果を、銀行に確かめています" in said
    assert "証明.pdf" not in said
    with pytest.raises(DatabaseError), transaction.atomic():
        BankWord.objects.update(sha256="")


@begins(bounced)
def test_a_late_right_result_says_where_the_wrong_one_is_put_right(world: World) -> None:
    world.begun(bounced)
    batch = PaymentBatch.objects.get()
    assert taken_in(world, batch, answer(batch)) == ["wrong"]
    [said] = batch.imports.latest("pk").report
    assert "実際には振り込まれていたと申し出る" in said[2]
