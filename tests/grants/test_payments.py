"""Money out: the bank file to the byte, accounts, claims, orders, batches, results, bounces; nobody is paid twice."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from grants.awards.lowering import lower
from grants.awards.models import Award
from grants.budget import changes
from grants.budget.carrying import carry_over
from grants.budget.models import BudgetLine, decommit
from grants.payments import cautions, checking, execution, jobs, obstacles, paying, results, zengin
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment, PaymentBatch, ResultImport
from grants.programmes.models import Call
from grants.recovery import collecting
from portal import clock, fiscal
from portal.accounts import demo
from portal.accounts.models import Membership, StaffRole, User
from portal.audit.models import Event, Payload
from portal.cases import turns
from portal.cases.models import Reading
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.notices.models import Notice
from portal.registry.models import Branch, Corporation
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady, WrongState
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded, inspected, reported
from tests.markup import mark_on
from tools.demonstration import simulation

HOME = zengin.Sender(
    "9900000001", "ｻﾂﾎﾟﾛｼ", zengin.Place("0501", "ﾎｸﾖｳ", "001", "ﾎﾝﾃﾝ", "1", "0000001")
)
THERE = zengin.Place("0116", "ﾎﾂｶｲﾄﾞｳ", "101", "ﾎﾝﾃﾝ", "1", "123456")


# -- the file ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("カブシキガイシャ　アオバ", "ｶ)ｱｵﾊﾞ"),
        ("アオバ カブシキガイシャ", "ｱｵﾊﾞ(ｶ"),
        ("アオバカブシキガイシャエイギョウブ", "ｱｵﾊﾞ(ｶ)ｴｲｷﾞﾖｳﾌﾞ"),
        ("ユウゲンガイシャ シノノメ", "ﾕ)ｼﾉﾉﾒ"),
        ("ゴウドウガイシャ モイワ", "ﾄﾞ)ﾓｲﾜ"),
        ("ヨーコ", "ﾖ-ｺ"),
        ("キャノン", "ｷﾔﾉﾝ"),
        ("アイ・ティー", "ｱｲ.ﾃｲ-"),
        ("みかみ けんいち", "ﾐｶﾐ ｹﾝｲﾁ"),
        ("abc ﾃﾝ", "ABC ﾃﾝ"),
        ("ヴァイオリン", "ｳﾞｱｲｵﾘﾝ"),
    ],
)
def test_names_are_written_in_the_banks_letters(typed: str, sent: str) -> None:
    assert zengin.holder(typed) == sent


@pytest.mark.parametrize(
    ("typed", "signs"),
    [
        ("株式会社アオバ", "株式会社"),
        ("ヲトメ", "ｦ"),
        ("ア゛", "゛"),
        ("ｱﾞ", "ｱﾞ"),
        ("アオバ＆", "&"),
    ],
)
def test_what_the_bank_refuses_is_named(typed: str, signs: str) -> None:
    with pytest.raises(zengin.Unfit) as refused:
        zengin.holder(typed)
    assert refused.value.signs == signs


def test_a_name_is_never_cut_between_a_letter_and_its_mark() -> None:
    assert zengin.fitted("ｱｲｳｶﾞ", 4) == "ｱｲｳ "
    assert len(zengin.fitted("ｱ" * 40, 30)) == 30


def test_the_file_is_valid_to_the_byte() -> None:
    data = zengin.write(
        HOME,
        date(2027, 3, 10),
        [zengin.Transfer(THERE, "ｶ)ｱｵﾊﾞ", 280_000, "42"), zengin.Transfer(THERE, "ﾐｶﾐ", 1, "43")],
    )
    rows = data.split(b"\r\n")
    assert [len(row) for row in rows] == [120, 120, 120, 120, 120, 0]
    assert rows[0] == (
        "1210"
        + "9900000001"
        + "ｻﾂﾎﾟﾛｼ".ljust(40)
        + "0310"
        + "0501"
        + "ﾎｸﾖｳ".ljust(15)
        + "001"
        + "ﾎﾝﾃﾝ".ljust(15)
        + "1"
        + "0000001"
        + " " * 17
    ).encode("cp932")
    assert rows[1] == (
        "2"
        + "0116"
        + "ﾎﾂｶｲﾄﾞｳ".ljust(15)
        + "101"
        + "ﾎﾝﾃﾝ".ljust(15)
        + "0000"
        + "1"
        + "0123456"
        + "ｶ)ｱｵﾊﾞ".ljust(30)
        + "0000280000"
        + "0"
        + "0" * 18
        + "42"
        + "0"
        + " " * 8
    ).encode("cp932")
    assert rows[3] == b"8" + b"000002" + b"000000280001" + b" " * 101
    assert rows[4] == b"9" + b" " * 119
    assert [(line.amount, line.reference) for line in zengin.read(data)] == [
        (280_000, "42"),
        (1, "43"),
    ]


@pytest.mark.parametrize(
    ("change", "tier", "what"),
    [
        ({"amount": 0}, "syntax", "amount"),
        ({"amount": 10**10}, "syntax", "amount"),
        ({"holder": "アオバ"}, "syntax", "holder"),
        ({"holder": " "}, "syntax", "holder"),
        ({"place": zengin.Place("116", "x", "101", "x", "1", "1")}, "syntax", "bank"),
        ({"place": zengin.Place("0116", "x", "101", "x", "3", "1")}, "syntax", "account"),
        ({"place": zengin.Place("0116", "x", "101", "x", "1", "12345678")}, "syntax", "account"),
    ],
)
def test_what_a_bank_would_refuse_is_found_before(change: Given, tier: str, what: str) -> None:
    row: Given = {"place": THERE, "holder": "ｱｵﾊﾞ", "amount": 1, "reference": ""} | change
    found = zengin.faults([zengin.Transfer(**row)])
    assert [(f.tier, f.what) for f in found] == [(tier, what)]
    with pytest.raises(ValueError, match="row 1"):
        zengin.write(HOME, date(2027, 3, 10), [zengin.Transfer(**row)])


def test_the_same_amount_to_the_same_account_twice_is_pointed_at() -> None:
    rows = [
        zengin.Transfer(THERE, "ｱ", 5),
        zengin.Transfer(THERE, "ｱ", 6),
        zengin.Transfer(THERE, "ｱ", 5),
    ]
    assert zengin.twins(rows) == [[0, 2]]
    assert zengin.faults(rows) == []  # a bank takes them


@pytest.mark.parametrize(
    "broken",
    [
        lambda d: d[:-130],
        lambda d: d[:100] + d[110:],
        lambda d: d.replace(b"0000280000", b"0000280001", 1),
    ],
)
def test_a_broken_file_is_refused(broken: Callable[[bytes], bytes]) -> None:
    data = zengin.write(HOME, date(2027, 3, 10), [zengin.Transfer(THERE, "ｱ", 280_000)])
    with pytest.raises(ValueError, match=r"record|trailer"):
        zengin.read(broken(data))


@given(
    st.lists(
        st.tuples(
            st.text(sorted(zengin.NAME_SIGNS - frozenset("ﾞﾟ ")), min_size=1, max_size=40),
            st.integers(1, zengin.MAX_AMOUNT),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_whatever_is_written_reads_back_with_its_sum(rows: list[tuple[str, int]]) -> None:
    transfers = [
        zengin.Transfer(THERE, name, amount, str(n)) for n, (name, amount) in enumerate(rows, 1)
    ]
    lines = zengin.read(zengin.write(HOME, date(2027, 3, 10), transfers))
    assert [line.amount for line in lines] == [amount for _name, amount in rows]


# -- the case ------------------------------------------------------------------------------------------------------------
def confirmed(world: World, declared: BankAccount, by: str = "accountant") -> BankAccount:
    """Whatever is open about it is answered: it was looked at."""
    why: Given = {caution.field: "原本を見た" for caution in cautions.of_account(declared)}
    return perform(declared, "confirm", by=world.staff[by], **why)


def account(world: World, person: User, by: str = "accountant", **change: str) -> BankAccount:
    firm = person.memberships.get().organisation
    given = {
        "bank_code": "0116",
        "branch_code": "101",
        "kind": "1",
        "number": "1234567",
        "holder": firm.name,
        "holder_kana": "カブシキガイシャ アオバ",
    }
    made = begin(BankAccount, by=person, organisation=firm, **(given | change))
    return confirmed(world, made, by)


def fixed(world: World, *amounts: int) -> tuple[Award, User]:
    award, person = awarded(world, *amounts)
    report = inspected(world, reported(world, award, person))
    world.decided("fix", [report])
    return Award.objects.get(pk=award.pk), person


def ordered(world: World, award: Award, person: User) -> Payment:
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    claim = perform(claim, "examine", by=world.staff["accountant"])
    return paying.order(claim, by=world.staff["treasurer"])


def handed_over(world: World, *payments: Payment) -> PaymentBatch:
    """A batch that finance has closed."""
    batch = paying.make_batch(
        world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=list(payments)
    )
    return perform(batch, "lock", by=world.staff["treasurer"])


def cleared(world: World, batch: PaymentBatch) -> PaymentBatch:
    """All its orders looked at by accounting."""
    checking.clear(batch, list(batch.payments.all()), by=world.staff["accounting_officer"])
    return PaymentBatch.objects.get(pk=batch.pk)


def batched(world: World, *payments: Payment) -> PaymentBatch:
    batch = cleared(world, handed_over(world, *payments))
    return perform(batch, "export", by=world.staff["accounting_officer"])


def answer(sent: PaymentBatch, code: str = "0", reason: str = "", **change: object) -> str:
    """The bank's CSV about every row of the batch."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            "データ番号",
            "行",
            "金融機関コード",
            "支店コード",
            "口座番号",
            "金額",
            "結果コード",
            "理由",
        ]
    )
    for p in sent.payments.order_by("line"):
        row = {
            "batch": sent.number,
            "line": p.line,
            "bank": p.account.bank_code,
            "branch": p.account.branch_code,
            "account": p.account.number,
            "amount": p.amount,
        }
        writer.writerow([*(row | change).values(), code, reason])
    return out.getvalue()


