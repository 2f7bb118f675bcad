"""The accounting officer: each order is looked at before the bank's file is made, by somebody who had no part in it."""

import re
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.payments import checking, paying
from grants.payments.models import Claim, OrderCheck, Payment, PaymentBatch
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.accounts.roles import end_role
from portal.audit.models import Payload
from portal.correspondence.models import Mail
from portal.registry.models import Corporation
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.models import Duty
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.markup import one_line
from tests.roles import never_granted
from tools.demonstration.people import known_as

YES = {"lawful": "on", "debt_fixed": "on", "complete": "on"}


def handed(world: World, several: int) -> PaymentBatch:
    """Orders in a batch that finance has closed."""
    found = []
    for _ in range(several):
        award, person = payments.fixed(world)
        payments.account(world, person, number=f"{7_000_000 + award.pk}")
        found.append(payments.ordered(world, award, person))
    return payments.handed_over(world, *found)


def two_handed(world: World) -> PaymentBatch:
    return handed(world, 2)


def one_handed(world: World) -> PaymentBatch:
    return handed(world, 1)


def told(text: str) -> set[str]:
    return {known_as(mail.to) for mail in Mail.objects.filter(subject__contains=text) if mail.to}


def waiting(payment: Payment) -> set[tuple[str, str, str]]:
    turns = payment.case.turns.filter(side="office")
    return {(turn.role, turn.what, turn.subject.partition(":")[0]) for turn in turns}


def send_back(world: World, payment: Payment) -> Payment:
    return perform(
        payment,
        "send_back",
        by=world.staff["accounting_officer"],
        doubts=["debt_fixed", "complete"],
        reason="検査調書がありません。",
    )


@begins(two_handed)
def test_no_file_is_made_before_every_order_was_looked_at(world: World) -> None:
    batch, by = world.begun(two_handed), world.staff["accounting_officer"]
    one, other = batch.payments.order_by("line")
    checking.clear(batch, [one], by=by)
    with pytest.raises(NotReady, match="審査の済んでいない支出命令が1件"):
        perform(batch, "export", by=by)
    checking.clear(batch, [other], by=by)
    assert perform(batch, "export", by=by).state == "exported"
    for check in OrderCheck.objects.all():
        assert (check.is_passed, check.checked_by, check.batch) == (True, by, batch)
    said = Payload.objects.filter(event__action="payment.clear")
    assert [row.data()["given"] for row in said] == [
        {"lawful": True, "debt_fixed": True, "complete": True}
    ] * 2


