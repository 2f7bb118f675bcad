"""What an award carries of its application, firm and book is what these say, whoever writes which of
them; the office's figures add that up.
"""

from collections.abc import Callable
from threading import Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from grants.awards import carried
from grants.awards.decided import decided
from grants.awards.models import Award
from grants.budget.models import BudgetEntry, BudgetLine, book, decommit
from grants.payments import execution
from grants.programmes.models import Call
from portal.accounts.models import Organisation
from portal.cases.models import Case
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.grants.test_payments import fixed, paid


def line_of(award: Award) -> BudgetLine:
    return BudgetLine.objects.get(call=award.application.call, frame=award.frame, unit="yen")


def pay(world: World, award: Award, yen: int, kind: str = "disbursement") -> None:
    book(line_of(award), kind, yen, by=world.officer, case=award.case)


def told(award: Award) -> tuple[int, bool, int]:
    """The call, whether a sole proprietor's, and what was paid."""
    return Award.objects.values_list("of_call", "of_person", "paid").get(pk=award.pk)


@begins(awarded)
def test_it_is_copied_whichever_is_written(world: World) -> None:
    award, _person = world.begun(awarded)
    call, firm = award.application.call, award.case.organisation
    assert told(award) == (call.pk, False, 0)
    pay(world, award, 100_000)
    pay(world, award, 30_000, "return")
    award.save()  # knows nothing of what was paid
    assert told(award) == (call.pk, False, 70_000)
    person = Organisation.objects.create(
        kind="sole_proprietor", name="佐藤商店", is_fictitious=True
    )
    Case.objects.filter(pk=award.case_id).update(organisation=person)
    assert told(award) == (call.pk, True, 70_000)
    Organisation.objects.filter(pk=person.pk).update(kind="corporation")
    assert told(award) == (call.pk, False, 70_000)
    Case.objects.filter(pk=award.case_id).update(organisation=firm)
    other = world.call("telework", round_no=9)
    type(award.application).objects.filter(pk=award.application_id).update(call=other)
    assert told(award) == (other.pk, False, 70_000)
    assert not carried.differing().exists()


@begins(fixed)
def test_figures_say_what_the_rows_say_one_by_one(world: World) -> None:
    first, _person = world.begun(fixed)
    second, other = awarded(world)
    Organisation.objects.filter(pk=other.memberships.get().organisation_id).update(
        kind="sole_proprietor"
    )
    pay(world, second, 1_000)
    of = Call.objects.filter(pk__in=[first.application.call_id, second.application.call_id])
    found = decided(of)
    assert (found.corporations, found.persons) == (first.awarded_amount, second.awarded_amount)
    assert (found.without_line, found.given_back) == (0, first.awarded_amount - first.payable)
    decommit(second.application.call, second.frame, 500, by=world.officer, case=second.case)
    assert decided(of).given_back == found.given_back + 500
    months = execution.forecast(line_of(first).fiscal_year)
    assert sum(month.yen for month in months) == first.payable + second.payable - 1_000
    assert sum(month.cases for month in months) == 2
    BudgetLine.objects.filter(pk=line_of(first).pk).update(frame="elsewhere")
    assert decided(of).without_line == first.awarded_amount + second.awarded_amount


@begins(paid)
def test_what_was_paid_whole_is_foreseen_no_more(world: World) -> None:
    award, _person, _payment = world.begun(paid)
    assert award.paid == award.payable
    assert execution.forecast(line_of(award).fiscal_year) == []


@begins(awarded)
def test_a_wrong_copy_is_found_and_mended(world: World) -> None:
    award, _person = world.begun(awarded)
    call_command("verify_awards")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grants_awards_award DISABLE TRIGGER carry")
        cursor.execute("UPDATE grants_awards_award SET paid = 7")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE grants_awards_award ENABLE TRIGGER carry")
    with pytest.raises(CommandError, match=award.case.number):
        call_command("verify_awards")
    call_command("verify_awards", mend=True)
    assert told(award)[2] == 0


def beside(act: Callable[[], object]) -> Thread:
    """In a transaction of its own."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(1)
    return thread


def test_an_award_that_is_written_while_it_is_paid_carries_both(committed_world: World) -> None:
    award, _person = awarded(committed_world)
    with transaction.atomic():
        pay(committed_world, award, 5_000)
        # a state, say, by somebody who read the award before
        thread = beside(lambda: Award.objects.get(pk=award.pk).save())
        assert thread.is_alive()  # waits
    thread.join(20)
    assert told(award)[2] == 5_000
    assert BudgetEntry.objects.filter(case=award.case, kind="disbursement").count() == 1


def test_an_award_that_is_made_while_its_firm_changes_carries_what_it_becomes(
    committed_world: World,
) -> None:
    award, person = awarded(committed_world)
    again = Award.objects.get(pk=award.pk)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT * FROM grants_awards_award")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM grants_awards_award")
        cursor.execute("SET session_replication_role = origin")

    def make() -> None:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO grants_awards_award SELECT * FROM kept")

    firm = Organisation.objects.filter(pk=person.memberships.get().organisation_id)
    with transaction.atomic():
        firm.update(kind="sole_proprietor")
        thread = beside(make)
        assert thread.is_alive()  # waits
    thread.join(20)
    assert told(again)[1]
    assert not carried.differing().exists()