def taken_in(world: World, batch: PaymentBatch, text: str) -> list[str]:
    rows, _faults = results.read(text)
    running = ResultImport.objects.create(
        batch=batch,
        name="r.csv",
        text=text,
        total=len(rows),
        started_by=world.staff["accounting_officer"],
    )
    with clock.at(max(clock.now(), simulation.at(batch.pay_on, 15))):
        jobs.import_result(running.pk)
    return [outcome for _place, outcome, _text in ResultImport.objects.get(pk=running.pk).report]


@begins(fixed)
def test_a_fixed_amount_is_claimed_ordered_sent_and_paid_and_the_award_closes(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    payment = ordered(world, award, person)
    batch = batched(world, payment)
    assert [line.amount for line in zengin.read(bytes(batch.content))] == [280_000]  # type: ignore[arg-type]
    assert taken_in(world, batch, answer(batch)) == ["paid"]
    award, line = (
        Award.objects.get(pk=award.pk),
        BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen"),
    )
    assert (award.state, line.committed, line.disbursed) == ("closed", 280_000, 280_000)
    told = dict(Notice.objects.get(case=award.case, kind="payment").facts["items"])
    assert told["支払った額"] == "金　280,000円"
    assert perform(batch, "reconcile", by=world.staff["accounting_officer"]).state == "reconciled"
    assert [turn.side for turn in award.case.turns.all()] == [
        "applicant"
    ]  # the first report on use or effect


@begins(fixed)
def test_an_award_of_a_call_without_a_line_closes_too(world: World) -> None:
    world.calls["telework"] = world.call("telework", round_no=2, budgets=[])
    award, person = world.begun(fixed)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    assert taken_in(world, batch, answer(batch)) == ["paid"]
    assert Award.objects.get(pk=award.pk).state == "closed"


@begins(fixed)
def test_results_taken_in_twice_pay_nobody_twice(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    text = answer(batch)
    assert [taken_in(world, batch, text), taken_in(world, batch, text)] == [["paid"], ["already"]]
    assert (
        BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen").disbursed
        == 280_000
    )


@begins(fixed)
def test_a_bounced_transfer_is_reissued_to_a_new_account_as_a_new_payment(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    first = ordered(world, award, person)
    batch = batched(world, first)
    assert taken_in(world, batch, answer(batch, "8", "口座名義相違")) == ["bounced"]
    assert [turn.what for turn in award.case.turns.order_by("what")] == [
        "振込不能を確かめる",
        "振込先の口座を直す",
    ]
    looked_at(world, first)
    assert award.case.turns.get().what == "振込先の口座を直す"
    claim = first.claim
    client = Client()  # confirmed in name only
    client.force_login(person)
    for where in (
        f"/organisations/{award.case.organisation_id}/account/",
        award.case.get_absolute_url(),
    ):
        assert "振込ができませんでした" in client.get(where).content.decode(), where
    with pytest.raises(NotReady, match="振込不能になった口座のまま"):
        paying.order(claim, by=world.staff["treasurer"])
    account(world, person, number="7654321")
    second = paying.order(claim, by=world.staff["treasurer"])
    assert (second.reissue_of_id, second.account.number) == (first.pk, "7654321")
    again = batched(world, second)
    assert taken_in(world, again, answer(again)) == ["paid"]
    assert [p.state for p in Payment.objects.order_by("pk")] == ["bounced", "paid"]
    assert Award.objects.get(pk=award.pk).state == "closed"


@begins(fixed)
def test_nobody_alone_says_that_a_transfer_did_not_arrive(world: World) -> None:
    """Not by a file nor by hand: the claim is ordered anew once finance has seen the bank's word."""
    award, person = world.begun(fixed)
    account(world, person)
    first = ordered(world, award, person)
    batch = batched(world, first)
    assert taken_in(world, batch, answer(batch, "8", "口座名義相違")) == ["bounced"]
    account(world, person, number="7654321")
    treasurer, both = world.staff["treasurer"], world.staff["accounting_officer"]
    with pytest.raises(NotReady, match="振込不能を確認してから"):
        paying.order(first.claim, by=treasurer)
    assert award.case.turns.get().what == "振込不能を確かめる"
    first = Payment.objects.get(pk=first.pk)
    given: Given = {"reason": "書面を見た"}
    with pytest.raises(Forbidden, match="経理担当"):
        perform(first, "confirm_bounce", by=both, **given)
    StaffRole.objects.create(
        person=both, role="finance_officer", starts_on=clock.today(), granted_by=treasurer
    )
    both.forget_roles()
    with pytest.raises(Forbidden, match="振込不能の記録"):
        perform(first, "confirm_bounce", by=both, **given)
    first = looked_at(world, first)
    assert (award.case.turns.get().what, turns.differing()) == ("もう一度支出命令を出す", [])
    with pytest.raises(NotReady, match="確認しています"):
        looked_at(world, first)
    assert paying.order(first.claim, by=treasurer).reissue_of_id == first.pk


@begins(fixed)
def test_a_batch_is_exported_once_and_always_the_same_bytes(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    with pytest.raises(WrongState):
        perform(batch, "export", by=world.staff["accounting_officer"])
    Branch.objects.filter(bank_id="0116", code="101").update(kana="カワツタ")
    assert PaymentBatch.objects.get(pk=batch.pk).sha256 == batch.sha256


@begins(fixed)
def test_a_batch_the_bank_refused_whole_is_voided_and_its_payments_wait(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    payment = ordered(world, award, person)
    batch = batched(world, payment)
    desk = Client()
    desk.force_login(world.staff["accounting_officer"])
    file = f"/payments/batches/{batch.pk}/file"
    assert desk.get(file).status_code == 200
    batch = perform(batch, "ask_void", by=world.staff["accounting_officer"], **REFUSED_WHOLE)
    assert desk.get(file).status_code == 404  # from now on it is not taken to the bank
    perform(batch, "confirm_void", by=world.staff["treasurer"], reason="銀行の回答を見た")
    assert desk.get(file).status_code == 404
    assert file not in desk.get(batch.get_absolute_url()).content.decode()
    assert list(paying.ready(world.staff["treasurer"])) == [payment]
    assert taken_in(world, batch, answer(batch)) == []
    again = batched(world, Payment.objects.get(pk=payment.pk))
    with pytest.raises(NotReady, match="ほかの振込データ"):
        paying.make_batch(
            world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment]
        )
    assert taken_in(world, again, answer(again)) == ["paid"]
    with pytest.raises(NotReady, match="すでに結果の出た"):
        perform(again, "ask_void", by=world.staff["accounting_officer"], **REFUSED_WHOLE)


REFUSED_WHOLE: Given = {
    "reason": "銀行が受け付けなかった",
    "document": ("回答.pdf", b"%PDF-1.7"),
}


def test_a_sent_batch_is_voided_by_two_people_with_the_banks_word(world: World) -> None:
    """Until the second has confirmed, none of its payments goes into another batch."""
    award, person = fixed(world)
    account(world, person)
    payment = ordered(world, award, person)
    batch = batched(world, payment)
    first, second = world.staff["accounting_officer"], world.staff["treasurer"]
    with pytest.raises(WrongState):
        perform(batch, "void", by=second, reason="x")
    batch = perform(batch, "ask_void", by=first, **REFUSED_WHOLE)
    event = Event.objects.filter(subject=batch.subject_key).latest("pk")
    assert (event.action, event.payload.data()["reason"]) == (
        "paymentbatch.ask_void",
        REFUSED_WHOLE["reason"],
    )
    with pytest.raises(NotReady, match="ほかの振込データ"):
        paying.make_batch(second, pay_on=paying.next_pay_day(), payments=[payment])
    with pytest.raises(NotReady):
        perform(Payment.objects.get(pk=payment.pk), "cancel", by=second, reason="x")
    with pytest.raises(Forbidden, match="経理担当"):
        perform(batch, "confirm_void", by=first, reason="x")
    assert [reminders.tell_of_waiting() for _ in range(2)] == [2, 0]
    told = Mail.objects.filter(subject__contains="取消しの確認を待つ")
    assert {mail.to for mail in told} == {second, world.staff["accountant"]}
    assert perform(batch, "deny_void", by=second, reason="x").state == "exported"
    assert taken_in(world, batch, answer(batch)) == ["paid"]


def test_the_page_asks_for_the_banks_word_as_a_file(world: World) -> None:
    award, person = fixed(world)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    clients = [Client(), Client()]
    for client, name in zip(clients, ("accounting_officer", "treasurer"), strict=True):
        client.force_login(world.staff[name])
    first, second = clients
    path = f"/do/paymentbatch/{batch.pk}/ask_void/"
    page = first.get(path).content.decode()
    assert 'enctype="multipart/form-data"' in page
    typed = {"seen": batch.version, "key": "k", "reason": "銀行が受け付けなかった"}
    assert first.post(path, typed).status_code == 422
    for name, data in (("回答.pdf", b"MZ..."), ("回答.pdf", b"%PDF-1.7 ...")):
        wrong = SimpleUploadedFile(name, data)
        assert first.post(path, typed | {"document": wrong}).status_code == 422
    word = SimpleUploadedFile("回答.exe", simulation.paper("x"))
    assert first.post(path, typed | {"document": word}).status_code == 302
    assert PaymentBatch.objects.get(pk=batch.pk).state == "void_asked"
    assert "取消しの確認待ち" in second.get(f"/payments/batches/{batch.pk}/").content.decode()
    kept = second.get(f"/payments/batches/{batch.pk}/bank-word")
    assert b"".join(kept.streaming_content) == simulation.paper("x")  # type: ignore[attr-defined]
    assert "%E5%9B%9E%E7%AD%94.pdf" in kept["Content-Disposition"]
    assert kept["Content-Disposition"].startswith("attachment")
    assert kept["X-Content-Type-Options"] == "nosniff"


def test_the_desk_and_a_batch_ask_as_many_queries_for_three_payments_as_for_two(
    world: World, client: Client
) -> None:
    client.force_login(world.staff["treasurer"])

    def asked(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    counts: dict[str, list[int]] = {"desk": [], "batch": []}
    for several in (1, 2, 3):  # of one payment alone interests are asked otherwise
        payments = []
        for _ in range(several):
            award, person = fixed(world, 300_000)
            account(world, person, number=f"{7_000_000 + award.pk}")
            payments.append(ordered(world, award, person))
        counts["desk"].append(asked("/payments/"))
        counts["batch"].append(asked(batched(world, *payments).get_absolute_url()))
    assert counts["desk"][1] == counts["desk"][2] <= 12
    assert counts["batch"][1] == counts["batch"][2]


@begins(fixed)
def test_nobody_checks_orders_and_exports_alone(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    claim = perform(
        begin(Claim, by=person, award=award, kind="settlement", amount=award.payable),
        "examine",
        by=world.staff["accountant"],
    )
    with pytest.raises(Forbidden, match="請求の確認"):
        paying.order(claim, by=world.staff["accountant"])
    payment = paying.order(claim, by=world.staff["treasurer"])
    batch = perform(
        paying.make_batch(
            world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment]
        ),
        "lock",
        by=world.staff["treasurer"],
    )
    for finance in ("accountant", "treasurer"):
        by = world.staff[finance]
        with pytest.raises(NotReady, match="会計管理者の職務"):
            checking.clear(batch, [payment], by=by)
        with pytest.raises(Forbidden, match="会計管理者の職務"):
            perform(batch, "export", by=by)


@begins(fixed)
def test_everybody_of_the_firm_hears_of_an_account_that_is_declared(world: World) -> None:
    """Whoever did so by a stolen mailbox is noticed by the others; the mail says no number."""
    award, person = world.begun(fixed)
    firm = award.case.organisation
    colleague = User.objects.create(email="colleague@firms.example", name="同僚")
    Membership.objects.create(user=colleague, organisation=firm, role="member")
    account(world, person)
    told = Mail.objects.filter(subject__contains="振込先の口座が届け出られました")
    assert {mail.to for mail in told} == {person, colleague}
    assert not any("567" in f"{mail.subject}{mail.body}" for mail in told)


@begins(fixed)
def test_an_account_counts_only_after_a_second_person_who_sees_it_whole_confirmed_it(
    world: World, client: Client
) -> None:
    award, person = world.begun(fixed)
    firm = award.case.organisation
    given = {
        "bank_code": "0116",
        "branch_code": "101",
        "kind": "1",
        "number": "1234567",
        "holder": firm.name,
        "holder_kana": "アオバ",
    }
    with pytest.raises(NotReady, match="口座を届け出て"):
        begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    declared = begin(BankAccount, by=person, organisation=firm, **given)
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    with pytest.raises(NotReady, match="口座の確認が先"):
        perform(claim, "examine", by=world.staff["accountant"])
    with pytest.raises(Forbidden):
        perform(declared, "confirm", by=person)
    for reader, sees in (
        (world.staff["accountant"], True),
        (world.officer, False),
        (person, False),
    ):
        client.force_login(reader)
        assert ("1234567" in client.get(f"/cases/{award.case.number}/").content.decode()) is sees
    assert [row.person for row in Reading.objects.filter(what="account")] == [
        world.staff["accountant"]
    ]
    url = f"/do/bankaccount/{declared.pk}/confirm/"
    client.force_login(world.staff["accountant"])
    assert "北海道銀行（0116） 本店営業部（101） 普通 1234567" in client.get(url).content.decode()
    assert Reading.objects.filter(what="account").count() == 2
    confirmed(world, declared)
    assert "1234567" not in client.get(url).content.decode()
    assert perform(claim, "examine", by=world.staff["accountant"]).state == "checked"
    assert not Payload.objects.filter(
        content__contains="1234567"
    ).exists()  # the record says that, not which
    assert str(declared) == "北海道銀行 本店営業部 ****567"


@begins(fixed)
def test_a_closed_firm_is_not_paid_before_a_person_looked(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    firm = award.case.organisation
    firm.corporate_number = "4990000000046"
    firm.save()
    Corporation.objects.create(
        number="4990000000046",
        name="x",
        name_key="x",
        kind="301",
        closed_on=date(2026, 12, 1),
        changed_on=date(2026, 12, 1),
        sequence=1,
    )
    with pytest.raises(NotReady, match="閉鎖"):
        perform(claim, "examine", by=world.staff["accountant"])


@begins(fixed)
def test_a_held_payment_is_in_no_batch_until_released(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    payment = perform(
        ordered(world, award, person), "hold", by=world.staff["accountant"], reason="差押えの通知"
    )
    assert list(paying.ready(world.staff["treasurer"])) == []
    with pytest.raises(NotReady):
        paying.make_batch(
            world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment]
        )
    perform(payment, "release", by=world.staff["accountant"], reason="差押えの解除")
    assert list(paying.ready(world.staff["treasurer"])) == [payment]


@begins(awarded)
def test_nothing_is_claimed_before_fixing_twice_or_beyond(world: World) -> None:
    award, person = world.begun(awarded)
    account(world, person)
    with pytest.raises(NotReady, match="確定してから"):
        begin(Claim, by=person, award=award, kind="settlement", amount=1)
    with pytest.raises(NotReady, match="概算払の請求はできません"):
        begin(Claim, by=person, award=award, kind="advance", amount=1)
    world.decided("fix", [inspected(world, reported(world, award, person))])
    award = Award.objects.get(pk=award.pk)
    with pytest.raises(NotReady, match="280,000円まで"):
        begin(Claim, by=person, award=award, kind="settlement", amount=280_001)
    begin(Claim, by=person, award=award, kind="settlement", amount=280_000)
    with pytest.raises(NotReady, match="すでに出ています"):
        begin(Claim, by=person, award=award, kind="settlement", amount=1)


@begins(fixed)
def test_the_database_itself_refuses_a_payment_beyond_the_fixed_amount(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    payment = ordered(world, award, person)
    with pytest.raises(DatabaseError, match="payments_within_award"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(amount=280_001)
    with pytest.raises(DatabaseError, match="payments_one_live"), transaction.atomic():
        Payment.objects.bulk_create(
            [
                Payment(
                    case=payment.case,
                    award=award,
                    claim=payment.claim,
                    account=payment.account,
                    amount=1,
                    state="ordered",
                )
            ]
        )


@begins(fixed)
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"batch": "FB2020-0001"}, "別の振込データ"),
        ({"line": 99}, "99行目はありません"),
        ({"amount": 1}, "口座か金額が"),
        ({"account": "0000000"}, "口座か金額が"),
    ],
)
def test_a_result_that_does_not_fit_changes_nothing(
    world: World, change: Given, words: str
) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    assert taken_in(world, batch, answer(batch, **change)) == ["wrong"]
    assert words in ResultImport.objects.get().report[0][2]
    assert Payment.objects.get().state == "ordered"


@begins(fixed)
def test_a_result_file_cut_off_is_refused_whole(world: World, client: Client) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    client.force_login(world.staff["accounting_officer"])
    cut_off = answer(batch).encode()[:-25]
    with clock.at(simulation.at(batch.pay_on, 15)):
        page = client.post(f"/payments/batches/{batch.pk}/", {"file": io.BytesIO(cut_off)})
        assert page.status_code == 422
        assert "途中で切れていないか" in page.content.decode()
        assert not ResultImport.objects.exists()
        other = io.BytesIO("日付,金額\n1,2\n".encode("cp932"))
        wrong = client.post(f"/payments/batches/{batch.pk}/", {"file": other})
        assert "列が足りません" in wrong.content.decode()


@begins(fixed)
def test_the_pages_from_the_account_to_the_bank(world: World, client: Client) -> None:
    award, person = world.begun(fixed)
    firm, number = award.case.organisation, award.case.number
    person.set_password(demo.PASSWORD)
    person.save()
    client.force_login(person)
    url = f"/organisations/{firm.pk}/account/"
    given = {
        "bank_code": "０１１６",
        "branch_code": "１０１",
        "kind": "1",
        "number": "1234567",
        "holder": firm.name,
        "holder_kana": "カブシキガイシャ アオバ",
        "explanation": "登録のカナを直しているところです。",
    }
    asked = client.post(url, given)
    assert asked.url.startswith("/accounts/reauthenticate/")  # type: ignore[attr-defined]
    assert client.post(asked.url, {"password": demo.PASSWORD, "next": url}).status_code == 302  # type: ignore[attr-defined]
    assert "****567" in client.get(url).content.decode()
    assert "1234567" not in client.get(url).content.decode()
    bad = client.post(url, given | {"holder_kana": "株式会社"})
    assert "株式会社" in bad.content.decode()
    assert bad.status_code == 422
    assert client.post(url, given | {"branch_code": "999"}).status_code == 422
    assert client.post(f"/cases/{number}/claims/new/").status_code == 302
    confirmed(world, BankAccount.objects.get())
    claim = perform(Claim.objects.get(), "examine", by=world.staff["accountant"])
    client.force_login(world.staff["treasurer"])
    order = f"/claims/{claim.pk}/order/"
    assert client.post(order, {"seen": mark_on(client.get(order))}).status_code == 302
    assert "ｶ)ｱｵﾊﾞ" in client.get("/payments/").content.decode()
    day = paying.next_pay_day()
    parts = {"pay_on_y": day.year, "pay_on_m": day.month, "pay_on_d": day.day}
    stale = client.post("/payments/", {"pick": [Payment.objects.get().pk, 999_999], **parts})
    assert stale.status_code == 422  # nothing that was ticked is left out without a word
    made = client.post("/payments/", {"pick": Payment.objects.get().pk, **parts})
    assert made.status_code == 302
    assert (
        client.post("/payments/", {"pick": 1, **parts, "pay_on_d": 1, "pay_on_m": 1}).status_code
        == 422
    )
    batch = PaymentBatch.objects.get()
    batch = cleared(world, perform(batch, "lock", by=world.staff["treasurer"]))
    assert client.get(f"/payments/batches/{batch.pk}/file").status_code == 403
    client.force_login(world.staff["accounting_officer"])
    perform(batch, "export", by=world.staff["accounting_officer"])
    file = client.get(f"/payments/batches/{batch.pk}/file")
    assert len(file.content) == 4 * 122
    assert "から取り込めます" in client.get(made.url).content.decode()  # type: ignore[attr-defined]
    with clock.at(simulation.at(batch.pay_on, 15)):
        sent = client.post(made.url, {"file": io.BytesIO(answer(batch).encode("utf-8-sig"))})  # type: ignore[attr-defined]
        assert sent.status_code == 302
        assert "取り込んでいます" in client.get(sent.url).content.decode()  # type: ignore[attr-defined]
        jobs.import_result(ResultImport.objects.get().pk)
        assert "取り込みました" in client.get(sent.url).content.decode()  # type: ignore[attr-defined]
    client.force_login(world.officer)
    assert client.get("/payments/").status_code == 403
    client.force_login(world.outsider)
    assert [
        client.get(p).status_code for p in (url, "/payments/", f"/cases/{number}/claims/new/")
    ] == [404, 404, 404]


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 12, 1), date(2026, 12, 10)),
        (date(2026, 12, 4), date(2026, 12, 18)),
        (date(2026, 12, 18), date(2026, 12, 30)),  # the office is closed, the banks are not
        (date(2026, 12, 22), date(2027, 1, 8)),
    ],
)
@pytest.mark.usefixtures("world")
def test_the_pay_days_are_the_tenth_the_twentieth_and_the_last(today: date, expected: date) -> None:
    assert paying.next_pay_day(today) == expected


