"""Whoever confirms an account orders no payment to it, nor the other way; what is open about it is answered."""

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.payments import cautions, checking, holders, paying
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment
from portal import clock
from portal.accounts import demo, roles
from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.bulk.models import Bulk
from portal.cases.models import Case
from portal.workflow import duties
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.models import Duty
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.markup import one_line

ORDER, CONFIRM = "支出命令を出す", "口座を確かめる"
WHY = "口座の確認をしたあなたは、同じ案件の支出命令はできません。別の職員が行います。"
MISSING = "通帳の写しが、まだ届いていません。"


def read(person: User, address: str) -> str:
    client = Client()
    client.force_login(person)
    return one_line(client.get(address))


def inbox(person: User) -> list[str]:
    client = Client()
    client.force_login(person)
    return [turn.what for turn in client.get("/inbox/").context["page"]]


def declared(person: User, award: Award, **change: str) -> BankAccount:
    firm = award.case.organisation
    given = {
        "bank_code": "0116",
        "branch_code": "101",
        "kind": "1",
        "number": "7654321",
        "holder": firm.name,
        "holder_kana": firm.kana or "アオバ",
    }
    return begin(BankAccount, by=person, organisation=firm, **(given | change))


def checked_by_another(world: World) -> Claim:
    """The treasurer has confirmed the account, the accountant the claim."""
    award, person = payments.fixed(world)
    payments.account(world, person, by="treasurer")
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    return perform(claim, "examine", by=world.staff["accountant"])


def bounced(world: World) -> Payment:
    """The accountant confirmed account and claim, the treasurer ordered, and the bank sent it back."""
    award, person = payments.fixed(world)
    payments.account(world, person)
    payment = payments.ordered(world, award, person)
    batch = payments.batched(world, payment)
    payments.taken_in(world, batch, payments.answer(batch, "8", "口座名義相違"))
    payments.looked_at(world, Payment.objects.get(pk=payment.pk))
    return Payment.objects.get(pk=payment.pk)


@begins(checked_by_another)
def test_whoever_confirmed_the_account_orders_nothing_to_it(world: World) -> None:
    claim, treasurer = world.begun(checked_by_another), world.staff["treasurer"]
    with pytest.raises(Forbidden, match=WHY):
        paying.order(claim, by=treasurer)
    assert ORDER not in inbox(treasurer)
    page = read(treasurer, claim.case.get_absolute_url())
    assert WHY in page
    assert "支出命令を出せる職員：いません" in page  # the accountant checked the claim
    assert not Payment.objects.exists()


@begins(payments.fixed)
def test_an_account_confirmed_before_the_claim_counts_for_its_case(world: World) -> None:
    """As one of a firm that the award went on to, before its claim or after it."""
    award, person = world.begun(payments.fixed)
    payments.account(world, person)
    other, heir = payments.fixed(world)
    payments.account(world, heir, by="treasurer")
    third, _somebody = payments.fixed(world)
    Case.objects.filter(pk=third.case_id).update(organisation=other.case.organisation)
    third = Award.objects.get(pk=third.pk)
    begin(Claim, by=heir, award=third, kind="settlement", amount=third.payable)
    on_case = Duty.objects.get(subject=f"case:{third.case_id}", duty="confirm_account")
    assert on_case.person == world.staff["treasurer"]
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    claim = perform(claim, "examine", by=world.staff["accountant"])
    Case.objects.filter(pk=award.case_id).update(organisation=other.case.organisation)
    with pytest.raises(Forbidden, match=WHY):
        paying.order(Claim.objects.get(pk=claim.pk), by=world.staff["treasurer"])
    assert WHY in read(world.staff["treasurer"], f"/claims/{claim.pk}/order/")


@begins(bounced)
def test_whoever_ordered_does_not_confirm_the_account_that_replaces_it(world: World) -> None:
    payment = world.begun(bounced)
    accountant, treasurer = world.staff["accountant"], world.staff["treasurer"]
    person = payment.case.organisation.memberships.get().user
    other = declared(person, payment.award)
    assert CONFIRM not in inbox(treasurer)
    assert CONFIRM in inbox(accountant)
    where = f"/do/bankaccount/{other.pk}/confirm/"
    assert "支出命令をしたあなたは、同じ案件の口座の確認はできません" in read(treasurer, where)
    page = read(accountant, where)
    assert f"{payment.case.number} {treasurer.name}" in page  # who may order then
    with pytest.raises(Forbidden, match="支出命令をしたあなたは"):
        payments.confirmed(world, other, by="treasurer")
    payments.confirmed(world, other)
    claim = Claim.objects.get()
    with pytest.raises(Forbidden, match=WHY):
        paying.order(claim, by=accountant)
    assert paying.order(claim, by=treasurer).account == other


