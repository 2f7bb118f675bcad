"""The case page opens in every state of what hangs on it: to the office and to the firm, in both languages."""

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from portal.accounts.models import User
from portal.accounts.permissions import holders
from portal.cases import kept_apart
from portal.cases.models import Case
from portal.workflow.graph import life_cycles
from tests.conftest import World
from tests.english import other_ways
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
    answer = client.get(f"{prefix}/cases/{case.number}/", follow=True)
    if prefix and answer.status_code == 200:
        page = html.fromstring(answer.content.decode())
        # what was typed or sent in Japanese stays so
        ours = page.xpath("//text()[not(ancestor::*[@lang='ja'])]")
        assert [found for text in ours for found in other_ways(text)] == []
    return answer.status_code


def idle(case: Case) -> list[tuple[str, str]]:
    """(what is to be done, who) of each turn of the office that its own people find on the case page
    without a way to do it and without a reason why not.
    """
    found = []
    for turn in case.turns.filter(side="office"):
        held = [turn.person] if turn.person else holders(turn.role, case)
        for person in [one for one in held if kept_apart.open_to(one, case, [turn])][:1]:
            client = Client()
            client.force_login(person)
            address = turn.page_for(person)
            answer = client.get(address)
            if answer.status_code != 200 or address.partition("#")[0] != case.get_absolute_url():
                found += [(turn.what, person.name)] if answer.status_code != 200 else []
                continue
            now = html.fromstring(answer.content.decode()).get_element_by_id("now")
            beside = {reverse(name, args=[case.number]) for name in ("case_interest", "case_take")}
            ways = [
                *(a for a in now.iter("a") if a.get("href") not in beside),
                *(f for f in now.iter("form") if f.get("action") not in beside),
                *now.xpath(".//*[@data-why or @class='why']"),
            ]
            if not ways:
                found.append((turn.what, person.name))
    return found


@pytest.mark.parametrize("name", sorted(LIVES))
def test_whoever_has_the_turn_finds_what_can_be_done_or_why_not(world: World, name: str) -> None:
    _states, way = LIVES[name]
    assert [(row.state, *turn) for row in way(world) for turn in idle(row.case)] == []  # type: ignore[attr-defined]


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
