"""What was paid is a column for those to whom the payments of a case are open, on every way to it."""

import pytest
from django.test import Client

from portal import clock
from portal.accounts.models import StaffRole, User
from portal.cases import columns
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_recovery import paid

TOWN, OTHER = "011002", "012319"


def told(person: User) -> bool:
    """Is it in the list, its order, the spreadsheet and what is offered, where its column is asked for?"""
    client = Client()
    client.force_login(person)
    page = client.get("/cases/?columns=receipt.paid&order=-paid")
    listed = [cell.label for _case, cells in page.context["rows"] for cell in cells]
    file = b"".join(client.get("/cases/export.csv?columns=receipt.paid")).decode("utf-8-sig")
    offered = [column.name for column in columns.offered(person)]
    is_sorted = "aria-sort" in page.content.decode()  # by its own order it would say sums, too
    found = {"支払額（円）" in listed, "支払額" in file, "paid" in offered, is_sorted}
    assert len(found) == 1
    return found.pop()


def with_role(world: World, name: str, role: str, town: str | None) -> User:
    StaffRole.objects.create(
        person=world.staff[name],
        role=role,
        municipality_id=town,
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
    )
    return User.objects.get(pk=world.staff[name].pk)


@begins(paid)
def test_by_role(world: World) -> None:
    world.begun(paid)
    for name, is_told in (("inspector", False), ("accountant", True), ("officer", True)):
        assert told(world.staff[name]) is is_told, name


@begins(paid)
@pytest.mark.parametrize(
    ("role", "town", "is_told"),
    [("auditor", None, True), ("auditor", OTHER, False), ("accounting_officer", None, False)],
)
def test_who_holds_two_roles_reads_it_where_one_opens_what_the_other_brings(
    world: World, role: str, town: str | None, is_told: bool
) -> None:
    world.begun(paid)
    assert columns.reads_money(with_role(world, "inspector", role, town)) is is_told
