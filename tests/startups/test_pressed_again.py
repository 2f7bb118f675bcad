"""What a firm presses again and again tells the office once."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import discarding
from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.correspondence.models import Mail
from portal.ui import limits
from portal.ui.limits import Rate
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from startups.matching.models import Match
from startups.pilots.models import Pilot
from startups.pilots.starting import start_pilot
from tests.conftest import World
from tests.startups.test_matching import matched as matched
from tests.startups.test_matching import slots
from tests.startups.test_pilots import accepted
from tests.startups.test_pilots import running as running
from tools.demonstration.rooms import pilots

pytestmark = pytest.mark.usefixtures("standing_clock")


def written() -> int:
    return Mail.objects.filter(kind="case").count()


def entered(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_time_that_is_picked_is_not_picked_again(
    world: World, matched: tuple[list[Match], User]
) -> None:
    rows, person = matched
    match = perform(rows[0], "invite", by=world.staff["owner"], slots=slots(), place="x")
    first, second = match.slots[:2]
    match = perform(match, "pick", by=person, slot=first)
    before = written()
    with pytest.raises(NotReady, match="すでに選んでいます"):
        perform(match, "pick", by=person, slot=first)
    assert written() == before
    assert perform(match, "pick", by=person, slot=second).slot is not None  # another is


def test_one_draft_is_consented_to_once(world: World) -> None:
    pilot = start_pilot(accepted(world), by=world.staff["concierge"])
    pilot = pilots.drafted(pilot, world.staff, clock.today())
    person = pilots.firm(pilot)
    pilot = perform(pilot, "consent", by=person)
    before = written()
    with pytest.raises(NotReady, match="すでに同意しています"):
        perform(Pilot.objects.get(pk=pilot.pk), "consent", by=person)
    assert written() == before
    pilot = pilots.drafted(pilot, world.staff, clock.today())
    assert perform(pilot, "consent", by=person).consented_at is not None


def test_who_changes_their_mind_for_ever_is_stopped_and_the_office_is_not(
    world: World, matched: tuple[list[Match], User], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, person = matched
    match = perform(rows[0], "invite", by=world.staff["owner"], slots=slots(), place="x")
    monkeypatch.setitem(limits.PRESSES.__dict__, "person", Rate(3, limits.DAY))

    def press(client: Client, n: int, name: str = "pick") -> int:
        seen = Match.objects.get(pk=match.pk).version
        typed = {"slot": match.slots[n % 2], "seen": seen, "key": uuid.uuid4().hex}
        return client.post(f"/do/match/{match.pk}/{name}/", typed).status_code

    client = entered(person)
    assert [press(client, n) for n in range(4)] == [302, 302, 302, 429]
    office = entered(world.staff["owner"])
    assert 429 not in {press(office, n, "consider") for n in range(5)}


def test_support_is_begun_as_often_as_other_drafts(
    world: World, running: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.DRAFTS.__dict__, "person", Rate(2, limits.DAY))
    pilots.support_call(world.staff, "011002")
    person = pilots.firm(running)
    client, before, codes = entered(person), Case.objects.count(), []
    for _n in range(3):
        address = reverse("pilot_support", args=[running.case.number, "011002"])
        codes.append(client.post(address).status_code)
        draft = Application.objects.filter(partner__pilot=running, state="draft").first()
        if draft is not None:
            discarding.discard(draft, by=person)
    assert codes == [302, 302, 429]
    assert Case.objects.count() == before + 2
