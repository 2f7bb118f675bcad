"""暴力団排除の照会: what is sent to the police and what they answer, and what a hit stops."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from grants.applications import formal, inquiring, known, officer_list, submit
from grants.applications.check_ledger import Check, Inquiry
from grants.applications.content import Officer
from grants.applications.models import Application
from grants.payments import paying
from grants.payments.models import Payment, PaymentBatch
from portal import clock
from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases.models import Holding, Reading, Turn
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady, Stale
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_corrections import typed
from tests.markup import one_line


def sent(world: World, application: Application) -> Inquiry:
    inquiring.send(
        [application],
        addressee=inquiring.ADDRESSEE,
        ordinance=inquiring.ORDINANCE,
        number="札経第12号",
        by=world.officer,
    )
    return Inquiry.objects.get(application=application, result="")


def answered(world: World, inquiry: Inquiry, result: str) -> Inquiry:
    return inquiring.answer(
        inquiry,
        result=result,
        answered_on=clock.today(),
        answer_number="道本組第345号",
        by=world.officer,
    )


def ledger(application: Application) -> Check:
    return Check.objects.get(application=application, kind="antisocial")


def others_are_clear(world: World, application: Application) -> None:
    for row in application.checks.exclude(kind="antisocial"):
        formal.check(row, by=world.officer, result="clear", evidence="照会")


def test_an_application_is_asked_about_once_and_its_file_taken_again(world: World) -> None:
    application, _person = world.submitted()
    first = sent(world, application)
    assert (first.addressee, first.people, first.sent_by) == (
        "北海道警察本部",
        application.officer_list.people,
        world.officer,
    )
    assert sent(world, application) == first
    assert Reading.objects.filter(what="officer_list.export").count() == 2
    with pytest.raises(Forbidden):
        inquiring.send(
            [application], addressee="x", ordinance="x", number="", by=world.staff["inspector"]
        )


def test_a_clear_answer_is_the_evidence_of_the_check(world: World) -> None:
    application, _person = world.submitted()
    inquiry = sent(world, application)
    for day in (clock.today() - timedelta(days=1), clock.today() + timedelta(days=1)):
        with pytest.raises(NotReady, match="照会した日から今日まで"):
            inquiring.answer(
                inquiry, result="clear", answered_on=day, answer_number="x", by=world.officer
            )
    answered(world, inquiry, "clear")
    row = ledger(application)
    assert row.result == "clear"
    assert row.evidence.startswith("北海道警察本部の回答（")
    assert "道本組第345号" in row.evidence
    with pytest.raises(Stale):
        answered(world, inquiry, "hit")
    others_are_clear(world, application)
    assert perform(application, "accept", by=world.officer).state == "accepted"


SOMEBODY: Officer = {
    "name": "別の役員",
    "kana": "ベツノヤクイン",
    "born_on": "1970-01-01",
    "sex": "",
    "address": "札幌市中央区",
}


def corrected(world: World, application: Application, person: User) -> None:
    """Returned, and handed in again with another list of officers."""
    formal.raise_defect(
        application, by=world.officer, part="plan.title", part_label="x", cite="x", text="x"
    )
    application = perform(application, "return_for_correction", by=world.officer)
    typed(application, person, "plan", title="在宅勤務の導入")
    officer_list.save(application, [SOMEBODY])
    submit.submit(application, by=person)


def test_another_list_is_asked_about_again(world: World) -> None:
    application, person = world.submitted()
    answered(world, sent(world, application), "clear")
    corrected(world, application, person)
    assert (ledger(application).result, ledger(application).checked_by) == ("", None)
    assert Event.objects.filter(action__endswith="officer_list.changed").count() == 1
    assert list(inquiring.to_ask(world.officer)) == [application]


def test_an_answer_about_an_earlier_list_says_nothing_of_the_new_one(world: World) -> None:
    application, person = world.submitted()
    inquiry = sent(world, application)
    corrected(world, application, person)
    answered(world, inquiry, "clear")
    assert ledger(application).result == ""


def test_a_finding_outlives_another_list(world: World) -> None:
    application, person = world.submitted()
    answered(world, sent(world, application), "hit")
    corrected(world, application, person)
    assert ledger(application).is_open_finding


def test_a_hit_stops_acceptance_until_an_approver_decides(world: World) -> None:
    application, _person = world.submitted()
    answered(world, sent(world, application), "hit")
    others_are_clear(world, application)
    row = ledger(application)
    with pytest.raises(NotReady, match="暴力団の排除"):
        perform(application, "accept", by=world.officer)
    with pytest.raises(NotReady, match="決裁者が判断"):
        formal.check(row, by=world.officer, result="clear", evidence="x")
    with pytest.raises(Forbidden):
        formal.go_on(row, by=world.staff["second_officer"], reason="x")
    formal.go_on(row, by=world.director, reason="同姓同名の別人と確かめた")
    assert perform(application, "accept", by=world.officer).state == "accepted"


def test_a_late_hit_stops_the_award_and_what_is_paid(world: World) -> None:
    application, _person = world.accepted()
    answered(
        world,
        Inquiry.objects.create(
            application=application, addressee="x", ordinance="x", people=1, sent_by=world.officer
        ),
        "hit",
    )
    with pytest.raises(NotReady, match="暴力団の排除"):
        world.approval("award", [Application.objects.get(pk=application.pk)])
    award, payee = payments.fixed(world)
    payments.account(world, payee)
    paid = Inquiry.objects.create(
        application=award.application, addressee="x", ordinance="x", people=1, sent_by=world.officer
    )
    payment = payments.ordered(world, award, payee)
    answered(world, paid, "hit")
    treasurer = world.staff["treasurer"]
    with pytest.raises(NotReady, match="確かめることが残っている") as refused:
        paying.make_batch(treasurer, pay_on=paying.next_pay_day(), payments=[payment])
    assert "暴力団" not in "".join(refused.value.reasons)  # finance does not read what was found
    perform(payment, "cancel", by=treasurer, reason="x")
    with pytest.raises(NotReady, match="確かめることが残っている"):
        paying.order(award.claims.get(), by=treasurer)
    formal.go_on(ledger(award.application), by=world.director, reason="別人と確かめた")
    assert paying.order(award.claims.get(), by=treasurer).state == "ordered"


def turns_of_approvers(application: Application) -> list[str]:
    return [turn.what for turn in Turn.objects.filter(case=application.case, role="approver")]


def test_a_hit_is_the_turn_of_an_approver_until_one_decided(world: World, client: Client) -> None:
    application, _person = world.submitted()
    inquiry = sent(world, application)
    assert turns_of_approvers(application) == []
    answered(world, inquiry, "hit")
    assert turns_of_approvers(application) == ["確認の結果を読み、進めるかを決める"]
    assert Turn.objects.filter(case=application.case, role="programme_officer").exists()
    client.force_login(world.director)
    assert "進めるかを決める" in client.get(reverse("inbox")).content.decode()
    formal.go_on(ledger(application), by=world.director, reason="別人と確かめた")
    assert turns_of_approvers(application) == []


def test_that_turn_is_read_by_whoever_decides_alone(world: World, client: Client) -> None:
    """That there is one is what the police answered."""
    award, _payee = payments.fixed(world)
    case = award.case
    asked = Inquiry.objects.create(
        application=award.application, addressee="x", ordinance="x", people=1, sent_by=world.officer
    )
    held_before = Holding.objects.get(case=case, to_at=None)
    answered(world, asked, "hit")

    def reads(who: User) -> list[bool]:
        client.force_login(who)
        inbox = reverse("inbox")
        pages = [case.get_absolute_url(), inbox, f"{inbox}?tab=others"]
        said = [client.get(page).content.decode() for page in pages]
        return ["進めるかを決める" in said[0], "進めるかを決める" in said[1] + said[2]]

    closed = ("inspector", "accountant", "treasurer", "accounting_officer", "concierge", "owner")
    assert [reads(world.staff[name]) for name in closed] == [[False, False]] * len(closed)
    decides = (world.officer, world.director, world.staff["auditor"])
    assert [reads(who) for who in decides] == [[True, True]] * 3
    # nor does the firm, whose page counts who holds the case
    assert Holding.objects.get(case=case, to_at=None) == held_before


def batch_with_a_hit(world: World, *, closed: bool) -> tuple[Payment, PaymentBatch]:
    """A payment in a batch, about whose case the police answer afterwards."""
    award, payee = payments.fixed(world)
    payments.account(world, payee)
    asked = Inquiry.objects.create(
        application=award.application, addressee="x", ordinance="x", people=1, sent_by=world.officer
    )
    payment = payments.ordered(world, award, payee)
    treasurer = world.staff["treasurer"]
    batch = paying.make_batch(treasurer, pay_on=paying.next_pay_day(), payments=[payment])
    if closed:
        batch = payments.cleared(world, perform(batch, "lock", by=treasurer))
    answered(world, asked, "hit")
    return Payment.objects.get(pk=payment.pk), batch


def test_an_open_batch_is_not_closed_over_a_hit_and_the_payment_is_held_out_of_it(
    world: World,
) -> None:
    payment, batch = batch_with_a_hit(world, closed=False)
    treasurer = world.staff["treasurer"]
    with pytest.raises(NotReady, match="確かめることが残っている"):
        perform(batch, "lock", by=treasurer)
    held = perform(payment, "hold", by=treasurer, reason="確かめることが残っているため")
    assert (held.state, held.batch) == ("held", None)
    assert PaymentBatch.objects.get(pk=batch.pk).state == "voided"  # it was the only one


def test_a_closed_batch_makes_no_file_over_a_hit_until_accounting_sends_the_order_back(
    world: World,
) -> None:
    payment, batch = batch_with_a_hit(world, closed=True)
    accounting = world.staff["accounting_officer"]
    with pytest.raises(NotReady, match="確かめることが残っている") as refused:
        perform(batch, "export", by=accounting)
    assert "暴力団" not in "".join(refused.value.reasons)
    with pytest.raises(NotReady, match="振込データに入っています"):
        perform(payment, "hold", by=world.staff["treasurer"], reason="x")
    perform(payment, "send_back", by=accounting, reason="確認中のため", doubts=["lawful"])
    assert PaymentBatch.objects.get(pk=batch.pk).state == "voided"


def test_the_record_does_not_say_what_was_answered(world: World) -> None:
    application, _person = world.submitted()
    answered(world, sent(world, application), "hit")
    said = [event.payload.content for event in Event.objects.filter(action__startswith="inquiry.")]
    assert len(said) == 2
    assert not any("hit" in text or "該当あり" in text for text in said)


def test_only_an_officer_of_the_case_reads_it(world: World, client: Client) -> None:
    application, person = world.submitted()
    inquiry = sent(world, application)
    page = reverse("inquiry_answer", args=[inquiry.pk])
    for user, status in ((world.officer, 200), (world.director, 403), (person, 404)):
        client.force_login(user)
        assert client.get(page).status_code == status
    client.force_login(world.officer)
    assert inquiring.ORDINANCE in one_line(client.get(page))
    typed = {"result": "clear", "answered_on_y": f"{clock.today()}", "answer_number": "第1号"}
    assert client.post(page, typed | {"result": ""}).status_code == 422
    assert client.post(page, typed).status_code == 302
    assert Inquiry.objects.get().result == "clear"
    assert Reading.objects.filter(what="inquiry", case=application.case).exists()


def test_the_database_keeps_an_answer_whole_and_one_open_inquiry(world: World) -> None:
    application, _person = world.submitted()
    inquiry = sent(world, application)
    rows = Inquiry.objects.filter(pk=inquiry.pk)
    with pytest.raises(IntegrityError, match="answer_whole"), transaction.atomic():
        rows.update(result="hit")
    inquiry.pk = None
    with pytest.raises(IntegrityError, match="open_once"), transaction.atomic():
        inquiry.save()


def test_what_is_asked_of_the_police_is_clear_by_their_answer_alone(
    world: World, client: Client
) -> None:
    application, _person = world.submitted()
    client.force_login(world.officer)
    page = f"/cases/{application.case.number}/"
    assert "照会の名簿をまだ取り出していません" in one_line(client.get(page))
    inquiry = sent(world, application)
    assert "警察への照会の回答を待っています" in one_line(client.get(page))
    for result in ("clear", "not_needed"):
        with pytest.raises(NotReady, match="警察に照会しています"):
            formal.check(ledger(application), by=world.officer, result=result, evidence="x")
    with pytest.raises(NotReady, match="警察に照会しています"):
        formal.note(application, {"antisocial": ("clear", "x")}, by=world.officer)
    assert known.look_first(application, "antisocial") == [
        "暴力団の排除：警察への照会の回答を待っています。"
    ]
    answered(world, inquiry, "clear")
    application = Application.objects.get(pk=application.pk)
    assert ledger(application).result == "clear"
    assert known.look_first(application, "antisocial") == []
