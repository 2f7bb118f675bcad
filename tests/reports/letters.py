"""A way to each paper that the portal draws: what has to happen until it is issued."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from grants.applications import formal, submit
from grants.applications.models import Application
from grants.awards import changing
from grants.awards.models import Award
from grants.completion import cutting
from grants.followup.models import Asset
from grants.recovery import collecting, demanding
from grants.recovery.models import Recovery
from portal import clock
from portal.cases.models import Case
from portal.workflow.door import perform
from startups.matching.starting import start_matching
from startups.pilots.starting import start_pilot
from tests.conftest import World
from tests.grants import test_counter, test_decisions, test_firm, test_followup, test_recovery
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded, inspected, reported
from tests.startups import test_pilots
from tools.demonstration import simulation
from tools.demonstration.rooms import challenges, matching, pilots, proposals, seats

WHY = "現地の安全を確かめるため。"
HEARD: dict[str, object] = {
    "broken": ["6"],
    "how": "written",
    "asked_on": "2026-01-08",
    "answer_by": "2026-01-22",
    "heard": "管理の誤りであったとの弁明があった。",
    "with_surcharge": True,
}


def corrected(world: World) -> Case:
    application, _person = world.submitted()
    formal.raise_defect(
        application,
        by=world.officer,
        part="quote",
        part_label="見積書",
        cite="要綱 第6条",
        text=WHY,
    )
    return perform(application, "return_for_correction", by=world.officer).case


def lapsed(world: World) -> Case:
    case = corrected(world)
    with clock.at(clock.now() + timedelta(days=40)):
        world.decided("lapse", [Application.objects.get(case=case)], {"reason": WHY})
    return case


def applied(world: World, act: str, **given: object) -> Case:
    """An accepted application, decided."""
    test_decisions.small(world, 300_000)
    world.decided("award", [test_decisions.accepted(world)])
    application = test_decisions.accepted(world)
    world.decided(act, [application], given)
    return application.case


def inadmissible(world: World) -> Case:
    application = world.submitted()[0]
    world.decided("declare_inadmissible", [application], {"reason": WHY})
    return application.case


def withdrawn_at_counter(world: World) -> Case:
    application = test_counter.typed_in(world)
    perform(application, "withdraw", by=world.officer, paper="取下届", reason=WHY)
    return application.case


def suspended(world: World) -> Award:
    return ended(world, "suspend")


def resumed(world: World) -> Award:
    award = suspended(world)
    world.decided("resume", [award], {"reason": WHY})
    return award


def changed(world: World, act: str) -> Award:
    award, person = awarded(world)
    ends_on = award.project_ends_on + timedelta(days=1)
    change = changing.file(
        award, kind="delay", reason="納品の遅れ", after=[], ends_on=ends_on, by=person
    )
    given = {"reason": WHY} if act == "deny_change" else {}
    world.decided(act, [change], given)
    return award


def ended(world: World, act: str, given: dict[str, object] | None = None) -> Award:
    award, _person = awarded(world)
    world.decided(act, [award], {"reason": WHY, **(given or {})})
    return award


def succeeded(world: World) -> Award:
    award, _person = awarded(world)
    old = award.case.organisation
    with TemporaryDirectory() as folder:
        test_firm.merged(old, Path(folder))
    world.decided("succeed", [award], {"reason": WHY})
    return award


def put_right(world: World) -> Award:
    award, person = awarded(world)
    report = reported(world, award, person)
    correct_by = clock.today() + timedelta(days=7)
    perform(report, "return_for_correction", by=world.officer, reason=WHY, correct_by=correct_by)
    return award


def fixed(world: World) -> Award:
    """With something cut from the second item."""
    award, person = awarded(world, 300_000, 120_000)
    report = reported(world, award, person)
    cutting.cut(report, by=world.officer, item="2", amount=60_000, cite="要綱 第4条", reason=WHY)
    world.decided("fix", [inspected(world, report)])
    return award


def returned(world: World, act: str = "revoke", given: dict[str, object] | None = None) -> Award:
    """Revoked after it was fixed with a cut and paid: ordered back, with its slip."""
    award = fixed(world)
    person = award.case.organisation.memberships.get(role="representative").user
    payments.account(world, person)
    batch = payments.batched(world, payments.ordered(world, Award.objects.get(pk=award.pk), person))
    payments.taken_in(world, batch, payments.answer(batch))
    award = Award.objects.get(pk=award.pk)
    world.decided(act, [award], {"reason": WHY, **HEARD, **(given or {})})
    return award


def let_off(world: World, act: str, **given: object) -> Award:
    award = returned(world)
    world.decided(act, [Recovery.objects.get()], {"reason": WHY, "proof": "議案第1号", **given})
    return award


def demanded(world: World) -> Award:
    award = returned(world)
    late = Recovery.objects.get().due_on + timedelta(days=30)
    with clock.at(simulation.at(late, 12)):
        demanding.make(
            Recovery.objects.get(),
            answer_by=late + timedelta(days=10),
            fee=0,
            by=world.staff["accountant"],
        )
    return award


def overpaid(world: World) -> Award:
    award = returned(world)
    recovery, clerk = Recovery.objects.get(), world.staff["accountant"]
    much = recovery.owed()["left"] + 1_000
    receipt = collecting.receive(
        recovery, amount=much, paid_on=clock.today(), by=clerk, payer="保証人"
    )
    collecting.see_surplus(receipt, by=world.staff["treasurer"])
    return award


def late_elsewhere(world: World) -> tuple[Award, Recovery]:
    """An award whose firm is late with the return of another one of the same programme: the payment
    is ordered, and it is the morning after the due date of the return.
    """
    debt = Recovery.objects.get(award=returned(world))
    award, person = payments.fixed(world)
    payments.account(world, person, number="7654321")
    payments.ordered(world, award, person)
    Case.objects.filter(pk=debt.case_id).update(organisation=award.case.organisation)
    return award, debt


def withheld(world: World) -> Award:
    award, debt = late_elsewhere(world)
    with clock.at(simulation.at(debt.due_on + timedelta(days=1), 9)):
        world.decided("withhold", [award.payments.get()], {"reason": WHY})
    return award


def paid_on(world: World) -> Award:
    """Withheld, and released since the return came in."""
    award = withheld(world)
    payment = award.payments.get()
    [row] = payment.withholdings.select_related("recovery")
    with clock.at(simulation.at(row.held_on, 15)):
        left = row.recovery.owed()["left"]
        collecting.receive(
            row.recovery, amount=left, paid_on=row.held_on, by=world.staff["accountant"]
        )
        perform(payment, "release", by=world.staff["treasurer"], reason=WHY)
    return award


def set_off_undone(world: World) -> Award:
    award = set_off(world)
    payment = award.payments.select_related("set_against").get()
    with clock.at(simulation.at(clock.day_of(payment.set_against.booked_at), 15)):
        world.decided("undo_set_off", [payment], {"ground": "form", "reason": WHY})
    return award


def set_off(world: World) -> Award:
    award, debt = late_elsewhere(world)
    with clock.at(simulation.at(debt.due_on + timedelta(days=1), 9)):
        given = {"against": str(debt.pk), "amount": 100_000, "reason": WHY}
        world.decided("set_off", [award.payments.get()], given)
    return award


def deferred(world: World) -> Award:
    award = returned(world)
    recovery = Recovery.objects.get()
    parts = [(clock.today() + timedelta(days=n), 120_000) for n in (30, 60)]
    world.decided("defer_return", [recovery], test_recovery.planned(*parts))
    return award


def disposed(world: World, act: str, **given: object) -> Award:
    award, person = test_recovery.paid(world)
    asset = Asset.objects.create(
        award=award, item=1, name="端末", cost=420_000, acquired_on=clock.today(), life_years=4
    )
    world.decided(act, [test_followup.asked_disposal(world, person, asset)], given)
    return award


def enrolled(world: World) -> Case:
    call = seats.call_of(world.staff, clock.today() - timedelta(days=20), seats=3)
    return seats.enrolled(world.sim, call, clock.today() - timedelta(days=15), people=2).case


def seat_cancelled(world: World) -> Case:
    case = enrolled(world)
    row = case.enrolments.order_by("pk")[0]
    given = {"people": [str(row.pk)], "reason": WHY}
    world.decided("cancel_seats", [row.application], given)
    return case


def piloted(world: World) -> Case:
    return pilots.running(
        test_pilots.accepted(world)[0], world.staff, clock.today() - test_pilots.START
    ).case


def passed_over(world: World) -> Case:
    with clock.at(simulation.at(clock.today() - timedelta(days=50), 10)):
        call = challenges.round_of(world.staff)
        challenges.published(call, world.staff, "owner", challenges.SNOW)
        application, person = proposals.drafted(world.sim, call)
        application = submit.submit(application, by=person)
    rows = start_matching(matching.accepted(application, world.staff), by=world.staff["concierge"])
    match = matching.offered(rows[0], world.staff)
    return matching.decided(match, world.staff, "decline").case


def judged(world: World) -> Case:
    return test_pilots.accepted(world)[0].case


def stopped(world: World) -> Case:
    pilot = start_pilot(test_pilots.accepted(world), by=world.staff["concierge"])
    pilot = pilots.stop_proposed(pilot, world.staff, WHY)
    return perform(pilot, "stop", by=world.approver, reason=WHY, lessons=WHY).case


Bring = Callable[[World], Award | Case]