@begins(fixed)
def test_the_pay_day_is_tomorrow_or_later_and_a_business_day(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    payment = ordered(world, award, person)
    sunday = clock.today() + timedelta(days=6 - clock.today().weekday() + 7)
    with pytest.raises(NotReady, match="銀行が休み"):
        paying.make_batch(world.staff["treasurer"], pay_on=sunday, payments=[payment])


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (
            date(2026, 12, 6),
            "2026年12月6日（日）は、銀行が休みです。近い振込日は2026年12月4日（金）と2026年12月7日（月）です。",
        ),
        (
            date(2026, 11, 29),  # nothing is open between today and it
            "2026年11月29日（日）は、銀行が休みです。いちばん近い振込日は2026年11月30日（月）です。",
        ),
        (
            date(2026, 11, 28),
            "振込日は、明日からあとにしてください。いちばん早い日は2026年11月30日（月）です。",
        ),
    ],
)
@pytest.mark.usefixtures("world")
def test_a_day_without_transfers_says_which_rule_it_fails_and_the_near_ones(
    day: date, found: str
) -> None:
    with clock.at(simulation.at(date(2026, 11, 28), 10)):
        assert obstacles.pay_day_refusals(day) == [found]
        assert obstacles.pay_day_refusals(date(2026, 11, 30)) == []


