"""The desk before the bank and after it: what is ticked, equal sums, columns of a bank's own, one answer by hand."""

import csv
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grants.payments import desk, jobs, paying, results
from grants.payments.models import Payment, PaymentBatch, ResultImport
from portal import clock, sheets
from portal.audit.models import Payload
from portal.days import dated
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_payments import (
    account,
    answer,
    batched,
    cleared,
    fixed,
    ordered,
    taken_in,
)
from tools.demonstration import simulation


def two_ordered(world: World) -> tuple[Payment, Payment]:
    """280,000 yen each, to one account."""
    rows = []
    for _n in range(2):
        award, person = fixed(world)
        account(world, person)
        rows.append(ordered(world, award, person))
    return rows[0], rows[1]


def sent(world: World) -> PaymentBatch:
    award, person = fixed(world)
    account(world, person)
    return batched(world, ordered(world, award, person))


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("証明.pdf", simulation.paper("x"))


def renamed(text: str, *, without: tuple[str, ...] = ()) -> bytes:
    """The same results as another bank writes them: other names, another order, no column of `without`."""
    theirs = {
        "結果コード": "処理結果",
        "行": "明細番号",
        "口座番号": "口番",
        "支店コード": "店番",
        "金融機関コード": "銀行",
        "金額": "振込金額",
        "理由": "摘要",
        "データ番号": "ファイル",
    }
    names = {ours: name for ours, name in theirs.items() if ours not in without}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(names.values())
    for row in csv.DictReader(io.StringIO(text)):
        writer.writerow([row[ours] for ours in names])
    return out.getvalue().encode("cp932")


# -- before the bank -------------------------------------------------------------------------------


@begins(two_ordered)
def test_nothing_is_ticked_beforehand_and_what_is_ticked_is_added_up(
    world: World, client: Client
) -> None:
    one, other = world.begun(two_ordered)
    client.force_login(world.staff["treasurer"])
    assert b"checked" not in client.get("/payments/").content
    day = paying.next_pay_day()
    parts = {"pay_on_y": day.year, "pay_on_m": day.month, "pay_on_d": day.day}
    counted = client.post("/payments/", {"do": "count", "pick": [one.pk], **parts})
    text = counted.content.decode()
    assert counted.status_code == 200
    assert text.count("checked") == 1
    assert "1件　280,000円" in text
    whole = client.post("/payments/", {"do": "all", **parts}).content.decode()
    assert "2件　560,000円" in whole
    assert not PaymentBatch.objects.exists()  # both presses only look
    refused = client.post("/payments/", {"pick": [other.pk], **parts, "pay_on_d": 99})
    assert refused.status_code == 422
    assert refused.content.decode().count("checked") == 1  # what was ticked stays ticked
    assert client.post("/payments/", {"pick": [other.pk], **parts}).status_code == 302
    assert [p.pk for p in PaymentBatch.objects.get().payments.all()] == [other.pk]


