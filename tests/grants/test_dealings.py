"""One IT partner in many applications is said before anything is bought, and leads to the list of its cases."""

from urllib.parse import urlencode

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.management import call_command
from django.test import Client

from grants.applications.models import Application
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.workflow.door import perform
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded, reported
from tests.grants.test_reviews import convened
from tests.markup import one_line

PARTNER = "株式会社ポプラシステムズ"
VENDOR = "有限会社架空事務機"
TOLD = f"「{PARTNER}」は、ほかに{{n}}者の申請者の申請書か実績報告に出てきます。"


def six(world: World) -> tuple[Application, ...]:
    world.calls["dx_promotion"] = world.call("dx_promotion")
    return tuple(world.accepted("dx_promotion")[0] for _ in range(6))


def listed(client: Client, **filters: str) -> set[str]:
    page = client.get("/cases/", filters)
    assert page.status_code == 200
    return {case.number for case in page.context["page"]}


@begins(six)
def test_an_it_partner_of_many_applications_is_said_on_the_case_and_where_it_is_decided(
    world: World, client: Client
) -> None:
    applications = world.begun(six)
    case = applications[0].case
    client.force_login(world.officer)
    shown = one_line(client.get(case.get_absolute_url()))
    assert TOLD.format(n=5) in shown
    assert f"/cases/?{urlencode({'vendor': PARTNER})}" in shown
    with world.after_intake(applications[0].call):
        draft = world.approval("reject", [applications[0]], {"reason": "基準に満たないため"})
        client.force_login(world.director)
        assert TOLD.format(n=5) in one_line(client.get(draft.get_absolute_url()))


@begins(six)
def test_four_others_are_no_clue(world: World, client: Client) -> None:
    applications = world.begun(six)
    Application.objects.filter(pk=applications[5].pk).update(partner_key="")
    client.force_login(world.officer)
    shown = one_line(client.get(applications[0].case.get_absolute_url()))
    assert "ほかに4者" not in shown
    assert "申請書か実績報告に出てきます" not in shown


@begins(six)
def test_the_filter_finds_who_named_it_and_who_bought_there_spelled_either_way(
    world: World, client: Client
) -> None:
    named = {application.case.number for application in world.begun(six)}
    award, person = awarded(world)
    reported(world, award, person)
    client.force_login(world.officer)
    assert listed(client, vendor=PARTNER) == named
    assert listed(client, vendor=" 株式会社 ぽぷらシステムズ ") == named
    assert listed(client, vendor=VENDOR) == {award.case.number}
    assert listed(client, vendor="株式会社ポプラ") == set()
    assert listed(client, vendor=VENDOR, state="submitted") == set()


def held(world: World, **roles: str) -> User:
    """Somebody of the office: role → the programme that it is about."""
    person: User = User.objects.create_user("two@example.jp", None, name="架空 二郎")
    TOTP.activate(person, "A" * 32)
    for role, programme in roles.items():
        StaffRole.objects.create(
            person=person,
            role=role,
            programme_code=programme,
            starts_on=clock.today(),
            granted_by=world.staff["administrator"],
        )
    return person


@begins(six)
@pytest.mark.parametrize(
    ("roles", "found"),
    [
        ({"programme_officer": "dx_promotion"}, 6),
        ({"programme_officer": "telework"}, 0),
        ({"auditor": "dx_promotion"}, 6),
    ],
)
def test_the_filter_leaves_what_the_person_reads_clues_of(
    world: World, client: Client, roles: dict[str, str], found: int
) -> None:
    client.force_login(held(world, **roles))
    assert len(listed(client, vendor=PARTNER)) == found


def test_who_pays_and_reads_no_clues_finds_no_case_by_its_vendor(
    world: World, client: Client
) -> None:
    award, person = awarded(world)
    reported(world, award, person)
    number = award.case.number
    client.force_login(held(world, programme_officer="dx_promotion", finance_officer="telework"))
    assert number in listed(client)
    assert listed(client, vendor=VENDOR) == set()


def test_who_reviews_is_neither_offered_the_filter_nor_answered_by_it(
    world: World, client: Client
) -> None:
    panel, _applications = convened(world)
    reviewer = world.staff["reviewer"]
    for review in panel.reviews.filter(reviewer=reviewer):
        perform(review, "declare", by=reviewer)
    client.force_login(reviewer)
    everything = listed(client)
    assert len(everything) == 2
    assert listed(client, vendor=PARTNER) == listed(client, vendor="別の会社") == everything
    assert 'name="vendor"' not in client.get("/cases/").content.decode()
    call_command("index_cases")
    assert listed(client, q="ポプラシステムズ") == set()
    client.force_login(world.officer)
    assert listed(client, q="ポプラシステムズ") == everything
