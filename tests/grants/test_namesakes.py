"""Two firms of one name: where an officer is told so, and what is noted who looked at both."""

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications.models import Application
from portal.accounts.models import Organisation
from portal.firms import namesakes
from portal.workflow.errors import Forbidden
from tests.conftest import World
from tests.markup import one_line


@pytest.fixture
def two(world: World) -> tuple[Application, Organisation]:
    """An application that is to be checked, and another firm that is called like its own."""
    application, _person = world.submitted()
    other, _person = world.submitted()
    firm = other.case.organisation
    firm.name = application.case.organisation.name
    firm.save()
    return application, firm


def note(world: World, application: Application, firm: Organisation, found: str) -> None:
    namesakes.note(
        application.case.organisation, firm, by=world.officer, found=found, ground="登記を見た"
    )


def test_the_warning_stands_beside_what_accepts_with_ways_to_the_other_firm(
    world: World, two: tuple[Application, Organisation], client: Client
) -> None:
    application, firm = two
    client.force_login(world.officer)
    page = one_line(client.get(application.case.get_absolute_url()))
    block = page[page.index('class="to-check"') : page.index("記録して受理する")]
    for part in (block, page[page.index('id="ledger"') :]):
        assert "申請者と同じ名称の事業者が、ほかにあります" in part
        assert reverse("firm_staff", args=[firm.pk]) in part
        assert f'href="/cases/?q={firm.corporate_number}"' in part
    note(world, application, firm, "different")
    page = one_line(client.get(application.case.get_absolute_url()))
    assert "別の事業者" in page
    assert "登記を見た" in page


def test_a_firms_page_lists_its_cases_and_its_namesakes(
    world: World, two: tuple[Application, Organisation], client: Client
) -> None:
    application, firm = two
    client.force_login(world.officer)
    own = application.case.organisation
    page = client.get(reverse("firm_staff", args=[own.pk]), follow=True)
    assert page.redirect_chain == []
    assert [row.pk for row in page.context["cases"]] == [application.case_id]
    assert page.context["namesakes"] == [(firm, None)]
    address = reverse("firm_namesake", args=[own.pk, firm.pk])
    assert client.post(address, {"found": "same", "ground": ""}).status_code == 422
    assert namesakes.noted(own) == {}
    assert (
        client.post(address, {"found": "same", "ground": "代表者も所在地も同じ"}).status_code == 302
    )
    for one, its in ((own, firm), (firm, own)):
        noted = namesakes.noted(one)[its.pk]
        assert (noted.found, noted.ground) == ("同じ事業者（二重の登録）", "代表者も所在地も同じ")
        assert noted.event.actor == world.officer
    address = reverse("firm_namesake", args=[own.pk, own.pk])
    assert client.post(address, {"found": "same", "ground": "x"}).status_code == 404


def test_what_was_found_last_stands_and_only_who_keeps_the_firm_says_it(
    world: World, two: tuple[Application, Organisation]
) -> None:
    application, firm = two
    note(world, application, firm, "same")
    note(world, application, firm, "different")
    assert str(namesakes.noted(firm)[application.case.organisation_id].found) == "別の事業者"
    with pytest.raises(Forbidden):
        namesakes.note(
            application.case.organisation,
            firm,
            by=world.staff["accountant"],
            found="same",
            ground="x",
        )