@begins(two_ordered)
def test_what_is_ticked_stays_ticked_from_page_to_page(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PER_PAGE", 1)
    one, other = world.begun(two_ordered)
    client.force_login(world.staff["treasurer"])
    day = paying.next_pay_day()
    parts = {"pay_on_y": day.year, "pay_on_m": day.month, "pay_on_d": day.day}

    def shown(content: bytes) -> tuple[list[str], list[str], str, bool]:
        """The boxes of the page, those of them that are ticked, what is ticked elsewhere, and whether
        the sum is that of both orders.
        """
        text = content.decode()
        boxes = re.findall(r'name="pick"\s+value="(\d+)"[^>]*', text)
        ticked = re.findall(r'name="pick"\s+value="(\d+)"[^>]*checked', text)
        (elsewhere,) = re.findall(r'name="elsewhere" value="([\d,]*)"', text)
        assert "振込データを待つ支払い 2件　560,000円" in text
        return boxes, ticked, elsewhere, "2件　560,000円" in text.split("選んだ支払い</dt>")[1]

    first, second = f"{one.pk}", f"{other.pk}"
    assert shown(client.get("/payments/").content) == ([first], [], "", False)
    assert shown(client.get("/payments/?to=2").content) == ([second], [], "", False)
    turned = client.post("/payments/", {"pick": [one.pk], "at": 1, "to": 2, **parts})
    assert shown(turned.content) == ([second], [], first, False)
    counted = {"pick": [other.pk], "elsewhere": first, "at": 2, "do": "count", **parts}
    assert shown(client.post("/payments/", counted).content) == ([second], [second], first, True)
    back = {"pick": [other.pk], "elsewhere": first, "at": 2, "to": 1, **parts}
    assert shown(client.post("/payments/", back).content) == ([first], [first], second, True)
    every = client.post("/payments/", {"do": "all", "at": 2, **parts})
    assert shown(every.content) == ([second], [second], first, True)
    stale = client.post("/payments/", {"elsewhere": f"{first},999999", **parts})
    assert stale.status_code == 422
    assert not PaymentBatch.objects.exists()
    made = client.post("/payments/", {"pick": [other.pk], "elsewhere": first, "at": 2, **parts})
    assert made.status_code == 302
    assert set(PaymentBatch.objects.get().payments.all()) == {one, other}


@begins(two_ordered)
def test_equal_sums_to_one_account_are_closed_after_a_look_and_with_a_reason(
    world: World, client: Client
) -> None:
    treasurer = world.staff["treasurer"]
    batch = paying.make_batch(
        treasurer, pay_on=paying.next_pay_day(), payments=list(world.begun(two_ordered))
    )
    with pytest.raises(NotReady, match="同じ口座へ同じ額"):
        perform(batch, "lock", by=treasurer)
    client.force_login(treasurer)
    page = client.get(batch.get_absolute_url()).content.decode()
    assert "同じ口座へ同じ額の振込があります" in page
    assert f"/do/paymentbatch/{batch.pk}/lock_twins/" in page
    assert f"/do/paymentbatch/{batch.pk}/lock/" not in page
    why = "2件は別の年度の補助事業で、額が同じだけです。"
    batch = perform(batch, "lock_twins", by=treasurer, reason=why)
    batch = perform(cleared(world, batch), "export", by=world.staff["accounting_officer"])
    assert batch.content is not None
    event = Payload.objects.get(event__action="paymentbatch.lock_twins")
    assert why in event.content


@begins(two_ordered)
def test_a_batch_without_equal_sums_is_closed_plainly(world: World) -> None:
    one, _other = world.begun(two_ordered)
    treasurer = world.staff["treasurer"]
    batch = paying.make_batch(treasurer, pay_on=paying.next_pay_day(), payments=[one])
    with pytest.raises(NotReady, match="ありません"):
        perform(batch, "lock_twins", by=treasurer, reason="なし")
    assert (batch.offers("lock"), batch.offers("lock_twins")) == (True, False)
    assert perform(batch, "lock", by=treasurer).state == "locked"


# -- a bank's own columns --------------------------------------------------------------------------

CHOSEN = {
    "batch": "ファイル",
    "line": "明細番号",
    "bank": "銀行",
    "branch": "店番",
    "account": "口番",
    "amount": "振込金額",
    "code": "処理結果",
    "reason": "摘要",
}


@begins(sent)
def test_unknown_columns_are_chosen_and_offered_again_never_taken_by_themselves(
    world: World, client: Client
) -> None:
    batch = world.begun(sent)
    client.force_login(world.staff["accounting_officer"])
    url = batch.get_absolute_url()
    with clock.at(simulation.at(batch.pay_on, 15)):
        assert "データ番号、行" in client.get(url).content.decode()  # said beforehand
        file = renamed(answer(batch))
        page = client.post(url, {"file": io.BytesIO(file)})
        asked = page.url  # type: ignore[attr-defined]
        shown = client.get(asked).content.decode()
        assert "どの列が何か" in shown
        assert "280000" in shown  # the first rows stand beside the question
        twice = client.post(asked, CHOSEN | {"amount": "口番"})
        assert twice.status_code == 422
        assert "同じ列を二つの項目" in twice.content.decode()
        wrong = client.post(asked, CHOSEN | {"line": "摘要", "reason": ""})
        assert wrong.status_code == 422
        assert "読めない行" in wrong.content.decode()
        assert client.post(asked, {"amount": ""}).status_code == 422
        assert client.post(asked, CHOSEN).status_code == 302
        running = ResultImport.objects.get()
        assert (running.columns, running.total) == (CHOSEN, 1)
        jobs.import_result(running.pk)
        assert Payment.objects.get().state == "paid"
        again = client.post(url, {"file": io.BytesIO(file)})
        shown = client.get(again.url).content.decode()  # type: ignore[attr-defined]
        assert "前に同じ列のファイルで選ばれたとおり" in shown
        assert '<option value="口番" selected>' in shown
        assert ResultImport.objects.latest("pk").columns == {}  # nothing is taken in yet


@begins(sent)
def test_a_file_without_our_number_and_without_reasons_is_of_the_batch_it_is_given_to(
    world: World, client: Client
) -> None:
    batch = world.begun(sent)
    client.force_login(world.staff["accounting_officer"])
    with clock.at(simulation.at(batch.pay_on, 15)):
        file = renamed(answer(batch, "1"), without=("データ番号", "理由"))
        page = client.post(batch.get_absolute_url(), {"file": io.BytesIO(file)})
        client.post(page.url, CHOSEN | {"batch": "", "reason": ""})  # type: ignore[attr-defined]
        jobs.import_result(ResultImport.objects.get().pk)
    assert (Payment.objects.get().state, Payment.objects.get().bounce) == ("bounced", "1")


@begins(sent)
def test_an_auditor_sees_the_question_and_does_not_answer_it(world: World, client: Client) -> None:
    batch = world.begun(sent)
    client.force_login(world.staff["accounting_officer"])
    with clock.at(simulation.at(batch.pay_on, 15)):
        file = io.BytesIO(renamed(answer(batch)))
        asked = client.post(batch.get_absolute_url(), {"file": file}).url  # type: ignore[attr-defined]
        client.force_login(world.staff["auditor"])
        assert "この列で取り込む" not in client.get(asked).content.decode()
        assert client.post(asked, CHOSEN).status_code == 403
    assert ResultImport.objects.get().columns == {}


@begins(two_ordered)
def test_the_acts_on_a_batch_say_its_day_its_sum_and_what_became_of_it(
    world: World, client: Client
) -> None:
    one, other = world.begun(two_ordered)
    treasurer = world.staff["treasurer"]
    batch = paying.make_batch(treasurer, pay_on=paying.next_pay_day(), payments=[one, other])
    day = dated(batch.pay_on)
    assert batch.act_facts == [("振込日", day), ("合計", "2件　560,000円")]
    client.force_login(treasurer)
    page = client.get(f"/do/paymentbatch/{batch.pk}/void/").content.decode()
    assert day in page
    assert "2件　560,000円" in page
    batch = perform(batch, "lock_twins", by=treasurer, reason="別の補助事業")
    batch = cleared(world, batch)
    batch = perform(batch, "export", by=world.staff["accounting_officer"])
    first = answer(batch).splitlines()[:2]
    assert taken_in(world, batch, "\n".join(first)) == ["paid"]
    assert batch.act_facts[2:] == [("支払済み", "1件　280,000円"), ("振込不能", "0件　0円")]


@begins(two_ordered)
def test_what_is_held_stands_on_the_desk(world: World, client: Client) -> None:
    one, _other = world.begun(two_ordered)
    client.force_login(world.staff["treasurer"])
    assert "保留中の支払い" not in client.get("/payments/").content.decode()
    perform(one, "hold", by=world.staff["treasurer"], reason="差押えの通知")
    page = client.get("/payments/").content.decode()
    assert page.split("保留中の支払い")[1].count(one.get_absolute_url()) == 1
    assert "振込データを待つ支払い 1件　280,000円" in page


# -- what a code says -----------------------------------------------------------------------------

OUTCOMES = [
    # code, reason → outcome
    ("0", "", "paid"),
    ("", "", "paid"),
    ("００", "", "paid"),  # full width
    ("8", "", "bounced"),
    ("１", "口座なし", "bounced"),
    ("77", "口座なし", "bounced"),
    ("77", "", "wrong"),
    ("OK", "", "wrong"),
    ("0", "口座なし", "wrong"),
]


@pytest.mark.parametrize(("code", "reason", "outcome"), OUTCOMES)
@begins(sent)
def test_a_code_is_taken_for_what_it_says_and_never_guessed(
    world: World, code: str, reason: str, outcome: str
) -> None:
    batch = world.begun(sent)
    assert taken_in(world, batch, answer(batch, code, reason)) == [outcome]
    expected = {"paid": "paid", "bounced": "bounced", "wrong": "ordered"}[outcome]
    assert Payment.objects.get().state == expected


@begins(sent)
def test_a_row_cut_off_before_its_code_is_not_taken_for_paid(world: World) -> None:
    text = answer(world.begun(sent))
    assert text.endswith(",0,\r\n")
    rows, faults = results.read(text[: -len(",0,\r\n")] + "\n")
    assert (rows, [place for place, _said in faults]) == ([], [2])


@begins(sent)
def test_an_import_of_which_nothing_was_taken_in_says_so(world: World, client: Client) -> None:
    batch = world.begun(sent)
    taken_in(world, batch, answer(batch, "77"))
    ResultImport.objects.update(columns=results.standard())
    client.force_login(world.staff["auditor"])
    page = client.get(f"/payments/results/{ResultImport.objects.get().pk}/").content.decode()
    assert "取り込めた行はありません" in page
    assert "結果コード「77」は、振込済みか振込不能か分かりません" in page
    assert "取り込めなかった行 1" in client.get(batch.get_absolute_url()).content.decode()


# -- one answer by hand ----------------------------------------------------------------------------


@begins(sent)
def test_one_answer_is_entered_by_hand(world: World, client: Client) -> None:
    batch = world.begun(sent)
    client.force_login(world.staff["accounting_officer"])
    url = f"{batch.get_absolute_url()}rows/1/"
    assert client.get(url).status_code == 404  # before its day nothing is known
    with clock.at(simulation.at(batch.pay_on, 15)):
        assert url in client.get(batch.get_absolute_url()).content.decode()
        assert client.post(url, {"outcome": "bounced"}).status_code == 422  # no reason
        assert client.post(url, {"outcome": "paid", "reason": "x"}).status_code == 422
        typed = {"outcome": "bounced", "reason": "口座なし"}
        assert client.post(url, typed).status_code == 422  # no paper of the bank
        assert client.post(url, typed | {"document": paper()}).status_code == 302
        payment = Payment.objects.get()
        assert [(w.name, w.given_by) for w in payment.bank_words.all()] == [
            ("証明.pdf", world.staff["accounting_officer"])
        ]
        assert (payment.state, payment.bounce) == ("bounced", "手入力 口座なし")
        assert client.post(url, {"outcome": "paid"}).status_code == 404  # answered already
        client.force_login(world.staff["auditor"])
        assert client.get(url).status_code == 403


@begins(sent)
def test_the_word_of_the_bank_that_is_sent_twice_at_once_is_kept_once(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other request is done while the first one reads."""
    batch = world.begun(sent)
    client.force_login(world.staff["accounting_officer"])
    url, read = f"{batch.get_absolute_url()}rows/1/", results.by_hand
    typed = {"outcome": "bounced", "reason": "口座なし"}

    def meanwhile(*given, **how):  # type: ignore[no-untyped-def]
        monkeypatch.setattr(results, "by_hand", read)
        assert client.post(url, typed | {"document": paper()}).status_code == 302
        return read(*given, **how)

    monkeypatch.setattr(results, "by_hand", meanwhile)
    with clock.at(simulation.at(batch.pay_on, 15)):
        assert client.post(url, typed | {"document": paper()}).status_code == 302
    assert Payment.objects.get().bank_words.count() == 1


@begins(sent)
def test_a_transfer_said_to_be_made_closes_its_award(world: World, client: Client) -> None:
    batch = world.begun(sent)
    client.force_login(world.staff["accounting_officer"])
    with clock.at(simulation.at(batch.pay_on, 15)):
        url = f"{batch.get_absolute_url()}rows/1/"
        typed = {"outcome": "paid", "document": paper()}
        assert client.post(url, typed).status_code == 302
    payment = Payment.objects.get()
    assert (payment.state, payment.award.state) == ("paid", "closed")


def test_lone_ends_of_lines_are_read_and_what_is_no_csv_is_said_to_be_none() -> None:
    text = sheets.decoded(b'a,b\r"x",2\r')  # as old programs write them
    assert results.heads(text) == ["a", "b"]
    assert results.sample(text, 2) == [["x", "2"]]
    with pytest.raises(sheets.Unreadable, match="2行目の引用符"):
        sheets.decoded(b'a,b\r"x\ry",2\r')
    with pytest.raises(sheets.Unreadable, match="CSV"):
        sheets.decoded(b"a,b\n" + b"1" * 140_000 + b",2\n")


@pytest.mark.parametrize("row", ["1,2,", "1,2", "1,2,3,4,5"])
def test_of_a_row_that_was_cut_no_cell_is_taken_for_an_empty_one(row: str) -> None:
    """A result without its code and its reason would be a transfer that went well."""
    assert results.heads(sheets.decoded(b"a,b,c,d\n\n1,2,3,\n")) == ["a", "b", "c", "d"]
    with pytest.raises(sheets.Unreadable, match="3行目の欄の数"):
        sheets.decoded(f"a,b,c,d\n1,2,3,4\n{row}\n".encode())
