"""What the top of an applicant's page says after the decision: nothing that is past stands there as to
come, and what is to be done leads to where it is done.
"""

from datetime import timedelta

from django.test import Client

from grants.recovery.models import Recovery
from portal import clock
from portal.cases.turns import days_held
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_recovery import paid
from tests.grants.test_recovery_list import ordered_back
from tests.markup import one_line


@begins(ordered_back)
def test_what_is_due_first_stands_first_and_leads_to_its_part(world: World, client: Client) -> None:
    recovery: Recovery = world.begun(ordered_back)
    client.force_login(recovery.case.organisation.memberships.get().user)
    answer = client.get(recovery.case.get_absolute_url())
    turns = [turn for turn in answer.context["turns"] if turn.side == "applicant"]
    assert [turn.stands_on for turn in turns] == sorted(turn.stands_on for turn in turns)
    page = one_line(answer)
    assert 'href="#recovery"' in page
    assert 'id="recovery"' in page


@begins(paid)
def test_the_days_to_the_decision_end_with_it(world: World, client: Client) -> None:
    award, person = world.begun(paid)
    client.force_login(person)
    url = award.case.get_absolute_url()
    application = award.application
    said = client.get(url).context
    with clock.at(clock.now() + timedelta(days=60)):
        later = client.get(url).context
        assert sum(days_held(award.case).values()) > sum(said["held"].values())
    assert said["held"] == later["held"]
    assert application.state_since
    decided = clock.day_of(application.state_since)
    step = said["road"][3]
    assert step["done"]
    assert step["when"] == f"{decided.month}月{decided.day}日"
