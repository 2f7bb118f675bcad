"""How much was awarded: what the public reads, what the office reads and what the book holds, to the yen."""

from django.test import Client

from grants.applications.models import Application
from grants.awards.decided import Decided, decided
from grants.awards.models import Award
from grants.payments import execution
from grants.programmes.models import Call
from portal import clock, fiscal
from portal.accounts.models import User
from portal.workflow.door import perform
from reports.statistics.models import Row
from reports.statistics.page.choice import Choice
from reports.statistics.page.counted import bridge, counting
from reports.statistics.releasing import building
from reports.statistics.releasing.figures import Figures
from tests.conftest import World
from tests.grants import test_completion as completion
from tests.markup import one_line

YEAR = fiscal.fiscal_year(clock.today())


def awarded(world: World, round_no: int, *, has_lines: bool = True) -> tuple[Award, User]:
    """Of a call of its own; without a line in yen as an older database may hold one."""
    call = world.call("telework", round_no=round_no, budgets=None if has_lines else [])
    application, person = world.accepted(call=call)
    world.decided("award", [application])
    return Award.objects.get(application=application), person


def of_a_person(application: Application) -> None:
    firm = application.case.organisation
    firm.kind, firm.corporate_number = "sole_proprietor", None
    firm.save()


def test_three_answers_are_one_and_reconciled_to_the_yen(world: World) -> None:
    reduced, who = completion.awarded(world)
    report = completion.reported(world, reduced, who, 360_000)
    world.decided("fix", [completion.inspected(world, report)])
    reduced = Award.objects.get(pk=reduced.pk)
    person, _p = awarded(world, 5)
    of_a_person(person.application)
    counted, _p = awarded(world, 6, has_lines=False)
    building.publish(YEAR, by=world.officer, approved_by=world.approver)
    later, _p = awarded(world, 7)
    withdrawn, who = awarded(world, 8)
    perform(withdrawn, "withdraw", by=who)

    calls = Call.objects.filter(fiscal_year=YEAR)
    assert reduced.fixed_amount is not None
    assert reduced.fixed_amount < reduced.awarded_amount
    assert decided(calls) == Decided(
        corporations=sum(row.awarded_amount for row in (reduced, counted, later)),
        persons=person.awarded_amount,
        without_line=counted.awarded_amount,
        given_back=reduced.awarded_amount - reduced.fixed_amount,
    )
    assert decided(calls).committed == execution.total(execution.rows(YEAR, calls)).committed
    told = bridge(YEAR, calls)
    assert told.published == sum(row.awarded_amount for row in (reduced, counted))
    assert told.since == later.awarded_amount


def test_the_office_reads_the_way_and_the_public_what_is_left_out(
    world: World, client: Client
) -> None:
    person, _p = awarded(world, 5)
    of_a_person(person.application)
    corporate, _p = awarded(world, 6)
    release = building.publish(YEAR, by=world.officer, approved_by=world.approver)
    client.force_login(world.officer)
    page = one_line(client.get("/staff/statistics/"))
    for yen in (
        corporate.awarded_amount,
        person.awarded_amount,
        corporate.awarded_amount + person.awarded_amount,
    ):
        assert f">{yen:,}<" in page
    public = one_line(Client().get("/statistics/"))
    assert "個人事業主への交付は含みません" in public
    assert f"{person.awarded_amount:,}" not in public  # a lone one

    figures = Figures(release)
    [row] = figures.tables["people"]
    open_row = {**row, "suppressed": False, "awards": 4, "awarded_yen": 12_345_678}
    committed = corporate.awarded_amount + 12_345_678
    book: list[Row] = [
        {**row, "suppressed": False, "committed": committed} for row in figures.tables["ledger"]
    ]
    figures.tables["people"], figures.tables["ledger"] = [open_row], book
    said = "".join(counting(figures, Choice(YEAR)))
    assert "個人事業主への交付4件、12,345,678円は含みません。" in said
    assert "これより12,345,678円多い額です。" in said