@begins(fixed)
def test_where_nothing_is_ticked_the_desk_asks_for_it(world: World, client: Client) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    ordered(world, award, person)
    client.force_login(world.staff["treasurer"])
    day = paying.next_pay_day()
    parts = {"pay_on_y": day.year, "pay_on_m": day.month, "pay_on_d": day.day}
    said = client.post("/payments/", parts)
    assert said.status_code == 422
    assert "支払いを選んでください。" in said.content.decode()
    assert "ほかの振込データに入ったか" not in said.content.decode()


@begins(fixed)
def test_what_a_batch_sends_to_accounting_is_read_before(world: World, client: Client) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    batch = paying.make_batch(
        world.staff["treasurer"],
        pay_on=paying.next_pay_day(),
        payments=[ordered(world, award, person)],
    )
    url = f"/do/paymentbatch/{batch.pk}/lock/"
    client.force_login(world.staff["treasurer"])
    assert "行うと、担当の職員にお知らせのメールが届きます。" in client.get(url).content.decode()
    read = client.post(url, {"look": "1", "seen": batch.version, "key": "k" * 32}).content.decode()
    known = set(Mail.objects.values_list("pk", flat=True))
    perform(batch, "lock", by=world.staff["treasurer"])
    sent = Mail.objects.exclude(pk__in=known)
    assert {mail.to for mail in sent} == {world.staff["accounting_officer"]}
    assert [(mail.subject in read, mail.to.name in read) for mail in sent if mail.to] == [
        (True, True)
    ]