@begins(payments.fixed)
def test_whoever_confirmed_the_account_looks_at_no_order_to_it_and_sends_no_file(
    world: World,
) -> None:
    """As in April, when finance passes to accounting; before the order it is said that nobody could."""
    award, person = world.begun(payments.fixed)
    payments.account(world, person)
    treasurer = world.staff["treasurer"]
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    claim = perform(claim, "examine", by=world.staff["accountant"])
    batch = payments.handed_over(world, paying.order(claim, by=treasurer))
    moved = world.staff["accountant"]
    administrator = world.staff["administrator"]
    roles.end_role(moved.staff_roles.get(), by=administrator, reason="異動")
    moved.staff_roles.create(
        role="accounting_officer", starts_on=clock.today(), granted_by=administrator
    )
    moved = User.objects.get(pk=moved.pk)
    why = "口座の確認をしたあなたは、同じ案件の"
    with pytest.raises(NotReady, match=f"{why}支出命令の審査"):
        checking.clear(batch, list(batch.payments.all()), by=moved)
    page = f"/claims/{claim.pk}/order/"
    assert "しかいないため" not in read(treasurer, page)
    batch = payments.cleared(world, batch)
    with pytest.raises(Forbidden, match=f"{why}銀行へ送るファイルの作成"):
        perform(batch, "export", by=moved)
    duties.note(world.staff["accounting_officer"], claim.duty_subjects(), "confirm_account")
    assert "しかいないため" in read(treasurer, page)


@begins(payments.fixed)
def test_two_people_read_beforehand_who_is_left_to_order(world: World) -> None:
    award, person = world.begun(payments.fixed)
    payments.account(world, person, by="treasurer")
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    where, nobody = f"/do/claim/{claim.pk}/examine/", "支出命令を出せる経理担当がいなくなります"
    accountant, treasurer = world.staff["accountant"], world.staff["treasurer"]
    assert nobody in read(accountant, where)
    page = read(treasurer, where)
    assert nobody not in page
    assert f"{award.case.number} {accountant.name}" in page
    other = declared(person, award)
    claim = perform(claim, "examine", by=treasurer)
    where = f"/do/bankaccount/{other.pk}/confirm/"
    assert nobody in read(accountant, where)
    assert nobody not in read(treasurer, where)


@begins(payments.fixed)
def test_each_open_caution_is_answered_and_read_until_the_bank_has_the_order(
    world: World, client: Client
) -> None:
    award, person = world.begun(payments.fixed)
    row, accountant = declared(person, award, holder_kana="ベツジン"), world.staff["accountant"]
    assert [caution.key for caution in cautions.of_account(row)] == ["passbook", "name"]
    for given in (
        {},
        {"why_passbook": "原本を見た"},
        {"why_passbook": "原本を見た", "why_name": " "},
    ):
        with pytest.raises(NotReady, match="理由を、それぞれに書いて"):
            perform(row, "confirm", by=accountant, **given)  # type: ignore[arg-type]
    where = f"/do/bankaccount/{row.pk}/confirm/"
    client.force_login(accountant)
    page = client.get(where)
    assert f"確認する理由：{MISSING}" in one_line(page)
    sent = {"seen": row.version, "key": "1", "why_passbook": "窓口で原本を見た"}
    assert client.post(where, sent).status_code == 422
    sent["why_name"] = "改姓の届を見た"
    asked = client.post(where, sent)["Location"]
    client.post(asked, {"password": demo.PASSWORD, "next": where})
    client.post(where, sent)
    row = BankAccount.objects.get(pk=row.pk)
    assert (row.state, row.confirmed_by) == ("confirmed", accountant)
    assert [(key, why) for key, _said, why in row.answers] == [
        ("passbook", "窓口で原本を見た"),
        ("name", "改姓の届を見た"),
    ]
    said = Event.objects.get(
        action="bankaccount.confirm", subject=row.subject_key, chain=row.audit_chain
    )
    assert said.payload.data()["given"] == {
        "why_passbook": "窓口で原本を見た",
        "why_name": "改姓の届を見た",
    }
    of_case = Event.objects.get(action="bankaccount.confirm", chain=f"case:{award.case_id}")
    assert "改姓の届を見た" in str(of_case.payload.data()["reason"])
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    claim = perform(claim, "examine", by=accountant)
    treasurer, accounting = world.staff["treasurer"], world.staff["accounting_officer"]
    whole = f"口座を確認したとき：{MISSING} 確認した理由（{accountant.name}）：窓口で原本を見た"
    order = reverse("payment_order", args=[claim.pk])
    assert whole in read(treasurer, order).replace("　", " ")
    batch = payments.handed_over(world, paying.order(claim, by=treasurer))
    check = reverse("batch_check", args=[batch.pk])
    for person_, address in (
        (treasurer, batch.get_absolute_url()),
        (accounting, batch.get_absolute_url()),
        (accounting, check),
        (accounting, award.case.get_absolute_url()),
    ):
        page_ = read(person_, address).replace("　", " ")
        assert whole in page_, address
        assert "改姓の届を見た" in page_, address
    assert "原本を見た" not in read(person, award.case.get_absolute_url())


