"""実証の支援金: however it is handed in it stays within the agreement, and one draft pays it to a firm once."""

from datetime import timedelta

import pytest

from grants.applications import drafts, submit
from grants.applications.models import Application
from grants.awards.models import Award
from portal import clock
from portal.accounts.models import User
from portal.approvals.ports import acts
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from startups.pilots import support
from startups.pilots.models import Partner, Pilot
from startups.pilots.starting import start_pilot
from tests.conftest import World
from tests.startups.test_pilots import again
from tests.startups.test_pilots import running as running
from tools.demonstration.rooms import matching, pilots
from tools.demonstration.simulation.answers import fill

AGREED = 200_000
BEYOND = f"協定で決めた額（{AGREED:,}円）まで"


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def asks(application: Application, person: User, yen: int) -> None:
    """Type the costs anew, for so much support."""
    row = fresh(application).sections.get(key="costs")
    day = clock.today() + timedelta(days=30)
    order = {
        f"item-0-order_on_{part}": str(value)
        for part, value in (("y", day.year), ("m", day.month), ("d", day.day))
    }
    typed = row.data | order | {"own_funds": "cash", "support_year": "1", "months": "12"}
    typed |= {"item-0-amount": str(yen)}
    drafts.save(fresh(application), "costs", typed, by=person, page=drafts.Page(row.version))


def handed_in(world: World, pilot: Pilot, yen: int) -> tuple[Application, User]:
    """The support money of a pilot whose agreement promised `AGREED`."""
    person = pilots.firm(pilot)
    Partner.objects.filter(pilot=pilot).update(support=AGREED)
    pilots.support_call(world.staff, "011002")
    partner = pilot.partners.select_related("pilot__case__organisation").get()
    application = support.apply(partner, by=person)
    fill(world.sim, application, person, complete=True, skip=("plan", "costs"))
    asks(application, person, yen)
    return submit.submit(fresh(application), by=person), person


def test_no_way_of_handing_in_leads_beyond_the_agreement(world: World, running: Pilot) -> None:
    with pytest.raises(NotReady, match=BEYOND):
        handed_in(world, running, 500_000)
    application = Partner.objects.get(pilot=running).application
    assert application is not None
    person = pilots.firm(running)
    asks(application, person, AGREED)
    submit.submit(fresh(application), by=person)
    perform(fresh(application), "begin_amending", by=person)
    asks(application, person, 500_000)
    with pytest.raises(NotReady, match=BEYOND):
        submit.submit(fresh(application), by=person)
    asks(application, person, AGREED - 1_000)
    assert submit.submit(fresh(application), by=person).requested_amount == AGREED - 1_000


def test_no_more_than_was_agreed_is_awarded_however_it_was_asked_for(
    world: World, running: Pilot, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, _person = handed_in(world, running, AGREED)
    Application.objects.filter(pk=application.pk).update(requested_amount=500_000)  # another road
    application = matching.accepted(fresh(application), world.staff)
    with pytest.raises(NotReady, match=BEYOND):
        world.approval("award", [application])
    why = {"cut_reason": "協定の額まで"}
    approval = world.approval("award", [application], {"amount": AGREED, **why})
    Partner.objects.filter(application=application).update(support=AGREED - 1)
    with pytest.raises(NotReady, match="協定で決めた額（199,999円）まで"):
        perform(approval, "approve", by=world.director)
    monkeypatch.setitem(
        acts["award"].__dict__, "check", lambda _row, _given: []
    )  # a road that asks nothing
    with pytest.raises(NotReady, match="協定で決めた額（199,999円）まで"):
        perform(approval, "approve", by=world.director)
    Partner.objects.filter(application=application).update(support=AGREED)
    perform(approval, "approve", by=world.director)
    assert Award.objects.get(application=application).awarded_amount == AGREED


def twins(world: World, running: Pilot) -> list[Application]:
    """Two pilots of a firm for one challenge and town, each with its support applied for."""
    second = start_pilot([again(world, running)], by=world.staff["concierge"])
    second = pilots.agreed(second, world.staff, clock.today())
    return [pilots.applied(pilot, world.sim) for pilot in (running, second)]


def test_one_draft_pays_it_once(world: World, running: Pilot) -> None:
    first, second = twins(world, running)
    said = (
        f"{first.case}: 同じ課題と市町村の実証の支援金を、{second.case}でも決定しようとしています"
    )
    with pytest.raises(NotReady, match=said) as refused:
        world.approval("award", [first, second])
    assert len(refused.value.reasons) == 2  # each row by its name
    approval = world.approval("award", [first])
    item = approval.items.get()
    item.pk, item.n, item.case, item.subject_id = None, 2, second.case, second.pk
    item.save()  # drafted in another way, or before this was asked
    with pytest.raises(NotReady, match="重ねては支払えない"):
        perform(approval, "approve", by=world.director)
    assert not Award.objects.filter(application__in=[first, second]).exists()
    approval.items.filter(n=2).delete()
    perform(approval, "approve", by=world.director)
    assert Award.objects.get(application__in=[first, second]).application == first