@begins(two_handed)
def test_the_database_lets_no_unchecked_order_go_to_the_bank(world: World) -> None:
    batch = world.begun(two_handed)
    checking.clear(batch, [batch.payments.earliest("line")], by=world.staff["accounting_officer"])
    rows = PaymentBatch.objects.filter(pk=batch.pk)
    unchecked = partial(pytest.raises, DatabaseError)
    with unchecked(match="before_export: 1 of"), transaction.atomic():
        rows.update(state="exported", sha256="x")
    first, second = batch.payments.order_by("line")
    borrowed = first.clearance
    with transaction.atomic():  # nor with the check of another
        Payment.objects.filter(pk=first.pk).update(clearance=None)
        Payment.objects.filter(pk=second.pk).update(clearance=borrowed)
        with unchecked(match="before_export: 2 of"), transaction.atomic():
            rows.update(state="exported", sha256="x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        OrderCheck.objects.update(lawful=False)


@begins(two_handed)
def test_an_order_that_cannot_be_confirmed_goes_back_to_finance_and_the_rest_stays(
    world: World,
) -> None:
    batch = world.begun(two_handed)
    first, second = batch.payments.order_by("line")
    checking.clear(batch, [second], by=world.staff["accounting_officer"])
    back = send_back(world, first)
    assert (back.state, back.batch, back.line) == ("returned", None, None)
    second = Payment.objects.get(pk=second.pk)
    assert (second.line, second.batch, second.clearance is None) == (1, batch, False)
    assert waiting(back) == {("finance_officer", "会計の差戻しに応える", "payment")}
    check = back.checks.get()
    assert (check.doubts, check.reason) == (
        ["債務が確定していること", "必要な書類がそろっていること"],
        "検査調書がありません。",
    )
    assert told("支出命令が会計から差し戻されました") == {"accountant", "treasurer"}
    assert back.claim.payment == back
    with pytest.raises(NotReady, match="すでに支払い"):
        paying.order(back.claim, by=world.staff["treasurer"])
    mended = perform(back, "order_again", by=world.staff["treasurer"], reason="調書を添えた")
    assert waiting(mended) == {("finance_officer", "振込データに入れる", "payment")}
    again = payments.cleared(world, payments.handed_over(world, mended))
    assert perform(again, "export", by=world.staff["accounting_officer"]).state == "exported"
    assert [row.is_passed for row in mended.checks.all()] == [False, True]


def test_who_holds_both_roles_of_money_takes_no_act_of_accounting(world: World) -> None:
    """Roles that were given before that was refused; also over orders that somebody else made."""
    award, person = payments.fixed(world)
    payments.account(world, person)
    batch = payments.handed_over(world, payments.ordered(world, award, person))
    payment = batch.payments.get()
    administrator, both = world.staff["administrator"], world.staff["accounting_officer"]
    given = {"starts_on": clock.today(), "granted_by": administrator}
    second = StaffRole.objects.create(person=both, role="finance_officer", **given)
    both = User.objects.get(pk=both.pk)
    with pytest.raises(NotReady, match="どちらかの役割を終えて"):
        checking.clear(batch, [payment], by=both)
    with pytest.raises(Forbidden, match="どちらかの役割を終えて"):
        perform(payment, "send_back", by=both, doubts=[], reason="x")
    with pytest.raises(Forbidden, match="どちらかの役割を終えて"):
        perform(batch, "export", by=both)
    end_role(second, by=administrator, reason="異動")
    checking.clear(batch, [payment], by=User.objects.get(pk=both.pk))


@begins(one_handed)
def test_a_batch_whose_only_order_was_sent_back_is_over(world: World) -> None:
    batch = world.begun(one_handed)
    back = send_back(world, batch.payments.get())
    assert PaymentBatch.objects.get(pk=batch.pk).state == "voided"
    perform(back, "cancel", by=world.staff["accountant"], reason="請求が誤り")
    claim = Claim.objects.get(pk=back.claim_id)
    assert perform(claim, "send_back", by=world.staff["accountant"], reason="x").state == "returned"


@begins(one_handed)
def test_whoever_checked_the_claim_or_ordered_it_neither_checks_the_order_nor_makes_the_file(
    world: World,
) -> None:
    """Not even with the role of accounting."""
    batch = world.begun(one_handed)
    order = batch.payments.get()
    for name, done in (("accountant", "請求の確認"), ("treasurer", "支出命令")):
        person = world.staff[name]
        never_granted(person.staff_roles.filter(role="finance_officer"))  # that was before
        StaffRole.objects.create(
            person=person,
            role="accounting_officer",
            starts_on=clock.today(),
            granted_by=world.staff["administrator"],
        )
        person = User.objects.get(pk=person.pk)
        with pytest.raises(NotReady, match=f"{done}をしたあなたは、同じ案件の支出命令の審査は"):
            checking.clear(batch, [order], by=person)
        with pytest.raises(Forbidden, match=f"{done}をしたあなたは"):
            perform(order, "send_back", by=person, doubts=["lawful"], reason="x")
    payments.cleared(world, batch)
    for name, done in (("accountant", "請求の確認"), ("treasurer", "支出命令")):
        person = User.objects.get(pk=world.staff[name].pk)
        with pytest.raises(Forbidden, match=f"{done}をしたあなたは.*ファイルの作成"):
            perform(batch, "export", by=person)
    assert Duty.objects.filter(duty="check_order").values_list("person", flat=True).get() == (
        world.staff["accounting_officer"].pk
    )


@begins(one_handed)
def test_whose_turn_it_is_from_the_order_to_the_bank(world: World, client: Client) -> None:
    batch, by = world.begun(one_handed), world.staff["accounting_officer"]
    order = batch.payments.get()
    assert told("支出命令の審査をお願いします") == {"accounting_officer"}
    assert waiting(order) == {("accounting_officer", "支出命令を審査する", "paymentbatch")}
    client.force_login(by)
    assert batch.get_absolute_url() in client.get("/inbox/").content.decode()
    checking.clear(batch, [order], by=by)
    assert waiting(order) == {("accounting_officer", "銀行へ送るファイルを作る", "paymentbatch")}
    batch = perform(batch, "export", by=by)
    assert waiting(order) == {("accounting_officer", "銀行の結果を取り込む", "paymentbatch")}
    perform(batch, "ask_void", by=by, **payments.REFUSED_WHOLE)
    assert waiting(order) == {("finance_officer", "振込データの取消しを確かめる", "paymentbatch")}


@begins(two_handed)
def test_a_batch_is_one_row_of_the_inbox_with_its_sum(world: World, client: Client) -> None:
    batch = world.begun(two_handed)
    client.force_login(world.staff["accounting_officer"])
    page = one_line(client.get("/inbox/"))
    assert len(re.findall("支出命令を審査する", page)) == 1
    assert "560,000" in page
    assert batch.get_absolute_url() in page
    client.force_login(world.officer)  # who keeps the cases, and opens no batch
    page = one_line(client.get("/inbox/?tab=others"))
    assert "支出命令を審査する" in page
    assert batch.get_absolute_url() not in page


@begins(two_handed)
def test_the_page_asks_for_all_three_confirmations(world: World, client: Client) -> None:
    batch = world.begun(two_handed)
    one, other = batch.payments.order_by("line")
    client.force_login(world.staff["accounting_officer"])
    path = f"/payments/batches/{batch.pk}/check/"
    assert path in client.get(batch.get_absolute_url()).content.decode()
    assert b"checked" not in client.get(path).content
    counted = client.post(path, {"do": "all"})
    assert (counted.status_code, "2件　560,000円" in counted.content.decode()) == (200, True)
    for missing in YES:
        sent = {name: said for name, said in YES.items() if name != missing}
        assert client.post(path, sent | {"orders": [one.pk]}).status_code == 422
    assert client.post(path, YES).status_code == 422
    assert not OrderCheck.objects.exists()
    assert client.post(path, YES | {"orders": [one.pk]}).url == path  # type: ignore[attr-defined]
    assert f'value="{one.pk}"' not in client.get(path).content.decode()
    client.post(path, YES | {"orders": [other.pk]})
    done = client.get(path)
    assert done.url == batch.get_absolute_url()  # type: ignore[attr-defined]
    assert "に審査済み（西 美咲）" in client.get(done.url).content.decode()  # type: ignore[attr-defined]
    client.force_login(world.staff["treasurer"])
    assert client.get(path).status_code == 403


@begins(two_handed)
def test_an_order_is_sent_back_from_its_page_and_finance_reads_why(
    world: World, client: Client
) -> None:
    batch = world.begun(two_handed)
    order = batch.payments.earliest("line")
    client.force_login(world.staff["accounting_officer"])
    path = f"/do/payment/{order.pk}/send_back/"
    assert path in client.get(f"/payments/batches/{batch.pk}/check/").content.decode()
    typed = {"seen": order.version, "key": "k", "reason": "検査調書がありません。"}
    assert client.post(path, typed).status_code == 422
    assert client.post(path, typed | {"doubts": ["complete"]}).status_code == 302
    page = order.case.get_absolute_url()
    for name, sees in (("accountant", True), ("officer", True)):
        client.force_login(world.staff[name])
        text = client.get(page).content.decode()
        assert ("検査調書がありません。" in text) is sees
    assert "直して、支出命令を出し直す" in _read_by(world.staff["treasurer"], page)
    firm = order.case.organisation.memberships.get().user
    text = _read_by(firm, page)
    assert ("検査調書" in text, "支払いの手続き" in text) == (False, True)


def _read_by(person: User, page: str) -> str:
    client = Client()
    client.force_login(person)
    return client.get(page).content.decode()


def test_checking_many_asks_no_more_queries_than_checking_few(world: World) -> None:
    by, counts = world.staff["accounting_officer"], []
    client = Client()
    client.force_login(by)
    for several in (2, 3):
        batch = handed(world, several)
        path = f"/payments/batches/{batch.pk}/check/"
        client.get(path)
        with CaptureQueriesContext(connection) as looking:
            client.get(path)
        orders = list(batch.payments.all())
        with CaptureQueriesContext(connection) as writing:
            checking.clear(batch, orders, by=by)
        counts.append((len(looking), len(writing)))
    assert counts[0] == counts[1]


@begins(one_handed)
def test_an_order_to_a_firm_that_closed_meanwhile_is_not_passed(world: World) -> None:
    batch = world.begun(one_handed)
    firm = batch.payments.get().case.organisation
    firm.corporate_number = "4990000000046"
    firm.save()
    day = clock.today()
    given = {"name": "x", "name_key": "x", "kind": "301", "sequence": 1}
    Corporation.objects.create(number=firm.corporate_number, closed_on=day, changed_on=day, **given)
    with pytest.raises(NotReady, match="閉鎖"):
        payments.cleared(world, batch)


@begins(one_handed)
def test_a_changed_account_is_found_at_the_check(world: World) -> None:
    batch = world.begun(one_handed)
    order = batch.payments.get()
    firm = order.case.organisation
    payments.account(world, firm.memberships.get().user, number="7654321")
    with pytest.raises(NotReady, match="口座が変わりました"):
        payments.cleared(world, batch)
    back = send_back(world, order)
    assert waiting(back) == {("finance_officer", "新しい口座で支出命令を出し直す", "payment")}
    anew = paying.order(Claim.objects.get(pk=back.claim_id), by=world.staff["treasurer"])
    assert (anew.state, Payment.objects.get(pk=back.pk).state) == ("ordered", "cancelled")


@begins(one_handed)
def test_a_payment_that_left_its_batch_is_looked_at_anew(world: World) -> None:
    batch = payments.cleared(world, world.begun(one_handed))
    perform(batch, "void", by=world.staff["treasurer"], reason="振込日を変えるため")
    order = Payment.objects.get()
    assert (order.batch, order.clearance) == (None, None)
    again = payments.handed_over(world, order)
    with pytest.raises(NotReady, match="審査の済んでいない"):
        perform(again, "export", by=world.staff["accounting_officer"])