@begins(fixed)
def test_batches_that_wait_stand_before_the_finished_ones(world: World, client: Client) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    payment = ordered(world, award, person)
    made: list[PaymentBatch] = []
    for days, state in ((3, "voided"), (5, "voided"), (9, "open"), (7, "locked")):
        day = clock.today() + timedelta(days=days)
        batch = PaymentBatch(number=f"FB-{days}", pay_on=day, state=state)
        batch.save()
        made.append(batch)
    Payment.objects.filter(pk=payment.pk).update(batch=made[2], line=1)
    client.force_login(world.staff["treasurer"])
    page = client.get("/payments/").content.decode()
    places = [page.index(f"FB-{days}") for days in (7, 9, 5, 3)]
    assert places == sorted(places)
    assert "1件　280,000円" in page


# -- the account is asked again ------------------------------------------------------------------------------------------
@begins(fixed)
def test_nothing_is_sent_to_an_account_that_was_replaced(world: World, client: Client) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    payment = ordered(world, award, person)
    batch = paying.make_batch(
        world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment]
    )
    account(world, person, number="7654321")
    with pytest.raises(NotReady, match="振込先の口座が変わりました"):
        perform(batch, "lock", by=world.staff["treasurer"])
    perform(batch, "void", by=world.staff["treasurer"], reason="口座の変更")
    with pytest.raises(NotReady, match="振込先の口座が変わりました"):
        paying.make_batch(
            world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment]
        )
    assert award.case.turns.get().what == "新しい口座で支出命令を出し直す"
    client.force_login(world.staff["treasurer"])
    assert "振込先の口座が変わりました" in client.get("/payments/").content.decode()
    assert (
        "新しい口座で支出命令を出し直す"
        in client.get(f"/cases/{award.case.number}/").content.decode()
    )
    order = f"/claims/{payment.claim_id}/order/"
    assert client.post(order, {"seen": mark_on(client.get(order))}).status_code == 302
    rows = list(Payment.objects.order_by("pk"))
    assert [(p.state, p.account.number) for p in rows] == [
        ("cancelled", "1234567"),
        ("ordered", "7654321"),
    ]
    sent = batched(world, rows[1])
    assert [line.number for line in zengin.read(bytes(sent.content))] == ["7654321"]  # type: ignore[arg-type]


