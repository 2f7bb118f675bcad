"""An act on many cases does to each what the act on one does, and refuses whom that refuses: both are tried
by their pages, as everybody of the office, while they can be done and after something stands against them.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import pytest
from django.db import transaction
from django.test import Client

from grants.applications import formal, inquiring
from grants.applications.check_ledger import Inquiry
from grants.applications.models import Application
from grants.followup import clues
from grants.followup.models import Clue
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment
from portal import clock
from portal.accounts.models import User
from portal.audit.models import Event
from portal.bulk.models import Bulk
from portal.cases import interests
from portal.cases.models import Case, Turn
from portal.cases.ports import bulk_acts
from portal.correspondence.models import Mail, Message
from portal.workflow import duties
from portal.workflow.door import begin, perform
from portal.workflow.models import Duty
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded, reported
from tests.grants.test_dealings import PARTNER
from tests.grants.test_inquiry import sent
from tests.journeys import forms
from tests.journeys.test_urls import entered
from tests.ledger import all_clear
from tests.roles import granted

FAR = "013048"  # a town in which none of the cases lies
BY = "whoever does it"  # in what is typed: their key
Typed = dict[str, str]


class Step(NamedTuple):
    """A form of the act on one case: its address, and what is typed into it."""

    page: str
    typed: Typed = {}


class Act(NamedTuple):
    """`typed`: what is typed for many; `spoil`: afterwards it cannot be done."""

    case: Case
    one: list[Step]
    typed: Typed
    spoil: Callable[[], object]


# -- the acts, each where it can be done -----------------------------------------------------------
def taken(world: World) -> Act:
    """Given to oneself, which is what there is for one case."""
    case = world.submitted()[0].case
    take = Step(f"/cases/{case.number}/take/", {"seen": ""})
    return Act(case, [take], {"person": BY, "note": ""}, lambda: close(case))


def written(world: World) -> Act:
    case = world.submitted()[0].case
    step = Step(f"/cases/{case.number}/messages/", {"body": "お知らせ", "internal": "off"})
    return Act(case, [step], {"body": "お知らせ"}, lambda: close(case))


def checked(world: World) -> Act:
    application, _person = world.submitted()
    kinds = [row.kind for row in application.checks.exclude(kind=inquiring.KIND)]
    typed = {f"result-{kind}": "clear" for kind in kinds} | {
        f"evidence-{kind}": "x" for kind in kinds
    }
    step = Step(f"/cases/{application.case.number}/checks/", typed)
    return Act(
        application.case,
        [step],
        {"kinds": ",".join(kinds), "evidence": "x"},
        lambda: withdrawn(application),
    )


def answered(world: World) -> Act:
    application, _person = world.submitted()
    inquiry: Inquiry = sent(world, application)
    day = clock.today()
    paper = {"answered_on_y": f"{day}", "answer_number": "第1号"}
    step = Step(f"/staff/inquiry/{inquiry.pk}/", paper | {"result": "clear"})
    return Act(
        application.case,
        [step],
        paper,
        lambda: Inquiry.objects.filter(pk=inquiry.pk).update(
            result="hit", answered_on=day, entered_by=world.officer, entered_at=clock.now()
        ),
    )


def accepted(world: World) -> Act:
    application, _person = world.submitted()
    all_clear(application, by=world.officer)
    step = Step(f"/do/application/{application.pk}/accept/")
    remark = {"part": "plan.title", "part_label": "x", "cite": "x", "text": "x"}
    return Act(
        application.case,
        [step],
        {},
        lambda: formal.raise_defect(application, by=world.officer, **remark),
    )


def returned(world: World) -> Act:
    application, _person = world.submitted()
    remark = {"part": "plan.title", "cite": "要綱 第6条", "text": "具体的に"}
    steps = [
        Step(f"/cases/{application.case.number}/defects/", remark),
        Step(f"/do/application/{application.pk}/return_for_correction/"),
    ]
    return Act(application.case, steps, remark, lambda: withdrawn(application))


def set_aside(world: World) -> Act:
    award, person = awarded(world)
    reported(world, award, person)
    signal = f"many:{PARTNER}"
    Clue.objects.create(case=award.case, signal=signal)
    step = Step(f"/cases/{award.case.number}/signals/dismiss/?signal={signal}", {"reason": "x"})
    return Act(award.case, [step], {"clue": signal, "reason": "x"}, lambda: clues.erase(award.case))


def account_confirmed(world: World) -> Act:
    award, person = payments.fixed(world)
    firm = award.case.organisation
    account = begin(
        BankAccount,
        by=person,
        organisation=firm,
        bank_code="0116",
        branch_code="101",
        kind="1",
        number="1234567",
        holder=firm.name,
        holder_kana="カブシキガイシャ アオバ",
    )
    step = Step(f"/do/bankaccount/{account.pk}/confirm/")
    treasurer = world.staff["treasurer"]
    return Act(award.case, [step], {}, lambda: perform(account, "refuse", by=treasurer, reason="x"))


def claimed(world: World) -> Claim:
    award, person = payments.fixed(world)
    payments.account(world, person)
    return begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)


def examined(world: World) -> Act:
    claim = claimed(world)
    step = Step(f"/do/claim/{claim.pk}/examine/")
    accounts = BankAccount.objects.filter(organisation=claim.case.organisation_id)
    return Act(claim.case, [step], {}, lambda: accounts.update(state="replaced"))


def ordered(world: World) -> Act:
    claim = perform(claimed(world), "examine", by=world.staff["accountant"])
    step = Step(f"/claims/{claim.pk}/order/")
    accounts = BankAccount.objects.filter(organisation=claim.case.organisation_id)
    return Act(claim.case, [step], {}, lambda: accounts.update(state="replaced"))


ACTS: dict[str, Callable[[World], Act]] = {
    "assign": taken,
    "message": written,
    "check": checked,
    "clear": answered,
    "accept": accepted,
    "return": returned,
    "set_aside": set_aside,
    "confirm_account": account_confirmed,
    "examine_claim": examined,
    "order_payment": ordered,
}


def close(case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(disposed_on=clock.today())


def withdrawn(application: Application) -> None:
    person = application.case.organisation.memberships.get(role="representative").user
    perform(Application.objects.get(pk=application.pk), "withdraw", by=person, reason="x")


# -- what comes of it -----------------------------------------------------------------------------
def trace(case: Case) -> dict[str, list[object]]:
    """All that an act leaves: acts in the record, turns, mails, duties, what was written and ordered."""
    return {
        "events": list(
            Event.objects.filter(chain=f"case:{case.pk}")
            .order_by("seq")
            .values_list("action", "before", "after", "actor", "capacity")
        ),
        "turns": sorted(
            Turn.objects.filter(case=case).values_list("what", "side", "role", "due_on"), key=str
        ),
        "mails": sorted(Mail.objects.values_list("subject", "to__email"), key=str),
        "duties": sorted(Duty.objects.values_list("duty", "person"), key=str),
        "messages": list(Message.objects.filter(case=case).values_list("body", "internal")),
        "payments": list(Payment.objects.filter(case=case).values_list("amount", "state")),
        "case": list(Case.objects.filter(pk=case.pk).values_list("state", "assigned_to")),
    }


def send(client: Client, page: str, typed: dict[str, object]) -> None:
    """The form of the page as it is shown, with what is typed; nothing where there is no such page."""
    path = page.partition("?")[0]
    shown = client.get(page)
    held: dict[str, object] = {}
    if shown.status_code == 200:
        for form in forms.read(page, shown.content.decode()):
            if form.action.partition("?")[0] == path:
                held = {one.name: one.held[0] for one in form.fields.values() if one.held}
    client.post(page, held | typed)


def alone(by: User, act: Act) -> dict[str, list[object]]:
    client = entered(by)
    for step in act.one:
        send(client, step.page, dict(step.typed))
    return trace(act.case)


def among_many(by: User, name: str, act: Act) -> dict[str, list[object]]:
    client = entered(by)
    planned = {"do": name, "pick": [act.case.number], "next": "/cases/"}
    if client.post("/cases/bulk/", planned).status_code == 302 and Bulk.objects.exists():
        typed: dict[str, object] = {
            field: value.split(",") if field == "kinds" else value.replace(BY, str(by.pk))
            for field, value in act.typed.items()
        }
        send(client, Bulk.objects.latest("pk").get_absolute_url(), typed)
    return trace(act.case)


def undone(doing: Callable[[], dict[str, list[object]]]) -> dict[str, list[object]]:
    with transaction.atomic():
        found = doing()
        transaction.set_rollback(True)
    return found


OFFICE = (
    "officer",
    "second_officer",
    "director",
    "inspector",
    "reviewer",
    "accountant",
    "treasurer",
    "accounting_officer",
    "owner",
    "concierge",
    "auditor",
    "administrator",
)


def test_each_act_on_many_is_compared() -> None:
    assert set(ACTS) == set(dict(bulk_acts.items()))


@pytest.mark.parametrize("name", ACTS)
def test_an_act_on_many_is_the_act_on_one(world: World, name: str) -> None:
    act = ACTS[name](world)
    before, doers = trace(act.case), set()
    for key in OFFICE:
        person = world.staff[key]
        one = undone(partial(alone, person, act))
        many = undone(partial(among_many, person, name, act))
        assert one == many, f"{key}: {one} alone, {many} among many"
        doers |= {key} if one != before else set()
    assert doers, "nobody did it"
    assert doers < set(OFFICE), "everybody did it"


MONEY = {
    "confirm_account": "confirm_account",
    "examine_claim": "check_claim",
    "order_payment": "order_payment",
}


@pytest.mark.parametrize("name", ACTS)
def test_what_stands_against_it_stands_against_it_among_many(world: World, name: str) -> None:
    act = ACTS[name](world)
    key = "treasurer" if name in MONEY else "second_officer"
    before = trace(act.case)
    assert undone(partial(alone, world.staff[key], act)) != before
    for spoil in (something, interested, elsewhere, kept_apart):
        with transaction.atomic():
            spoil(act, world.staff[key], MONEY.get(name, ""))
            person, now = User.objects.get(pk=world.staff[key].pk), trace(act.case)
            if spoil is not kept_apart or name in MONEY:
                assert undone(partial(alone, person, act)) == now, spoil
                assert undone(partial(among_many, person, name, act)) == now, spoil
            transaction.set_rollback(True)


def something(act: Act, _person: User, _duty: str) -> None:
    act.spoil()


def interested(act: Act, person: User, _duty: str) -> None:
    interests.declare(act.case, by=person, detail="親族の会社")


def elsewhere(_act: Act, person: User, _duty: str) -> None:
    granted(person.staff_roles.all(), municipality=FAR)


def kept_apart(act: Act, person: User, duty: str) -> None:
    """They did before, on the same things, what the act must be kept apart from."""
    rows: list[Claim | BankAccount] = list(Claim.objects.filter(case=act.case))
    rows += BankAccount.objects.filter(organisation=act.case.organisation_id)
    for row in rows:
        for other in duties.against(duty):
            duties.note(person, row.duty_subjects(), other)
