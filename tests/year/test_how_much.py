"""How much was awarded: what the public reads, what the office reads and what the book holds, to the yen."""

import pytest
from django.db.models import Sum
from django.test import Client

from grants.awards.decided import decided
from grants.awards.models import Award
from grants.budget.models import BudgetEntry
from grants.payments import execution
from grants.programmes.models import Call
from portal.accounts.models import User
from reports.statistics.models import Release
from reports.statistics.page.counted import bridge
from reports.statistics.releasing.figures import Figures


def test_the_sum_is_told_three_ways_and_each_way_is_reconciled_with_the_book(year: Release) -> None:
    figures = Figures(year)
    for one in execution.years():
        calls = Call.objects.filter(fiscal_year=one)
        found, told = decided(calls), bridge(one, calls)
        assert found.committed == execution.total(execution.rows(one)).committed
        assert told.published + told.since == found.corporations
        assert told.published == figures.awards(one)["awarded_yen"]
        people = figures.people(one)
        if people is not None and not people["suppressed"]:
            assert people["awarded_yen"] == found.persons
        for call in calls:  # and call by call, as an office sees some of them
            mine = Call.objects.filter(pk=call.pk)
            assert decided(mine).committed == execution.total(execution.rows(one, mine)).committed


def test_what_is_left_out_is_there_to_be_left_out(year: Release) -> None:
    """Without it the reconciliation above would say nothing. Every call has a line in yen (decision 0094)."""
    found = decided(Call.objects.all())
    assert min(found.corporations, found.persons, found.given_back) > 0
    assert found.without_line == 0
    every = Award.objects.exclude(state="withdrawn").aggregate(n=Sum("awarded_amount"))["n"]
    assert found.total == every
    assert (
        BudgetEntry.objects.filter(line__unit="yen", kind="commitment").aggregate(n=Sum("amount"))[
            "n"
        ]
        >= found.total - found.without_line
    )


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/statistics/", ["個人事業主への交付"]),  # the book's sum is hidden in this year
        ("/staff/statistics/", ["個人事業主への交付", "支出負担行為"]),
    ],
)
def test_each_page_says_what_it_leaves_out(year: Release, path: str, words: list[str]) -> None:
    client = Client()
    client.force_login(User.objects.get(email="kitagawa@demo.example"))
    page = client.get(path).content.decode()
    assert [word for word in words if word not in page] == []