@begins(fixed)
def test_a_file_is_not_made_for_an_account_replaced_after_the_batch_was_closed(
    world: World,
) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    payment = ordered(world, award, person)
    batch = paying.make_batch(
        world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment]
    )
    batch = cleared(world, perform(batch, "lock", by=world.staff["treasurer"]))
    account(world, person, number="7654321")
    with pytest.raises(NotReady, match="先に振込データを取り消します"):
        perform(batch, "export", by=world.staff["accounting_officer"])
    assert PaymentBatch.objects.get(pk=batch.pk).content is None


# -- a transfer that comes back ------------------------------------------------------------------------------------------
def paid(world: World) -> tuple[Award, User, Payment]:
    award, person = fixed(world)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    assert taken_in(world, batch, answer(batch)) == ["paid"]
    return Award.objects.get(pk=award.pk), person, Payment.objects.get(award=award)


def came_back(world: World, payment: Payment, by: User | None = None) -> Payment:
    """The bank says three days later that the transfer came back."""
    day = (payment.paid_on or clock.today()) + timedelta(days=3)
    with clock.at(simulation.at(day, 10)):
        payment = said_back(world, payment, day, "口座解約のため返却")
        return perform(payment, "come_back", by=by or world.staff["treasurer"], reason="確かめた")


