"""What came back as revenue: of which yen, in which year, and who reads it."""

from datetime import date, timedelta

from django.test import Client
from lxml import html

from grants.budget.ports import Revenue
from grants.recovery import collecting, revenue
from grants.recovery.models import MoneyIn, Recovery
from portal import clock, fiscal
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_recovery import line, paid
from tools.demonstration import simulation


@begins(paid)
def test_what_went_to_no_line_is_summed_by_the_year_in_which_it_came(
    world: World, client: Client
) -> None:
    award, _person = world.begun(paid)
    world.decided("revoke", [award], {"reason": "x", "heard": "x", "with_surcharge": True})
    clerk = world.staff["accountant"]

    def received(amount: int, day: date) -> MoneyIn:
        with clock.at(simulation.at(day, 12)):
            return collecting.receive(Recovery.objects.get(), amount=amount, paid_on=day, by=clerk)

    def told() -> list[Revenue]:
        return revenue.by_year(Recovery.objects.all())

    year = fiscal.fiscal_year(clock.today())
    assert received(100_000, clock.today()).to_line
    assert (told(), line(award)) == ([], (180_000, 180_000))
    june = date(year + 1, 6, 1)
    assert not received(150_000, june).to_line
    later = date(year + 2, 4, 1)
    with clock.at(simulation.at(later, 12)):
        left = Recovery.objects.get().owed()["left"]
    received(left + 7, later)  # 30,000 yen of the sum, what has accrued, and 7 yen too much
    expected = [
        Revenue(year=year + 2, principal=30_000, charges=left - 30_000),
        Revenue(year=year + 1, principal=150_000, charges=0),
    ]
    assert told() == expected
    assert left > 30_000
    with clock.at(simulation.at(later + timedelta(days=1), 12)):
        client.force_login(clerk)
        page = html.fromstring(client.get("/staff/budget/").content)
        rows = page.xpath("//section[@aria-labelledby='revenue-h']//tbody/tr")
        assert [[cell.text_content().strip() for cell in row] for row in rows] == [
            [f"{one.year}年度", f"{one.principal:,}", f"{one.charges:,}", f"{one.whole:,}"]
            for one in expected
        ]
        client.force_login(world.officer)
        assert "歳入になった返還金" not in client.get("/staff/budget/").content.decode()
