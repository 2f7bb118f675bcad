"""Two who write over one another: the second is told, and what the first wrote stands."""

from datetime import timedelta

import pytest
from django.utils.translation import override

from grants.applications.extensions import ExtensionRequest
from grants.applications.models import Application
from grants.followup import filing
from grants.followup.models import Asset
from grants.programmes.models import Programme
from grants.programmes.views import write_anew
from grants.recovery import collecting, deferring
from grants.recovery.models import LaterRequest, MoneyIn, Recovery
from portal.accounts.models import User
from portal.cases import assignment
from portal.cases.models import Case
from portal.clock import today
from portal.workflow.errors import NotReady, Stale
from portal.workflow.shown import mark
from startups.pilots import ledger
from startups.pilots.models import Incident
from tests.concurrency.test_races import slowly, together
from tests.conftest import World
from tests.grants import test_extensions as extensions
from tests.grants import test_recovery as recoveries
from tests.grants.test_followup import registered
from tests.grants.test_taking_back import revoked
from tests.markup import one_line
from tests.portal.test_roles import entered
from tests.startups.test_pilots import accepted
from tools.demonstration.rooms import pilots


def test_of_two_who_take_a_case_in_hand_the_second_is_told(committed_world: World) -> None:
    world = committed_world
    case = world.submitted()[0].case
    Case.objects.filter(pk=case.pk).update(assigned_to=None)
    both = (world.officer, world.staff["second_officer"])

    def take(person: User) -> list[str]:
        with override("ja"):
            return assignment.take(Case.objects.get(pk=case.pk), by=person, seen="")

    said = together(*[lambda person=person: take(person) for person in both])
    assert sorted(map(len, said)) == [0, 1]  # type: ignore[arg-type]
    holder = Case.objects.get(pk=case.pk).assigned_to
    assert holder == both[said.index([])]
    assert any(holder.name in reason for reasons in said for reason in reasons)  # type: ignore[attr-defined]
    other = next(person for person in both if person != holder)
    assert assignment.take(case, by=other, seen=str(holder.pk)) == []  # who saw it may take over


def test_of_two_who_describe_one_asset_the_second_is_told(committed_world: World) -> None:
    world = committed_world
    award, person = registered(world)
    asset = award.assets.get()
    seen = filing.shown_of(asset)

    def describe(place: str, by: User) -> object:
        given = {"model": "", "place": place, "note": ""}
        return filing.describe(Asset.objects.get(pk=asset.pk), given, by=by, seen=seen)

    said = together(lambda: describe("本社", person), lambda: describe("支店", world.officer))
    assert [type(one) for one in said if one] == [Stale]
    kept = Asset.objects.get(pk=asset.pk).place
    assert kept == ("本社", "支店")[said.index(None)]


def test_of_two_who_settle_one_incident_the_second_is_told(committed_world: World) -> None:
    world = committed_world
    pilot = pilots.running(accepted(world)[0], world.staff, today() - timedelta(days=40))
    on, owner = today() - timedelta(days=3), world.staff["owner"]
    made = ledger.report_incident(
        pilot, by=owner, happened_on=on, grave="serious", text="画面が消えた"
    )

    def settle(settled: str) -> None:
        ledger.settle_incident(
            Incident.objects.get(pk=made.pk), by=owner, settled=settled, seen=mark("")
        )

    said = together(lambda: settle("電源を替えた"), lambda: settle("画面を替えた"))
    assert [type(one) for one in said if one] == [Stale]
    made.refresh_from_db()
    assert made.settled == ("電源を替えた", "画面を替えた")[said.index(None)]
    ledger.settle_incident(made, by=owner, settled="両方を替えた", seen=mark(made.settled))


def test_of_two_who_have_the_same_slip_before_them_the_second_is_told(
    committed_world: World,
) -> None:
    world = committed_world
    recovery = revoked(world)
    seen = collecting.came_in(recovery)

    def book(person: str) -> object:
        return collecting.receive(
            Recovery.objects.get(pk=recovery.pk),
            amount=recovery.principal,
            paid_on=today(),
            by=world.staff[person],
            seen=seen,
        )

    said = together(lambda: book("accountant"), lambda: book("treasurer"))
    assert [type(one) for one in said if not isinstance(one, MoneyIn)] == [Stale]
    assert recovery.receipts.count() == 1
    client = entered(world.staff["accountant"])
    day = {"paid_on_y": today().year, "paid_on_m": today().month, "paid_on_d": today().day}
    typed = {"amount": "500", "is_above": "on", "seen": seen, **day}
    answer = client.post(f"/recoveries/{recovery.pk}/receive/", typed)
    assert "ほかの方が先に書き換えました" in one_line(answer)
    assert recovery.receipts.count() == 1


def test_of_two_who_ask_for_a_later_day_the_second_is_told(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = extensions.returned(committed_world)
    slowly(monkeypatch, ExtensionRequest)

    def ask(days: int) -> None:
        with override("ja"):
            extensions.asked(Application.objects.get(pk=application.pk), person, days)

    said = together(lambda: ask(5), lambda: ask(9))
    assert [type(one) for one in said if one] == [NotReady]
    assert ExtensionRequest.objects.get().state == "asked"


def test_of_two_who_ask_to_pay_later_the_second_is_told(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    award, person = recoveries.paid(committed_world)
    committed_world.decided("revoke", [award], {"reason": "x", "heard": "x"})
    slowly(monkeypatch, LaterRequest)

    def ask(reason: str) -> None:
        with override("ja"):
            plan = "2027-01-29 280000"
            deferring.ask(Recovery.objects.get(), reason=reason, plan=plan, by=person)

    said = together(lambda: ask("x"), lambda: ask("y"))
    assert [type(one) for one in said if one] == [NotReady]
    assert LaterRequest.objects.get().state == "asked"


def test_of_two_who_propose_a_revision_the_second_is_told(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = committed_world
    base = Programme.objects.get(code="telework")
    slowly(monkeypatch, Programme)

    def propose(person: User) -> object:
        return write_anew(base, text=base.text, seen=base.version, by=person)

    both = (world.officer, world.staff["second_officer"])
    said = together(*[lambda person=person: propose(person) for person in both])
    assert sorted(type(each).__name__ for each in said) == ["NotReady", "Programme"]
    assert Programme.objects.filter(state="draft").count() == 1