def looked_at(world: World, payment: Payment) -> Payment:
    """Finance has the bank's word before it: it did not arrive."""
    fresh = Payment.objects.get(pk=payment.pk)
    return perform(fresh, "confirm_bounce", by=world.staff["treasurer"], reason="書面を見た")


def said_back(world: World, payment: Payment, day: date, reason: str = "口座解約") -> Payment:
    """Accounting says so with the bank's paper; it is paid until finance confirms it."""
    given: Given = {"came_back_on": day, "reason": reason, "document": ("組戻.pdf", b"%PDF-1.7")}
    return perform(payment, "say_came_back", by=world.staff["accounting_officer"], **given)


ARRIVED: Given = {
    "reason": "結果のファイルを取り違えた",
    "document": ("振込の証明.pdf", b"%PDF-1.7"),
}


def doubted(world: World, payment: Payment) -> Payment:
    """Accounting says, with the bank's paper, that it had arrived."""
    return perform(payment, "doubt_bounce", by=world.staff["accounting_officer"], **ARRIVED)


@begins(fixed)
def test_no_result_is_taken_before_the_day_of_transfer(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    for code in ("0", "8"):
        rows, _faults = results.read(answer(batch, code, "" if code == "0" else "口座なし"))
        with clock.at(simulation.at(batch.pay_on - timedelta(days=1), 23)):
            [(outcome, text)] = results.apply(
                rows, batch=batch, by=world.staff["accounting_officer"]
            )
        assert (outcome, "より前の結果は取り込めません" in text) == ("wrong", True)
    assert (Payment.objects.get().state, Notice.objects.filter(kind="payment").count()) == (
        "ordered",
        0,
    )
    assert taken_in(world, batch, answer(batch)) == ["paid"]


@begins(paid)
def test_a_transfer_that_came_back_after_it_was_reported_paid_is_booked_and_paid_anew(
    world: World,
) -> None:
    award, person, first = world.begun(paid)
    line = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    assert (award.state, line.committed, line.disbursed) == ("closed", 280_000, 280_000)
    back = came_back(world, first)
    assert (back.state, back.bounce, back.paid_on) == (
        "bounced",
        "口座解約のため返却",
        first.paid_on,
    )
    line.refresh_from_db()
    assert (line.committed, line.disbursed) == (280_000, 0)
    assert Award.objects.get(pk=award.pk).state == "amount_fixed"
    assert {turn.what for turn in award.case.turns.all()} >= {"振込先の口座を直す"}
    event = Event.objects.get(action="payment.say_came_back")
    assert (event.actor, "口座解約のため返却" in Payload.objects.get(event=event).content) == (
        world.staff["accounting_officer"],
        True,
    )
    with pytest.raises(NotReady, match="振込不能になった口座のまま"):
        paying.order(back.claim, by=world.staff["treasurer"])
    account(world, person, number="7654321")
    batch = batched(world, paying.order(back.claim, by=world.staff["treasurer"]))
    assert taken_in(world, batch, answer(batch)) == ["paid"]
    line.refresh_from_db()
    assert (Award.objects.get(pk=award.pk).state, line.committed, line.disbursed) == (
        "closed",
        280_000,
        280_000,
    )
    assert sum(p.amount for p in Payment.objects.filter(state="paid")) == 280_000


@begins(paid)
def test_a_result_that_contradicts_a_paid_one_says_where_it_is_recorded(world: World) -> None:
    _award, _person, payment = world.begun(paid)
    assert payment.batch is not None
    assert taken_in(world, payment.batch, answer(payment.batch, "8", "口座なし")) == ["wrong"]
    assert "振込が戻ったことを記録する" in ResultImport.objects.latest("pk").report[0][2]


@begins(paid)
def test_a_transfer_comes_back_only_after_it_was_made_and_not_in_the_future(world: World) -> None:
    _award, _person, payment = world.begun(paid)
    day = payment.paid_on or clock.today()
    with clock.at(simulation.at(day, 16)):
        for wrong in (day - timedelta(days=1), day + timedelta(days=1)):
            with pytest.raises(NotReady, match="振込日から今日まで"):
                said_back(world, payment, wrong)


@begins(paid)
def test_what_comes_back_of_an_ended_award_is_free_again(world: World) -> None:
    award, _person, payment = world.begun(paid)
    line = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    Award.objects.filter(pk=award.pk).update(state="revoked")
    came_back(world, payment)
    line.refresh_from_db()
    assert (line.committed, line.disbursed, Award.objects.get(pk=award.pk).state) == (
        0,
        0,
        "revoked",
    )


@begins(paid)
def test_an_order_to_pay_back_is_cancelled_before_its_money_is_booked_as_never_arrived(
    world: World,
) -> None:
    award, _person, payment = world.begun(paid)
    lower(award, 100_000, by=world.director, reason="x")
    recovery = collecting.order(award, ground="partly", reason="x", by=world.director)
    assert recovery is not None
    with pytest.raises(NotReady, match="先に返還命令を取り消す"):
        came_back(world, payment)
    given: Given = {"ground": "error", "proof": "銀行の回答", "reason": "届いていなかった"}
    world.decided("cancel_order", [recovery], given)
    assert came_back(world, payment).state == "bounced"


@begins(paid)
def test_the_page_records_a_transfer_that_came_back(world: World, client: Client) -> None:
    award, _person, payment = world.begun(paid)
    client.force_login(world.staff["accounting_officer"])
    day = (payment.paid_on or clock.today()) + timedelta(days=1)
    with clock.at(simulation.at(day, 10)):
        assert (
            "振込が戻ったことを記録する"
            in client.get(f"/cases/{award.case.number}/").content.decode()
        )


# -- the year ------------------------------------------------------------------------------------------------------------
@begins(fixed)
def test_money_of_a_settled_year_is_paid_only_where_it_was_carried_over(
    world: World, client: Client
) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    payment = ordered(world, award, person)
    line = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    BudgetLine.objects.filter(pk=line.pk).update(fiscal_year=line.fiscal_year - 1)
    with pytest.raises(NotReady, match="繰り越した額だけ"):
        paying.make_batch(
            world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment]
        )
    with pytest.raises(NotReady, match="280,000円まで"):
        carry_over(line, 280_001, by=world.staff["accountant"], note="x", case=award.case)
    client.force_login(world.staff["accountant"])
    page = f"/staff/budget/{line.pk}/"
    sent = {"form_key": "one-form", "way": "carry_over", "number": award.case.number}
    whole = sent | {"carried": "280,000", "basis": "繰越明許費"}
    assert client.post(page, whole).status_code == 422  # the year is over
    last_day = fiscal.fiscal_year_end(line.fiscal_year - 1)
    with clock.at(simulation.at(last_day, 15)):
        for typed in (
            {"carried": "", "basis": "繰越明許費"},
            {"carried": "0", "basis": "繰越明許費"},
            {"amount": "0", "note": "補正予算"},
            {"carried": "300,000", "basis": "繰越明許費"},
        ):
            assert client.post(page, sent | typed).status_code == 422
        assert client.post(page, whole).status_code == 302
    changes.confirm(line.changes.get(), by=world.staff["treasurer"])
    line = BudgetLine.objects.get(pk=line.pk)
    assert (line.carried, line.may_carry) == (280_000, 0)
    assert (
        paying.make_batch(
            world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment]
        ).state
        == "open"
    )
    carried = "budget_carried_within_committed"
    with pytest.raises(DatabaseError, match=carried), transaction.atomic():
        BudgetLine.objects.filter(pk=line.pk).update(carried=280_001)
    decommit(award.application.call, award.frame, 80_000, by=world.officer, case=award.case)
    assert (
        BudgetLine.objects.get(pk=line.pk).carried == 200_000
    )  # what is no longer committed is not carried either


