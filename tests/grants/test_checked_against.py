"""What accounts, claims and orders are checked against, alone and several at once."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.payments import against, cautions, side_by_side
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment
from portal import clock
from portal.accounts import demo
from portal.accounts.models import Delegation, User
from portal.audit.models import Event
from portal.bulk.models import Bulk, Outcome
from portal.cases.models import Case
from portal.documents.models import Document, StoredFile
from portal.workflow.door import begin, perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_payments import (
    account,
    answer,
    batched,
    confirmed,
    fixed,
    handed_over,
    looked_at,
    ordered,
    taken_in,
)
from tests.markup import mark_on, one_line
from tests.portal import hostile

OLDER = "通帳の写しは、この口座の届出より前に届いたものです。"


def declared(world: World, person: User, award: Award, **change: str) -> BankAccount:
    """As `account`, but not confirmed yet."""
    given = {
        "bank_code": "0116",
        "branch_code": "101",
        "kind": "1",
        "number": "1234567",
        "holder": "ミカミ",
        "holder_kana": "ミカミ ケンイチ",
    } | change
    return begin(BankAccount, by=person, organisation=award.case.organisation, **given)


def told(row: BankAccount | Claim | Payment, by: User) -> tuple[dict[str, str], list[str]]:
    found = {
        BankAccount: against.of_accounts,
        Claim: against.of_claims,
        Payment: against.of_payments,
    }[type(row)](by, [row])[row.pk]  # type: ignore[operator]
    return {str(fact.label): str(fact.value) for fact in found.facts}, list(
        map(str, found.cautions)
    )


@begins(fixed)
def test_an_account_is_confirmed_beside_the_case_the_firm_the_sum_and_the_account_before(
    world: World, client: Client
) -> None:
    award, person = world.begun(fixed)
    first = account(world, person, number="7654321")
    payment = ordered(world, award, person)
    batch = batched(world, payment)
    assert taken_in(world, batch, answer(batch, "8", "口座名義相違")) == ["bounced"]
    looked_at(world, Payment.objects.get(pk=payment.pk))
    again = declared(world, person, award, holder=first.holder, holder_kana=first.holder_kana)
    client.force_login(world.staff["accountant"])
    page = one_line(client.get(f"/do/bankaccount/{again.pk}/confirm/"))
    for said in (
        award.case.number,
        f"{award.payable:,}円",
        award.case.organisation.name,
        "****321",  # the account before
        "8 口座名義相違",
        "1234567",
        "そのときと同じです",
    ):
        assert said in page, said
    client.force_login(person)
    where = f"/organisations/{award.case.organisation_id}/account/"
    typed = {
        "bank_code": "0116",
        "branch_code": "101",
        "kind": "1",
        "number": "1234568",
        "holder": first.holder,
        "holder_kana": first.holder_kana,
        "explanation": "登録のカナを直しているところです。",
    }
    asked = client.post(where, typed)["Location"]
    client.post(asked, {"password": demo.PASSWORD, "next": where})
    assert "そのときと同じです" in one_line(client.get(where))  # the firm hears it, too
    again = BankAccount.objects.get(state="declared")
    facts, cautions = told(again, world.staff["accountant"])
    assert facts["支払う額"] == "280,000円"
    assert len([text for text in cautions if "名義相違" in text]) == 1
    renamed = declared(world, person, award, holder_kana="ベツジン")
    _facts, cautions = told(renamed, world.staff["accountant"])
    assert not [text for text in cautions if "名義相違" in text]


@begins(fixed)
def test_what_is_done_with_an_account_stands_in_the_record_of_its_cases(
    world: World, client: Client
) -> None:
    award, person = world.begun(fixed)
    row = declared(world, person, award)
    confirmed(world, row)
    chain = Event.objects.filter(chain=f"case:{award.case_id}", action__startswith="bankaccount.")
    assert list(chain.order_by("seq").values_list("action", flat=True)) == [
        "bankaccount.begin",
        "bankaccount.confirm",
    ]
    client.force_login(world.staff["treasurer"])
    assert "口座を確かめました" in one_line(client.get(award.case.get_absolute_url()))


@begins(fixed)
def test_a_claim_and_an_order_say_their_budget_their_sums_and_their_account(
    world: World, client: Client
) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    line = BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")
    client.force_login(world.staff["accountant"])
    page = one_line(client.get(f"/do/claim/{claim.pk}/examine/"))
    for said in ("確定額", "280,000円", f"{line.fiscal_year}年度の予算", "****"):
        assert said in page, said
    claim = perform(claim, "examine", by=world.staff["accountant"])
    client.force_login(world.staff["treasurer"])
    address = reverse("payment_order", args=[claim.pk])
    shown = client.get(address)
    assert "案件の支出負担行為の残り" in one_line(shown)
    assert client.post(address, {"seen": "another"}).status_code == 409
    assert not Payment.objects.exists()
    answered = client.post(address, {"seen": mark_on(shown)})
    assert (answered.status_code, Payment.objects.count()) == (302, 1)
    client.force_login(world.staff["accountant"])  # who checked the claim orders it not
    assert "同じ案件の支出命令はできません" in one_line(client.get(address))


@begins(fixed)
def test_accounting_reads_line_year_and_purpose_of_each_order(world: World, client: Client) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    batch = handed_over(world, ordered(world, award, person))
    client.force_login(world.staff["accounting_officer"])
    page = one_line(client.get(f"/payments/batches/{batch.pk}/check/"))
    year = award.application.call.fiscal_year
    for said in (f"{year}年度の予算", "案件の支出負担行為の残り", award.case.programme_name):
        assert said in page, said


def test_orders_of_several_years_are_added_up_apart() -> None:
    rows = [Payment(pk=n, amount=n * 100) for n in (1, 2, 3)]
    years = {1: "2026年度の予算", 2: "2025年度の予算（繰り越した額）", 3: "2026年度の予算"}
    assert side_by_side.by_year(rows, years) == [
        ("2025年度の予算（繰り越した額）", 1, 200),
        ("2026年度の予算", 2, 400),
    ]


@begins(fixed)
def test_another_account_of_the_same_name_in_one_batch_is_pointed_at(
    world: World, client: Client
) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    first = ordered(world, award, person)
    other, somebody = fixed(world)
    account(world, somebody, number="7654321")
    second = ordered(world, other, somebody)
    one, two = award.case.organisation, other.case.organisation
    assert one != two
    _facts, cautions = told(first, world.staff["accounting_officer"])
    assert not [text for text in cautions if "同じ名称" in text]
    two.name = one.name
    two.save()
    batch = handed_over(world, first, second)
    _facts, cautions = told(Payment.objects.get(pk=first.pk), world.staff["accounting_officer"])
    assert [text for text in cautions if "同じ名称" in text and "****321" in text]
    client.force_login(world.staff["treasurer"])
    assert "****321" in one_line(client.get(batch.get_absolute_url())).split("同じ名称")[1]


@begins(fixed)
def test_a_pay_day_of_several_firms_takes_one_page_an_act(world: World, client: Client) -> None:
    """Each alone as through its own door: duties hold, and what is refused is refused alone."""
    award, person = world.begun(fixed)
    other, somebody = fixed(world)
    cases = [award.case, other.case]
    for one, who in ((award, person), (other, somebody)):
        one.parameters["passbook"] = False  # nothing is open about the account
        one.save()
        firm = one.case.organisation
        declared(world, who, one, holder=firm.name, holder_kana=firm.kana)
        begin(Claim, by=who, award=one, kind="settlement", amount=one.payable)
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(amount=999_999)
    claimed = award.payable + other.payable
    accountant, treasurer = world.staff["accountant"], world.staff["treasurer"]

    def done(by: User, name: str) -> list[tuple[str, list[str]]]:
        client.force_login(by)
        sent = {"do": name, "pick": [case.number for case in cases], "next": "/inbox/"}
        where = client.post("/cases/bulk/", sent)["Location"]
        shown = client.get(where)
        page, sent = one_line(shown), {"seen": mark_on(shown)}
        assert "登録の名称" in page
        assert all(case.organisation.name in page for case in cases)
        bulk = Bulk.objects.latest("pk")
        if name == "examine_claim":  # what is claimed, not what was awarded
            assert f"金額の合計 {claimed:,}円" in page
        if name == "confirm_account":  # as the page of one account asks
            asked = client.post(where, sent)["Location"]
            assert "/reauthenticate/" in asked
            assert set(bulk.rows.values_list("outcome", flat=True)) == {Outcome.OPEN}
            client.post(asked, {"password": demo.PASSWORD, "next": where})
        client.post(where, sent)
        bulk.refresh_from_db()
        return list(bulk.rows.order_by("pk").values_list("outcome", "reasons"))

    assert done(accountant, "confirm_account") == [(Outcome.DONE, [])] * 2
    assert {row.state for row in BankAccount.objects.all()} == {"confirmed"}
    assert done(accountant, "examine_claim") == [(Outcome.DONE, [])] * 2
    alone = done(accountant, "order_payment")
    assert [outcome for outcome, _reasons in alone] == [Outcome.OPEN] * 2
    assert "口座の確認をしたあなたは" in alone[0][1][0]
    assert "請求の確認をしたあなたは" in alone[0][1][1]
    perform(Claim.objects.get(case=other.case), "send_back", by=treasurer, reason="額が違う")
    assert done(treasurer, "order_payment") == [
        (Outcome.DONE, []),
        (Outcome.REFUSED, ["その段階の請求がありません。"]),
    ]
    assert Payment.objects.get().case == award.case


@begins(fixed)
def test_an_account_changed_under_the_eyes_of_finance_is_not_confirmed(
    world: World, client: Client
) -> None:
    """What is confirmed is what was looked at: not what the firm gave since."""
    award, person = world.begun(fixed)
    declared(world, person, award)
    client.force_login(world.staff["accountant"])
    sent = {"do": "confirm_account", "pick": [award.case.number], "next": "/inbox/"}
    where = client.post("/cases/bulk/", sent)["Location"]
    page = client.get(where)
    declared(world, person, award, number="2222222")
    again = one_line(client.post(where, {"seen": mark_on(page)}))
    assert "2222222" in again
    assert "2222222" not in one_line(page)
    again = one_line(client.post(where, {"seen": mark_on(page)}))  # the old page once more
    assert "確かめたあとに変わった案件があります" in again
    assert not BankAccount.objects.confirmed().exists()


@begins(fixed)
def test_the_copy_of_a_passbook_stands_beside_the_check(world: World, client: Client) -> None:
    award, person = world.begun(fixed)
    row = declared(world, person, award)
    finance = world.staff["accountant"]
    missing = "通帳の写しが、まだ届いていません。"
    assert missing in told(row, finance)[1]
    where = reverse("passbook", args=[award.case.number])
    client.force_login(person)
    assert where in one_line(client.get(row.get_absolute_url()))
    refused = client.post(where, {"key": "passbook", "file": SimpleUploadedFile("a.pdf", b"MZ")})
    assert (refused.status_code, Document.objects.filter(key="passbook").count()) == (422, 0)
    adviser = User.objects.create_user("adviser@firms.example", name="代理 太郎")
    Delegation.objects.create(
        adviser=adviser,
        organisation=award.case.organisation,
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=30),
        granted_by=person,
        may_submit=True,
    )
    scan = SimpleUploadedFile("通帳.pdf", hostile.pdf())
    assert client.post(where, {"key": "passbook", "file": scan}).status_code == 302
    copy = Document.objects.get(key="passbook")
    StoredFile.objects.filter(pk=copy.file_id).update(checked_at=clock.now(), scan="clean")
    # who may not open the account reads no copy of its passbook, and hands none in
    client.force_login(adviser)
    page = one_line(client.get(award.case.get_absolute_url()))
    for closed in (where, row.get_absolute_url(), reverse("document", args=[copy.pk])):
        assert closed not in page
        assert client.get(closed).status_code == 404
    facts, cautions = told(row, finance)
    assert facts["通帳の写し"].startswith("通帳.pdf")
    assert missing not in cautions
    client.force_login(finance)
    assert reverse("document", args=[copy.pk]) in one_line(
        client.get(f"/do/bankaccount/{row.pk}/confirm/")
    )
    assert client.get(where).status_code == 404  # finance hands nothing in
    client.force_login(world.officer)
    assert client.get(where).status_code == 200  # the counter does
    first = confirmed(world, row)
    with clock.at(clock.now() + timedelta(days=1)):
        other = declared(world, person, award, number="7654321")
        assert first.pk < other.pk
        assert OLDER in told(other, finance)[1]
    Document.objects.filter(pk=copy.pk).update(uploaded_at=clock.now() + timedelta(days=2))
    assert OLDER not in told(other, finance)[1]


@begins(fixed)
def test_an_account_declared_since_is_read_before_money_goes_to_the_one_before(
    world: World,
) -> None:
    award, person = world.begun(fixed)
    account = confirmed(world, declared(world, person, award))
    firms = cautions.of_firms([account.organisation_id])
    assert not [text for text in cautions.before_money(account, firms) if "別の口座" in text]
    declared(world, person, award, number="7654321")
    firms = cautions.of_firms([account.organisation_id])
    [text] = [text for text in cautions.before_money(account, firms) if "別の口座" in text]
    assert "確認を待っています" in text


@begins(fixed)
def test_a_programme_may_ask_for_no_passbook(world: World) -> None:
    award, person = world.begun(fixed)
    row = declared(world, person, award)
    award.parameters["passbook"] = False
    award.save()
    _facts, cautions = told(row, world.staff["accountant"])
    assert not [text for text in cautions if "通帳の写し" in text]


@begins(fixed)
def test_a_voided_batch_says_what_was_in_it_who_voided_it_and_why(
    world: World, client: Client
) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    batch = handed_over(world, ordered(world, award, person))
    treasurer = world.staff["treasurer"]
    perform(batch, "void", by=treasurer, reason="振込日の誤り")
    client.force_login(treasurer)
    page = one_line(client.get(batch.get_absolute_url()))
    for said in (award.case.number, "280,000円", treasurer.name, "振込日の誤り"):
        assert said in page, said


@begins(fixed)
def test_a_bounce_shows_in_the_list_of_batches(world: World, client: Client) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    client.force_login(world.staff["treasurer"])
    assert "振込不能 1件" not in one_line(client.get("/payments/"))
    assert "銀行へ送信" not in one_line(client.get("/payments/"))
    assert taken_in(world, batch, answer(batch, "8", "口座名義相違")) == ["bounced"]
    assert "振込不能 1件" in one_line(client.get("/payments/"))
