"""Which payments are held, came back or were set off: a filter of the list of cases, and the way to it from finance's
desk.
"""

from datetime import timedelta

import pytest
from django.test import Client

from grants.payments import by_case, paying
from portal import clock
from portal.workflow.door import perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_bank_answers import sent, two_ordered
from tests.grants.test_offsetting import found, said
from tests.grants.test_payments import account, answer, looked_at, taken_in
from tests.reports import letters
from tools.demonstration import simulation


def cases(client: Client, chosen: str) -> list[int]:
    page = client.get("/cases/", {"payment": chosen})
    assert page.status_code == 200
    return [case.pk for case in page.context["page"]]


@begins(two_ordered)
def test_the_list_of_cases_is_narrowed_to_what_is_held(world: World, client: Client) -> None:
    one, other = world.begun(two_ordered)
    client.force_login(world.staff["treasurer"])
    assert cases(client, "held") == []
    perform(one, "hold", by=world.staff["treasurer"], reason="差押えの通知")
    assert cases(client, "held") == [one.case_id]
    assert {one.case_id, other.case_id} <= {*cases(client, "")}
    sheet = b"".join(client.get("/cases/export.csv?payment=held")).decode()
    assert (one.case.receipt_number in sheet, other.case.receipt_number in sheet) == (True, False)


@begins(sent)
def test_what_bounced_is_listed_until_it_is_ordered_anew(world: World, client: Client) -> None:
    batch = world.begun(sent)
    taken_in(world, batch, answer(batch, "1", "口座なし"))
    [payment] = batch.payments.all()
    treasurer = world.staff["treasurer"]
    client.force_login(treasurer)
    assert cases(client, "bounced") == [payment.case_id]
    person = payment.case.organisation.memberships.get().user
    looked_at(world, payment)
    account(world, person, number="7654321")
    paying.order(payment.claim, by=treasurer)
    assert cases(client, "bounced") == []


@begins(letters.late_elsewhere)
def test_what_was_set_off_is_found(world: World, client: Client) -> None:
    award, debt = world.begun(letters.late_elsewhere)
    with clock.at(simulation.at(debt.due_on + timedelta(days=1), 9)):
        client.force_login(world.staff["treasurer"])
        assert cases(client, "set_off") == []
        left = debt.owed(debt.due_on)["left"]
        world.decided("set_off", [found(award)], said(debt, left))
        assert cases(client, "set_off") == [award.case_id]


@pytest.mark.parametrize(("role", "reads"), [("treasurer", True), ("inspector", False)])
def test_only_who_reads_the_money_narrows_by_it(
    world: World, client: Client, role: str, reads: bool
) -> None:
    world.submitted()
    client.force_login(world.staff[role])
    form = client.get("/cases/", {"payment": "held"}).context["form"]
    assert ("payment" in form.fields) == reads


def test_the_desk_leads_to_each_list(world: World, client: Client) -> None:
    client.force_login(world.staff["treasurer"])
    page = client.get("/payments/").content.decode()
    assert all(f'href="/cases/?payment={name}"' in page for name in by_case.WAITING)