@begins(awarded)
def test_the_years_execution_adds_up_and_foresees_what_is_not_paid(
    world: World, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    running, _person = world.begun(awarded)
    award, person = fixed(world)
    line = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    year = line.fiscal_year
    row = execution.rows(year)[0]
    assert (row.committed, row.disbursed, row.unpaid, row.returned) == (560_000, 0, 560_000, 0)
    assert sum(month.yen for month in execution.forecast(year)) == 560_000
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    taken_in(world, batch, answer(batch))
    with django_assert_num_queries(2):
        row, months = execution.rows(year)[0], execution.forecast(year)
    assert (row.disbursed, row.unpaid, row.left) == (280_000, 280_000, row.appropriated - 560_000)
    assert [(m.yen, m.cases) for m in months] == [(280_000, 1)]
    assert months[0].first > running.project_ends_on
    here, nowhere = (
        Call.objects.filter(programme__code="telework"),
        Call.objects.filter(programme__code="iot"),
    )
    assert (execution.rows(year, here)[0], execution.forecast(year, here)) == (row, months)
    assert (execution.rows(year, nowhere), execution.forecast(year, nowhere)) == ([], [])
    client.force_login(world.staff["accountant"])
    assert "280,000" in client.get(f"/payments/execution/?year={year}").content.decode()


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ({}, []),
        ({date(2027, 5, 31): (5, 1), date(2027, 5, 10): (2, 1)}, [(date(2027, 5, 1), 7, 2, False)]),
        (
            {date(2027, 6, 10): (5, 1), date(2027, 3, 10): (1, 1)},
            [(date(2027, 3, 1), 1, 1, False), (date(2027, 6, 1), 5, 1, True)],
        ),
    ],
)
def test_months_sum_their_days_and_say_what_comes_too_late(
    expected: dict[date, tuple[int, int]], found: list[tuple[date, int, int, bool]]
) -> None:
    rows = execution.months(expected, date(2027, 5, 31))
    assert [(m.first, m.yen, m.cases, m.late) for m in rows] == found
