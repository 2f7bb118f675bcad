"""No page of the simulated year fails for anybody, and none offers what it then refuses."""

from collections import Counter

import pytest
from pytest_django import Settings

from portal.accounts.models import User
from portal.cases.models import Case
from reports.statistics.models import Release
from tests.year import crawl
from tools.demonstration.people import address

pytestmark = pytest.mark.xdist_group("year")
# one of each role
STAFF = (
    "officer",
    "director",
    "reviewer",
    "inspector",
    "accountant",
    "owner",
    "concierge",
    "auditor",
    "administrator",
)


@pytest.fixture(autouse=True)
def _in_the_year(year: Release, settings: Settings) -> None:
    settings.API_PER_MINUTE = 100_000


def test_every_page_opens_to_a_visitor(db: None) -> None:
    assert crawl.Walk(None, crawl.marks()).go("/").faults == []


@pytest.mark.parametrize("name", STAFF)
def test_every_page_opens_and_no_offered_act_is_refused_to_staff(db: None, name: str) -> None:
    person = User.objects.get(email=address(name))
    known = crawl.marks()
    numbers = crawl.specimens(known, all_kinds=name == "officer")
    cases = [
        case.get_absolute_url()
        for case in Case.objects.visible_to(person).filter(number__in=numbers)
    ]
    walk = crawl.Walk(person, known).go("/", *cases)
    assert walk.faults == []
    assert len(walk.opened) > 5


def test_every_page_opens_and_no_offered_act_is_refused_to_firms(db: None) -> None:
    """Each firm with a case of a kind of its own opens it; what firms share is opened by the first that comes to it."""
    known, opened, pressed, routes = crawl.marks(), set[str](), set[str](), Counter[str]()
    faults: list[str] = []
    for case in Case.objects.filter(
        number__in=crawl.specimens(known, all_kinds=True)
    ).select_related("organisation"):
        member = (
            case.organisation.memberships.filter(role="representative")
            .select_related("user")
            .first()
        )
        if member is not None:
            walk = crawl.Walk(member.user, known, opened=opened, pressed=pressed, routes=routes)
            faults += walk.go(
                case.get_absolute_url(), "/my/", f"/organisations/{case.organisation_id}/"
            ).faults
    assert faults == []
