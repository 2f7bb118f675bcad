"""What was paid, in the list of cases and its spreadsheets: the sum of the page of the case."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from grants.payments import paying
from grants.payments.models import Payment
from portal.cases import columns
from portal.cases.models import Case
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_recovery import paid
from tests.markup import one_line


@begins(paid)
def test_the_list_says_what_was_paid(world: World) -> None:
    award, _person = world.begun(paid)
    other = world.submitted()[0].case
    client = Client()
    client.force_login(world.officer)
    where = "/cases/?columns=receipt.paid"
    page = client.get(where)
    yen = paying.transferred(award.case)
    assert yen > 0
    told = {case.pk: [cell.text for cell in cells][-1] for case, cells in page.context["rows"]}
    assert (told[award.case_id], told[other.pk]) == (f"{yen:,}", "―")
    assert str(columns.PAID_SAID) in one_line(page)
    sheet = b"".join(client.get("/cases/export.csv?columns=receipt.paid"))
    rows = sheet.decode("utf-8-sig").splitlines()
    assert rows[0] == "受付番号,支払額（円）"
    assert f"{award.case.receipt_number},{yen}" in rows
    assert str(columns.PAID_SAID) not in one_line(client.get("/cases/"))
    for order in ("paid", "-paid"):  # what was not paid stands behind either way
        found = [case.pk for case in client.get(f"{where}&order={order}").context["page"]]
        assert found == [award.case_id, other.pk]


@begins(paid)
def test_a_case_carries_what_its_payments_say(world: World) -> None:
    """Whatever an older copy of the case writes over it, and when a transfer came back."""
    award, _person = world.begun(paid)
    payment = award.payments.get()

    def carried() -> int | None:
        return Case.objects.get(pk=award.case_id).paid_amount

    assert carried() == payment.amount
    stale = Case.objects.get(pk=award.case_id)
    stale.paid_amount = 7
    stale.save()
    assert carried() == payment.amount
    Payment.objects.filter(pk=payment.pk).update(state="bounced")
    assert carried() is None
    call_command("verify_awards")


@begins(paid)
def test_a_wrong_copy_is_found_and_mended(world: World) -> None:
    award, _person = world.begun(paid)
    payment = award.payments.get()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE portal_cases_case DISABLE TRIGGER carry_paid")
        cursor.execute("UPDATE portal_cases_case SET paid_amount = 7")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE portal_cases_case ENABLE TRIGGER carry_paid")
    with pytest.raises(CommandError, match=award.case.number):
        call_command("verify_awards")
    call_command("verify_awards", mend=True)
    assert Case.objects.get(pk=award.case_id).paid_amount == payment.amount
