"""Where a municipality has too few people, one person may hold named pairs of duties: by two administrators, and noted."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grants.payments import paying
from grants.payments.models import Claim
from portal import clock
from portal.accounts import demo, duty_exceptions
from portal.accounts.models import DutyException
from portal.audit.models import Event, Payload
from portal.cases import proof
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow import duties
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.markup import one_line
from tools.demonstration.simulation import parts

ISHIKARI = "012351"
PAIR = "check_claim-order_payment"


def proposed(world: World, *pairs: str, where: str = ISHIKARI, days: int = 30) -> DutyException:
    return duty_exceptions.propose(
        Municipality.objects.get(pk=where),
        pairs or [PAIR],
        ground="職員が1人のため",
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=days),
        by=world.staff["administrator"],
    )


def in_force(world: World) -> DutyException:
    return duty_exceptions.confirm(proposed(world), by=world.staff["second_administrator"])


def checked(world: World, where: str = ISHIKARI) -> Claim:
    """A claim that the accountant has checked, of a case of another municipality than Sapporo."""
    award, person = payments.fixed(world)
    payments.account(world, person, by="treasurer")
    type(award.case).objects.filter(pk=award.case_id).update(municipality_codes=[where])
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    return perform(claim, "examine", by=world.staff["accountant"])


@begins(checked)
def test_an_exception_lets_one_person_do_both_of_a_pair_and_each_use_is_noted(
    world: World, client: Client
) -> None:
    claim, person = world.begun(checked), world.staff["accountant"]
    open_one = proposed(world)
    with pytest.raises(Forbidden, match="請求の確認をしたあなたは"):  # before it is confirmed
        paying.order(claim, by=person)
    duty_exceptions.confirm(open_one, by=world.staff["second_administrator"])
    assert not Event.objects.filter(action="duty.excepted").exists()
    payment = paying.order(claim, by=person)
    assert payment.state == "ordered"
    event = Event.objects.get(action="duty.excepted")
    said = Payload.objects.get(event=event).data()
    assert (event.actor, event.chain) == (person, f"case:{claim.case_id}")
    assert (said["pair"], said["exception"]) == (PAIR, open_one.subject_key)
    rows, _interested = proof.of_case(claim.case)
    found = {(row.first, row.second): row.verdict for row in rows}
    assert found["請求の確認", "支出命令"] == "excepted"
    client.force_login(world.staff["auditor"])
    page = one_line(client.get(f"/cases/{claim.case.number}/duties/"))
    assert "例外により同じ人" in page
    assert "分かれていない職務" not in page
    duty_exceptions.end(open_one, by=world.staff["administrator"])
    rows, _interested = proof.of_case(claim.case)  # what it allowed then stays allowed
    assert "together" not in {row.verdict for row in rows}


@begins(checked)
def test_an_exception_reaches_no_other_municipality_pair_or_day(world: World) -> None:
    claim, person = world.begun(checked), world.staff["accountant"]
    exception = in_force(world)
    rows = type(claim.case).objects.filter(pk=claim.case_id)
    for codes in ([SAPPORO], [ISHIKARI, SAPPORO]):
        rows.update(municipality_codes=codes)
        with pytest.raises(Forbidden):
            paying.order(claim, by=person)
    rows.update(municipality_codes=[ISHIKARI])
    with clock.at(clock.now() + timedelta(days=31)):
        assert duties.conflicts(person, [f"case:{claim.case_id}"], "order_payment")
    assert duties.conflicts(
        person, [f"case:{claim.case_id}"], "check_order"
    )  # 会計 is never one's own
    assert not duties.conflicts(person, [f"case:{claim.case_id}"], "order_payment")
    duty_exceptions.end(exception, by=world.staff["second_administrator"])
    with pytest.raises(Forbidden):
        paying.order(claim, by=person)


def test_an_exception_is_an_act_of_two_administrators(world: World) -> None:
    first, second = world.staff["administrator"], world.staff["second_administrator"]
    exception = proposed(world)
    with pytest.raises(Forbidden, match="別の管理者"):
        duty_exceptions.confirm(exception, by=first)
    with pytest.raises(Forbidden, match="システム管理"):
        duty_exceptions.confirm(exception, by=world.director)
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        DutyException.objects.filter(pk=exception.pk).update(
            confirmed_at=clock.now(), closed_at=clock.now(), closed_by=first
        )
    assert reminders.tell_of_waiting() == 1
    assert Mail.objects.get(subject__contains="職務の分離の例外").to == second
    assert duty_exceptions.confirm(exception, by=second).is_running
    with pytest.raises(NotReady, match="すでに"):
        duty_exceptions.take_back(exception, by=second)
    actions = Event.objects.filter(subject=exception.subject_key).order_by("pk")
    assert [event.action for event in actions] == [
        "dutyexception.propose",
        "dutyexception.confirm",
    ]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"where": SAPPORO}, "札幌市は"),
        ({"days": 366}, "1年まで"),
        ({"days": -1}, "終わりの日"),
    ],
)
def test_what_no_exception_can_be(world: World, given: dict[str, str], words: str) -> None:
    with pytest.raises(NotReady, match=words):
        proposed(world, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "pair",
    [
        "check_claim-check_order",
        "order_payment-export_batch",
        "change_account-confirm_account",
        "draft_approval-approve_approval",
        "draft_budget_change-confirm_budget_change",
        "draft_classification-confirm_classification",
        "file_claim-check_claim",
        "nothing-else",
    ],
)
def test_what_the_law_or_the_database_keeps_apart_is_never_excepted(
    world: World, pair: str
) -> None:
    with pytest.raises(NotReady, match="組を選んで"):
        proposed(world, PAIR, pair)


def test_an_exception_is_proposed_and_confirmed_on_its_page_and_read_by_auditors(
    world: World,
) -> None:
    first, second, auditor = Client(), Client(), Client()
    for client, name in (
        (first, "administrator"),
        (second, "second_administrator"),
        (auditor, "auditor"),
    ):
        person = world.staff[name]
        person.set_password(demo.PASSWORD)
        person.save()
        client.force_login(person)
    path, today = "/staff/duty-exceptions/", clock.today()
    given = {
        "municipality": ISHIKARI,
        "pairs": [PAIR],
        "ground": "職員が1人のため",
        **parts("starts_on", today),
        **parts("ends_on", today + timedelta(days=60)),
    }
    assert "職務は、どこでも別々の人が" in auditor.get(path).content.decode()
    asked = first.post(path, given)
    assert asked.url.startswith("/accounts/reauthenticate/")  # type: ignore[attr-defined]
    first.post(asked.url, {"password": demo.PASSWORD, "next": path})  # type: ignore[attr-defined]
    exception = DutyException.objects.get()
    assert f"{path}{exception.pk}/confirm/" not in first.get(path).content.decode()
    assert f"{path}{exception.pk}/confirm/" in second.get(path).content.decode()
    page = auditor.get(path).content.decode()
    assert ("職員が1人のため" in page, "提案する</button>" in page) == (True, False)
    assert auditor.post(path, given).status_code == 403
    assert DutyException.objects.count() == 1
