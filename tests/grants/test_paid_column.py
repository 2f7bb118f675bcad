"""What was paid, in the list of cases and its spreadsheets: the sum of the page of the case."""

from django.test import Client

from grants.payments import paying
from portal.cases import columns
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
    assert client.get(f"{where}&order=paid").status_code == 200
