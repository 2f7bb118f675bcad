"""The case page opens in every state of what hangs on it: to the office and to the firm, in both languages."""

import pytest
from django.test import Client

from portal.accounts.models import User
from portal.cases.models import Case
from portal.workflow.graph import life_cycles
from tests.conftest import World
from tests.journeys.lives import LIVES

OFFICE = ("officer", "director", "inspector", "reviewer", "accountant", "auditor")
# whose pages are the case page: a state added to one of them fails below until a way leads to it
ON_THE_CASE_PAGE = {
    "Application",
    "CompletionReport",
    "Claim",
    "Payment",
    "Recovery",
    "Enrolment",
    "Match",
    "Pilot",
    "Rollout",
}


def test_a_way_leads_to_every_state_of_what_the_case_page_shows() -> None:
    met = {state for states, _way in LIVES.values() for state in states}
    wanted = {
        (m, state) for m in life_cycles() if m.__name__ in ON_THE_CASE_PAGE for state in m.STATES
    }
    assert {(m.__name__, s) for m, s in wanted - met} == set()


def opened(case: Case, person: User, prefix: str) -> int:
    client = Client(raise_request_exception=True)
    client.force_login(person)
    return client.get(f"{prefix}/cases/{case.number}/", follow=True).status_code


@pytest.mark.parametrize("name", sorted(LIVES))
def test_the_case_page_opens_in_every_state(world: World, name: str) -> None:
    states, way = LIVES[name]
    met, wrong = set(), []
    for row in way(world):
        case: Case = row.case  # type: ignore[attr-defined]
        met.add((type(row), row.state))
        firm = case.organisation.memberships.get(role="representative").user
        for prefix in ("", "/en"):
            answers = {"the firm": opened(case, firm, prefix)}
            answers |= {
                person: opened(case, world.staff[person], prefix)
                for person in OFFICE[: 1 if prefix else None]
            }
            wrong += [
                (row.state, prefix, who, found)
                for who, found in answers.items()
                if found != 200
                and (found != 404 or (who in ("the firm", "officer") and not case.is_draft))
            ]
    assert wrong == []
    assert met == states