@begins(payments.fixed)
def test_what_comes_up_after_an_account_was_confirmed_is_read_at_the_order(world: World) -> None:
    award, person = world.begun(payments.fixed)
    account = payments.account(world, person)
    BankAccount.objects.filter(pk=account.pk).update(answers=[])  # confirmed before one asked
    batch = payments.handed_over(world, payments.ordered(world, award, person))
    assert MISSING in read(
        world.staff["accounting_officer"], reverse("batch_check", args=[batch.pk])
    )


@begins(payments.fixed)
def test_an_account_with_something_open_is_not_confirmed_among_many(
    world: World, client: Client
) -> None:
    award, person = world.begun(payments.fixed)
    declared(person, award)
    client.force_login(world.staff["accountant"])
    sent = {"do": "confirm_account", "pick": [award.case.number], "next": "/inbox/"}
    page = one_line(client.get(client.post("/cases/bulk/", sent)["Location"]))
    assert "確かめることが残っている口座です" in page
    assert Bulk.objects.get().rows.count() == 1
    assert not BankAccount.objects.confirmed().exists()


@pytest.mark.parametrize(
    ("holder", "kana", "is_own"),
    [
        ("株式会社青葉", "カ）アオバ", True),
        ("青葉㈱", "アオバ（カ", True),
        ("株式会社青葉　代表取締役　髙橋誠", "カ）アオバ ダイヒョウトリシマリヤク", True),
        ("高橋　誠", "タカハシ マコト", True),
        ("株式会社青葉", "カ）ベツノカイシャ", False),
        ("株式会社別の会社", "カ）アオバ", False),
        ("株式会社", "カブシキガイシャ", False),
        ("別人", "ベツジン", False),
    ],
)
def test_in_whose_name_an_account_is(holder: str, kana: str, is_own: bool) -> None:
    firm = Organisation(name="株式会社青葉", kana="アオバ", representative_name="髙橋 誠")
    assert holders.is_of(firm, holder, kana) is is_own


@begins(payments.fixed)
def test_a_name_that_is_not_the_firms_is_explained_where_it_is_typed(
    world: World, client: Client
) -> None:
    award, person = world.begun(payments.fixed)
    where = f"/organisations/{award.case.organisation_id}/account/"
    typed: dict[str, str] = {
        "bank_code": "0116",
        "branch_code": "101",
        "kind": "1",
        "number": "1234568",
        "holder": "別人 太郎",
        "holder_kana": "ベツジン タロウ",
    }
    client.force_login(person)
    asked = client.post(where, typed)
    if asked.status_code == 302:
        client.post(asked["Location"], {"password": demo.PASSWORD, "next": where})
        asked = client.post(where, typed)
    assert asked.status_code == 422
    page = one_line(asked)
    assert "口座名義が、申請者や代表者の名義" in page
    assert "委任状" in page
    assert not BankAccount.objects.exists()
    client.post(where, typed | {"explanation": "共同事業者が受け取る。委任状を送る。"})
    made = BankAccount.objects.get()
    found = {caution.key: caution.said for caution in cautions.of_account(made)}
    assert "共同事業者が受け取る" in found["holder"]
