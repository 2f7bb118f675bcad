"""What a person did on a case keeps a later turn of it from them: in the inbox, and on the page of the case."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from grants.payments import paying
from grants.payments.models import BankAccount, Claim
from portal import clock
from portal.accounts import duty_exceptions
from portal.accounts.models import DutyException, User
from portal.cases.models import Case
from portal.correspondence.models import Mail
from portal.registry.models import Municipality
from portal.workflow.door import begin, perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_payments import account, answer, batched, fixed, ordered, taken_in

ORDER = "支出命令を出す"
WHY = "請求の確認をしたあなたは、同じ案件の支出命令はできません。別の職員が行います。"


def checked(world: World) -> Claim:
    """By the accountant."""
    award, person = fixed(world)
    account(world, person)
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    return perform(claim, "examine", by=world.staff["accountant"])


def inbox(person: User, tab: str = "mine") -> list[str]:
    client = Client()
    client.force_login(person)
    return [turn.what for turn in client.get("/inbox/", {"tab": tab}).context["page"]]


def page(person: User, case: Case) -> str:
    client = Client()
    client.force_login(person)
    return client.get(case.get_absolute_url()).content.decode()


@begins(checked)
def test_what_somebody_did_is_looked_up_turn_by_turn(world: World, client: Client) -> None:
    """Nobody gathers all that a person ever did, and what stands beside a turn is read of the page."""
    world.begun(checked)
    client.force_login(world.staff["treasurer"])
    with CaptureQueriesContext(connection) as queries:
        client.get("/inbox/")
    asked = [query["sql"] for query in queries if "portal_workflow_duty" in query["sql"]]
    assert asked
    assert not any('EXISTS(SELECT 1 AS "a" FROM "portal_workflow_duty"' in sql for sql in asked)
    [page] = [sql for sql in asked if "portal_accounts_organisation" in sql]
    assert '"portal_cases_turn"."id" = ANY(ARRAY(' in page


@begins(checked)
def test_whoever_checked_a_claim_is_not_asked_to_order_it(world: World) -> None:
    claim = world.begun(checked)
    one, other = world.staff["accountant"], world.staff["treasurer"]
    assert ORDER not in inbox(one)
    assert ORDER in inbox(one, "others")
    assert ORDER in inbox(other)
    order = f"/claims/{claim.pk}/order/"
    mine, theirs = page(one, claim.case), page(other, claim.case)
    assert order not in mine
    assert WHY in mine
    assert "あなたの番です" not in mine
    assert order in theirs
    assert "「請求と支払い」で行います" in theirs


@begins(checked)
def test_where_an_exception_holds_it_is_theirs(world: World) -> None:
    claim, one = world.begun(checked), world.staff["accountant"]
    Case.objects.filter(pk=claim.case_id).update(municipality_codes=["012033"])
    pairs = ["check_claim-order_payment", "confirm_account-order_payment"]
    days = {"starts_on": clock.today(), "ends_on": clock.today() + timedelta(days=30)}
    made = DutyException.objects.create(
        municipality=Municipality.objects.get(pk="012033"),
        pairs=pairs,
        ground="x",
        proposed_by=world.staff["administrator"],
        **days,
    )
    assert ORDER not in inbox(one)  # proposed alone
    made.confirmed_at = clock.now()
    made.close(world.staff["second_administrator"], "confirmed_at")
    for pair in pairs:
        assert duty_exceptions.places(pair, clock.now()).get() == "012033"
    assert ORDER in inbox(one)
    assert f"/claims/{claim.pk}/order/" in page(one, claim.case)


def test_the_inbox_asks_as_many_queries_for_three_as_for_one(world: World) -> None:
    client = Client()
    client.force_login(world.staff["accountant"])
    asked = []
    for n in (1, 2, 3):
        checked(world)
        client.get("/inbox/", {"tab": "others"})
        with CaptureQueriesContext(connection) as found:
            rows = client.get("/inbox/", {"tab": "others"}).context["page"]
        assert [turn.what for turn in rows].count(ORDER) == n
        asked.append(len(found))
    assert asked[0] == asked[1] == asked[2]


@begins(checked)
def test_what_the_order_would_be_refused_for_is_said_before_it_is_pressed(world: World) -> None:
    claim, treasurer = world.begun(checked), world.staff["treasurer"]
    line = claim.award.application.call.budget_lines.get(frame=claim.award.frame, unit="yen")
    type(line).objects.filter(pk=line.pk).update(fiscal_year=line.fiscal_year - 1)
    text = page(treasurer, claim.case)
    assert "繰り越した額だけ" in text
    assert f"/claims/{claim.pk}/order/" not in text


@begins(checked)
def test_the_sum_is_the_claims_where_less_was_fixed_than_decided(world: World) -> None:
    claim, treasurer = world.begun(checked), world.staff["treasurer"]
    Case.objects.filter(pk=claim.case_id).update(amount=300_000)
    client = Client()
    client.force_login(treasurer)
    [turn] = [t for t in client.get("/inbox/").context["page"] if t.what == ORDER]
    assert turn.shown_amount == claim.amount == 280_000
    assert "280,000円" in page(treasurer, claim.case).split('id="now"')[1].split("</p>")[0]


def test_whoever_confirmed_an_account_is_led_to_the_case_that_waits_for_it(world: World) -> None:
    award, person = fixed(world)
    account(world, person)
    treasurer = world.staff["treasurer"]
    held = BankAccount.objects.get()
    assert held.address_for(treasurer) == "/payments/"
    begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    assert held.address_for(treasurer) == f"{award.case.get_absolute_url()}#payments"
    assert held.address_for(person) == held.get_absolute_url()


@begins(checked)
def test_a_held_payment_says_why_and_by_whom(world: World) -> None:
    claim, treasurer = world.begun(checked), world.staff["treasurer"]
    payment = paying.order(claim, by=treasurer)
    payment = perform(payment, "hold", by=treasurer, reason="差押えの通知が届いた")
    client = Client()
    client.force_login(treasurer)
    for shown in (client.get("/payments/").content.decode(), page(treasurer, claim.case)):
        assert "差押えの通知が届いた" in shown
        assert treasurer.name in shown.split("差押えの通知が届いた")[1]
    payment = perform(payment, "release", by=treasurer, reason="解けた")
    assert (payment.held_for, payment.held_by) == ("", None)


def test_the_mail_of_a_transfer_that_failed_names_its_sum(world: World) -> None:
    award, person = fixed(world)
    account(world, person)
    batch = batched(world, ordered(world, award, person))
    taken_in(world, batch, answer(batch, "8", "口座なし"))
    [mail] = Mail.objects.filter(to=person, subject__contains="振込ができませんでした")
    assert "補助金280,000円の振込ができませんでした" in mail.body
