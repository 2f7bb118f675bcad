"""State × transition × role, written by hand: who sees which button in which state of an application."""

from typing import Any

import pytest

from grants.applications.models import Application
from portal.accounts.models import User
from portal.workflow.door import actions
from portal.workflow.graph import UNBORN
from tests.conftest import World

# who may begin, per state, the transitions open to a person ("-" none). Acts and inner transitions are below.
TABLE = {
    #                 representative  member  officer                            approver  reviewer  auditor  outsider
    "draft":        ("withdraw",      "-",    "-",                               "-",      "-",      "-",     "-"),
    "submitted":    ("withdraw",      "-",    "return_for_correction accept",    "-",      "-",      "-",     "-"),
    "returned":     ("withdraw",      "-",    "-",                               "-",      "-",      "-",     "-"),
    "accepted":     ("withdraw",      "-",    "-",                               "-",      "-",      "-",     "-"),
    "under_review": ("withdraw",      "-",    "-",                               "-",      "-",      "-",     "-"),
    "reviewed":     ("withdraw",      "-",    "-",                               "-",      "-",      "-",     "-"),
    "selected":     ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "waitlisted":   ("withdraw",      "-",    "-",                               "-",      "-",      "-",     "-"),
    "awarded":      ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "rejected":     ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "inadmissible": ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "lapsed":       ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "withdrawn":    ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "concluded":    ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
}  # fmt: skip

# transition: (sources, target, duty, notice), the whole graph written out a second time
GRAPH: dict[str, tuple[str, str, str, str]] = {
    "begin": ("", "draft", "", ""),
    "submit": ("draft returned", "submitted", "", "receipt"),
    "withdraw": ("draft submitted returned accepted under_review reviewed waitlisted", "withdrawn", "", ""),
    "return_for_correction": ("submitted", "returned", "", "correction"),
    "accept": ("submitted", "accepted", "", ""),
    "start_review": ("accepted", "under_review", "", ""),
    "close_review": ("under_review", "reviewed", "", ""),
    "select": ("reviewed", "selected", "approve_decision", ""),
    "waitlist": ("accepted reviewed", "waitlisted", "approve_decision", "waitlist"),
    "award": ("accepted reviewed selected waitlisted", "awarded", "approve_decision", ""),
    "reject": ("accepted reviewed waitlisted", "rejected", "approve_decision", "rejection"),
    "declare_inadmissible": ("submitted", "inadmissible", "approve_decision", "inadmissible"),
    "lapse": ("returned", "lapsed", "approve_decision", "lapse"),
    "conclude": ("submitted accepted under_review reviewed", "concluded", "", ""),
}
OPEN = {"withdraw", "return_for_correction", "accept"}


def people(world: World, application: Application) -> list[User]:
    organisation = application.case.organisation
    member = world.people["haruka"]
    member.memberships.create(organisation=organisation, role="member")
    return [organisation.memberships.get(role="representative").user, member, world.officer, world.director,
            world.staff["ito"], world.staff["kansa"], world.outsider]  # fmt: skip


def test_the_graph_is_the_one_written_here() -> None:
    found = {
        name: (" ".join(UNBORN if s == UNBORN else s for s in spec.sources), spec.target, spec.duty, spec.notice)
        for name, spec in Application.specs().items()
    }
    assert found == GRAPH
    assert {name for name, spec in Application.specs().items() if not spec.internal} == OPEN


def test_each_state_shows_each_role_its_buttons(world: World) -> None:
    application, _person = world.submitted()
    roles = people(world, application)
    found: dict[str, tuple[str, ...]] = {}
    for state in TABLE:
        application.__dict__["state"] = state  # only in memory: the table asks, nothing is performed
        found[state] = tuple(" ".join(a.spec.name for a in actions(person, application)) or "-" for person in roles)
    assert {s: tuple(set(cell.split()) for cell in row) for s, row in found.items()} == {
        s: tuple(set(cell.split()) for cell in row) for s, row in TABLE.items()
    }


@pytest.mark.parametrize("name", sorted(set(GRAPH) - OPEN))
def test_inner_transitions_have_no_page(world: World, client: Any, name: str) -> None:
    application, person = world.submitted()
    client.force_login(person)
    assert client.get(f"/do/application/{application.pk}/{name}/").status_code == 404
