"""An act on many cases does to each what the act on one does, and refuses whom that refuses: both are tried
as everybody of the office, while they can be done and after something stands against them.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from django.db import transaction
from django.http import QueryDict
from django.test import Client

from grants.applications import formal, inquiring
from grants.applications.check_ledger import Inquiry
from grants.applications.models import Application
from grants.followup import clues
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment
from portal import clock
from portal.accounts.models import User
from portal.audit.models import Event
from portal.bulk import planning, running
from portal.cases import interests, listing
from portal.cases.models import Case, Turn
from portal.cases.ports import bulk_acts
from portal.correspondence.models import Mail, Message
from portal.workflow import duties
from portal.workflow.access import may_enter
from portal.workflow.door import begin, perform
from portal.workflow.models import Duty
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_dealings import PARTNER, six
from tests.grants.test_inquiry import sent
from tests.journeys import forms
from tests.journeys.test_writing_rights import PROOFS, proved, undraw
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
    typed = {f"result-{kind}": "clear" for kind in kinds}  # without any it is not noted
    typed |= {f"evidence-{kind}": "x" for kind in kinds}
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
            result="hit",
            answer_number="x",
            answered_on=day,
            entered_by=world.officer,
            entered_at=clock.now(),
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
    labelled = remark | {"part_label": "x"}
    steps = [
        Step(f"/cases/{application.case.number}/defects/", labelled),
        Step(f"/do/application/{application.pk}/return_for_correction/"),
    ]
    return Act(application.case, steps, remark, lambda: withdrawn(application))


def set_aside(world: World) -> Act:
    application = world.begun(six)[0]
    clues.look_over_all()
    signal = f"many:{PARTNER}"
    step = Step(
        f"/cases/{application.case.number}/signals/dismiss/?signal={signal}", {"reason": "x"}
    )
    return Act(
        application.case,
        [step],
        {"clue": signal, "reason": "x"},
        lambda: Application.objects.filter(pk=application.pk).update(partner_key=""),
    )


def account_confirmed(world: World) -> Act:
    award, person = world.begun(payments.fixed)
    award.parameters["passbook"] = False  # nothing is open about the account
    award.save()
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
        holder_kana=firm.kana,
    )
    step = Step(f"/do/bankaccount/{account.pk}/confirm/")
    treasurer = world.staff["treasurer"]
    return Act(award.case, [step], {}, lambda: perform(account, "refuse", by=treasurer, reason="x"))


def claimed(world: World) -> Claim:
    award, person = world.begun(payments.fixed)
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
Trace = dict[str, list[object]]


def trace(case: Case) -> Trace:
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


# -- done to one, and among many -------------------------------------------------------------------
def held(client: Client, page: str) -> dict[str, object]:
    """What the form of a page brings unseen; nothing where it stands on another page."""
    path, found = page.partition("?")[0], client.get(page)
    every = forms.read(page, found.content.decode()) if found.status_code == 200 else []
    form = next((form for form in every if form.action.partition("?")[0] == path), None)
    if form is None:
        return {}
    return {one.name: one.held[0] for one in form.fields.values() if one.held}


def learned(by: User, act: Act) -> list[dict[str, object]]:
    """What is sent for one case, step by step, as somebody sends it who may."""
    client, found = proved(by), []
    with undone():
        for step in act.one:
            found.append(held(client, step.page) | step.typed)
            answer = client.post(step.page, found[-1])
            assert answer.status_code == 302, step.page
            assert not answer.headers["Location"].startswith(PROOFS)
    return found


def alone(by: User, act: Act, sent: list[dict[str, object]]) -> Trace:
    client = proved(by)
    with undone():
        for step, typed in zip(act.one, sent, strict=True):
            client.post(step.page, typed)
        return trace(act.case)


def among_many(by: User, name: str, act: Act) -> Trace:
    """As the pages of an act on many do it, which draw the rows in between."""
    found = planning.act_of(name)
    assert found is not None
    with undone():
        cases = listing.chosen(by, [act.case.number]) if may_enter(by, "case_bulk") else []
        if cases:
            bulk = planning.plan(by, name, found, cases, "/cases/")
            typed = {
                field: value.split(",") if field == "kinds" else [value.replace(BY, str(by.pk))]
                for field, value in act.typed.items()
            }
            data = QueryDict(mutable=True)
            for field, values in typed.items():
                data.setlist(field, values)
            if found.form(data, cases, by).is_valid():
                running.start(bulk, typed)
                running.carry_on(bulk)
        return trace(act.case)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


OFFICE = (
    "officer",
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
# who does it, of whom nothing is known on the case; and the duty that the act is
DOER = {"confirm_account": "treasurer", "examine_claim": "treasurer", "order_payment": "treasurer"}
DUTY = {
    "confirm_account": "confirm_account",
    "examine_claim": "check_claim",
    "order_payment": "order_payment",
}


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


def test_each_act_on_many_is_compared() -> None:
    assert set(ACTS) == set(dict(bulk_acts.items()))


BEGINS = {"set_aside": [begins(six)]} | {name: [begins(payments.fixed)] for name in DUTY}
# an approver takes a case in hand themself; given, among many, are cases to officers alone
OTHERWISE = {"assign": {"director"}}


@pytest.mark.parametrize("name", [pytest.param(name, marks=BEGINS.get(name, [])) for name in ACTS])
def test_an_act_on_many_does_and_refuses_as_the_act_on_one(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act, doer = ACTS[name](world), world.staff[DOER.get(name, "second_officer")]
    sent = learned(doer, act)
    undraw(monkeypatch)
    before = trace(act.case)
    came = {}
    asked = [key for key in OFFICE if key not in OTHERWISE.get(name, ())]
    for person in (doer, *(world.staff[key] for key in asked)):
        came[person] = alone(person, act, sent)
        many = among_many(person, name, act)
        assert came[person] == many, f"{person}: {came[person]} alone, {many} among many"
    assert came[doer] != before
    assert [person for person, found in came.items() if found == before], "everybody did it"
    spoils = [something, interested, elsewhere, *([kept_apart] if name in DUTY else [])]
    for spoil in spoils:
        with undone():
            spoil(act, doer, DUTY.get(name, ""))
            person, now = User.objects.get(pk=doer.pk), trace(act.case)
            assert alone(person, act, sent) == now, spoil
            assert among_many(person, name, act) == now, spoil
