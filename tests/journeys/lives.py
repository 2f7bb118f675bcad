"""Ways through the life cycles: each brings a row from state to state through the one door and stops at every one.

A branch that ends a life is taken in a savepoint and undone, so that the way goes on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction

from grants.applications import correcting, formal, submit
from grants.applications.extensions import ExtensionRequest
from grants.applications.models import Application
from grants.awards.models import Award
from grants.completion import reporting
from grants.completion.models import CompletionReport
from grants.payments.models import Claim, Payment
from grants.recovery import collecting, deferring
from grants.recovery.models import LaterRequest, Recovery
from grants.reviews.models import Review
from grants.seats import courses
from grants.seats.models import Enrolment
from portal import clock
from portal.accounts.models import User
from portal.disposals import jobs as records
from portal.disposals.models import Disposal
from portal.workflow.door import begin, perform
from portal.workflow.graph import LifeCycle
from reports.disclosure.binding import bind
from reports.disclosure.models import Disclosure
from reports.disclosure.receiving import receive
from reports.disclosure.sheets import sheet
from startups.matching.models import Match
from startups.matching.starting import start_matching
from startups.pilots.models import Pilot
from startups.pilots.starting import start_pilot
from startups.rollouts.models import Rollout
from tests.conftest import World
from tests.grants import test_completion as completion
from tests.grants import test_extensions as extensions
from tests.grants import test_payments as payments
from tests.grants import test_recovery as recovering
from tests.grants import test_reviews as reviews
from tests.ledger import all_clear
from tests.reports import letters
from tests.startups.test_pilots import accepted as agreed_matches
from tools.demonstration.rooms import challenges, matching, pilots, proposals, rollouts, seats

Life = Callable[[World], Iterator[LifeCycle]]
LIVES: dict[str, tuple[set[tuple[type[LifeCycle], str]], Life]] = {}


def life(model: type[LifeCycle], *states: str) -> Callable[[Life], Life]:
    """Register a way that meets these states of a model."""

    def register(way: Life) -> Life:
        LIVES[way.__name__] = ({(model, state) for state in states}, way)
        return way

    return register


@contextmanager
def aside() -> Iterator[None]:
    """A branch of the way: what happens on it is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fresh(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)


@life(
    Application,
    "draft",
    "submitted",
    "returned",
    "lapsed",
    "inadmissible",
    "withdrawn",
    "accepted",
    "waitlisted",
    "rejected",
    "awarded",
    "called_off",
)
def an_application(world: World) -> Iterator[LifeCycle]:
    application, person = world.draft()
    yield application
    application = submit.submit(application, by=person)
    yield application
    with aside():
        world.decided("declare_inadmissible", [application], {"reason": "対象の地域の外です。"})
        yield fresh(application)
    with aside():
        yield perform(application, "withdraw", by=person)
    with aside():
        world.called_off(application.call)
        yield fresh(application)
    formal.raise_defect(
        application,
        by=world.officer,
        part="plan.title",
        part_label="名称",
        cite="要綱",
        text="直す",
    )
    application = perform(application, "return_for_correction", by=world.officer)
    yield application
    with aside(), clock.at(clock.now() + timedelta(days=90)):
        world.decided("lapse", [application], {"reason": "期限までに届きませんでした。"})
        yield fresh(application)
    correcting.answer(application, 1, "登記のとおりです。", by=person)
    application = submit.submit(application, by=person)
    yield application
    for defect in application.defects.all():
        formal.resolve_defect(defect, by=world.officer)
    all_clear(application, by=world.officer)
    application = perform(fresh(application), "accept", by=world.officer)
    yield application
    for act, given in (
        ("waitlist", {}),
        ("reject", {"reason": "予算の範囲を超えました。"}),
        ("award", {}),
    ):
        with aside():
            world.decided(act, [application], given)
            yield fresh(application)


@life(ExtensionRequest, "asked", "granted", "denied", "withdrawn", "overtaken")
def a_request_for_a_later_day(world: World) -> Iterator[LifeCycle]:
    application, person = extensions.returned(world)
    request = extensions.asked(application, person)
    yield request
    with aside():
        yield perform(request, "deny", by=world.officer, reason="審査の日程が決まっているため。")
    with aside():
        yield perform(request, "withdraw", by=person)
    later = request.asked_until + timedelta(days=1)
    with aside():
        perform(application, "extend_correction", by=world.officer, reason="x", correct_by=later)
        yield fresh(request)
    yield perform(
        request, "grant", by=world.officer, reason="証明書の発行を待つため。", correct_by=later
    )


@life(Application, "under_review", "reviewed", "selected")
def a_reviewed_application(world: World) -> Iterator[LifeCycle]:
    panel, applications = reviews.convened(world, 1)
    yield fresh(applications[0])
    for review in Review.objects.filter(panel=panel):
        review = perform(review, "declare", by=review.reviewer)
        perform(review, "score", by=review.reviewer, points=reviews.points(review, 4))
    perform(panel, "close", by=world.officer, minutes="全件を審査した")
    yield fresh(applications[0])
    with world.after_intake(applications[0].call):
        world.decided("select", [fresh(applications[0])])
        yield fresh(applications[0])


@life(CompletionReport, "draft", "submitted", "returned", "inspected")
def a_completion_report(world: World) -> Iterator[LifeCycle]:
    award, person = completion.awarded(world)
    with aside():
        yield begin(CompletionReport, by=person, award=award)
    report = completion.reported(world, award, person)
    yield report
    report = perform(
        report,
        "return_for_correction",
        by=world.officer,
        reason="日付のわかる記録を。",
        correct_by=clock.today() + timedelta(days=14),
    )
    yield report
    report = reporting.submit(report, by=person)
    yield completion.inspected(world, report)


@life(Claim, "claimed", "returned", "denied", "checked")
def a_claim(world: World) -> Iterator[LifeCycle]:
    award, person = payments.fixed(world)
    payments.account(world, person)
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    yield claim
    with aside():
        yield perform(
            claim,
            "send_back",
            by=world.staff["accountant"],
            reason="口座の名義を確かめてください。",
        )
    with aside():
        yield perform(
            claim, "deny", by=world.staff["accountant"], reason="請求できる額がありません。"
        )
    yield perform(claim, "examine", by=world.staff["accountant"])


@life(Payment, "ordered", "held", "returned", "cancelled", "bounced", "bounce_doubted", "paid")
def a_payment(world: World) -> Iterator[LifeCycle]:
    award, person = payments.fixed(world)
    payments.account(world, person)
    payment, treasurer = payments.ordered(world, award, person), world.staff["treasurer"]
    yield payment
    with aside():
        payment = perform(payment, "hold", by=treasurer, reason="名義を確かめるため")
        yield payment
        yield perform(payment, "cancel", by=treasurer, reason="誤りのため")
    with aside():
        batch = payments.handed_over(world, fresh(payment))
        yield perform(
            fresh(payment),
            "send_back",
            by=world.staff["accounting_officer"],
            doubts=["complete"],
            reason="請求書の日付が確かめられません。",
        )
    batch = payments.batched(world, fresh(payment))
    for code, reason in (("8", "口座名義相違"), ("0", "")):
        with aside(), clock.at(clock.now() + timedelta(days=12)):
            payments.taken_in(world, batch, payments.answer(batch, code, reason))
            yield fresh(payment)
            if code == "8":
                doubted = payments.doubted(world, fresh(payment))
                yield doubted
                yield perform(doubted, "confirm_arrival", by=treasurer, reason="書面を見た")


@life(Payment, "set_off")
def a_payment_that_is_set_off(world: World) -> Iterator[LifeCycle]:
    yield letters.set_off(world).payments.get()


WAIVED = {"ground": "council", "proof": "議案第1号", "reason": "議会の議決による"}


@life(Disposal, "due", "extended", "to_archives", "said_handed", "handed_over", "destroyed")
def records_over(world: World) -> Iterator[LifeCycle]:
    """Withdrawn, and waited for until nothing must be kept any more."""
    application, person = world.submitted()
    perform(application, "withdraw", by=person)
    given = {"until": "", "reason": "保存期間が満了したため。"}
    with clock.at(clock.now() + timedelta(days=366 * 9)):
        records.note_records_over(0)
        disposal = Disposal.objects.get(case=application.case)
        yield disposal
        with aside():
            world.decided("dispose", [disposal], given | {"fate": "destroy"})
            yield fresh(disposal)
        with aside():
            until = (clock.today() + timedelta(days=90)).isoformat()
            world.decided("dispose", [disposal], given | {"fate": "extend", "until": until})
            yield fresh(disposal)
        world.decided("dispose", [disposal], given | {"fate": "set_aside"})
        yield fresh(disposal)
        yield perform(
            fresh(disposal),
            "hand_over",
            by=world.officer,
            receipt="受入第15号",
            received_on=clock.today(),
        )
        yield perform(fresh(disposal), "confirm_hand_over", by=world.staff["second_officer"])


@life(LaterRequest, "asked", "agreed", "denied", "withdrawn", "overtaken")
def a_request_to_pay_later(world: World) -> Iterator[LifeCycle]:
    award, person = recovering.paid(world)
    world.decided("revoke", [award], {"reason": "虚偽の報告", "heard": "書面で聞いた。"})
    recovery = Recovery.objects.get(award=award)
    plan = f"{(clock.today() + timedelta(days=60)).isoformat()} {recovery.principal}"
    reason = "売上げが半分になったため"
    request = deferring.ask(recovery, reason=reason, plan=plan, by=person)
    yield request
    with aside():
        yield perform(request, "deny", by=world.officer, reason="資料がそろわないため。")
    with aside():
        yield perform(request, "withdraw", by=person)
    with aside():
        world.decided("waive", [recovery], WAIVED)
        yield fresh(request)
    world.decided("defer_return", [recovery], {"ground": "at_once", "reason": reason, "plan": plan})
    yield fresh(request)


@life(Recovery, "ordered", "cancelled", "deferred", "waived", "closed")
def a_recovery(world: World) -> Iterator[LifeCycle]:
    award, person = payments.fixed(world)
    payments.account(world, person)
    batch = payments.batched(world, payments.ordered(world, award, person))
    clerk = world.staff["accountant"]
    with clock.at(clock.now() + timedelta(days=12)):
        payments.taken_in(world, batch, payments.answer(batch))
        world.decided(
            "revoke",
            [Award.objects.get(pk=award.pk)],
            {"reason": "虚偽の報告", "heard": "書面で聞いた。"},
        )
        recovery = Recovery.objects.get(award=award)
        yield recovery
        with aside():
            world.decided(
                "cancel_order",
                [recovery],
                {"ground": "error", "proof": "納付書", "reason": "納期限の誤りのため"},
            )
            yield fresh(recovery)
        with aside():
            day = clock.today() + timedelta(days=200)
            world.decided(
                "defer_return",
                [recovery],
                {
                    "ground": "at_once",
                    "reason": "資金繰り表のとおり",
                    "plan": f"{day.isoformat()} {recovery.principal}",
                },
            )
            yield fresh(recovery)
        with aside():
            world.decided("waive", [recovery], WAIVED)
            yield fresh(recovery)
        collecting.receive(
            recovery, amount=recovery.owed()["left"], paid_on=clock.today(), by=clerk, note="納付書"
        )
        recovery = fresh(recovery)
        yield (
            recovery
            if recovery.state == "closed"
            else perform(recovery, "close", by=world.staff["treasurer"])
        )


@life(Enrolment, "enrolled", "attending", "dropped", "completed")
def an_enrolment(world: World) -> Iterator[LifeCycle]:
    call = seats.call_of(world.staff, clock.today() - timedelta(days=120), seats=3)
    application = seats.enrolled(world.sim, call, clock.today() - timedelta(days=110), people=2)
    row, officer = application.enrolments.order_by("pk")[0], world.officer
    yield row
    with aside():
        given = {"people": [str(row.pk)], "reason": "出席がないため"}
        world.decided("cancel_seats", [application], given)
        yield fresh(row)
    for session in seats.schedule(call, world.staff, clock.today() - timedelta(days=90)):
        courses.take_attendance(session, {row.pk}, by=officer)
        if session.n == 1:
            yield fresh(row)
    yield perform(fresh(row), "complete", by=officer)


def a_proposal(world: World) -> tuple[Application, User]:
    """Accepted after its intake."""
    with clock.at(clock.now() - timedelta(days=50)):
        call = challenges.round_of(world.staff)
        question = challenges.published(call, world.staff, "owner", challenges.SNOW)
        application, person = proposals.drafted(world.sim, call, challenges=(question.number,))
        application = submit.submit(application, by=person)
    return matching.accepted(application, world.staff), person


@life(Match, "proposed", "withdrawn", "interviewing", "agreed", "declined")
def a_match(world: World) -> Iterator[LifeCycle]:
    application, person = a_proposal(world)
    row = start_matching(application, by=world.staff["concierge"])[0]
    yield row
    with aside():
        yield perform(row, "withdraw", by=person)
    row = matching.offered(row, world.staff)
    yield row
    for opinion in ("agree", "decline"):
        with aside():
            yield matching.decided(row, world.staff, opinion)


@life(Application, "concluded")
def a_concluded_proposal(world: World) -> Iterator[LifeCycle]:
    application, _person = a_proposal(world)
    for row in start_matching(application, by=world.staff["concierge"]):
        matching.decided(matching.offered(row, world.staff), world.staff, "decline")
    yield fresh(application)


@life(Pilot, "preparing", "agreed", "running", "reported", "evaluated", "stopped")
def a_pilot(world: World) -> Iterator[LifeCycle]:
    starts_on, staff = clock.today() - timedelta(days=100), world.staff
    pilot = start_pilot(agreed_matches(world), by=staff["concierge"])
    yield pilot
    with clock.at(clock.now() - timedelta(days=100)):
        pilot = pilots.agreed(pilot, staff, starts_on)
    yield pilot
    pilot = perform(pilot, "start", by=staff["owner"])
    yield pilot
    with aside():
        asked = pilots.stop_proposed(pilot, staff, "積雪が足りないため")
        yield perform(
            asked, "stop", by=world.approver, reason="積雪が足りないため", lessons="早く始める。"
        )
    with aside():
        yield pilots.reported(pilot, staff, clock.today())
    yield pilots.evaluated(pilot, staff, "adopt", clock.today() - timedelta(days=40))


@life(Rollout, "considered", "dropped", "budgeted", "specified", "contracted", "in_use", "ended")
def a_rollout(world: World) -> Iterator[LifeCycle]:
    staff, owner = world.staff, world.staff["owner"]
    pilot = pilots.running(agreed_matches(world)[0], staff, clock.today() - timedelta(days=100))
    pilot = pilots.evaluated(pilot, staff, "adopt", clock.today() - timedelta(days=40))
    with aside():
        row = rollouts.considered(pilot, "011002", staff, clock.today())
        yield row
        with aside():
            yield perform(row, "drop", by=owner, reason="予算が付かなかったため")
        used_on = clock.today() + timedelta(days=150)
        row = perform(
            row,
            "plan",
            by=owner,
            route="small_amount",
            contract_kind="service",
            used_on=used_on,
            department=row.department,
        )
        row = perform(row, "fund", by=owner, fiscal_year=clock.today().year, budget=1_000_000)
        yield row
        yield perform(row, "specify", by=owner, specification=rollouts.SPECIFICATION)
    row = rollouts.contracted(pilot, "011002", staff, clock.today() - timedelta(days=61))
    yield row
    row = perform(row, "begin_use", by=owner, use_began_on=clock.today())
    yield row
    yield perform(row, "end", by=owner, reason="更新しないため")


@life(Disclosure, "received", "drafted", "decided", "handed_out", "withdrawn")
def a_disclosure(world: World) -> Iterator[LifeCycle]:
    application, _person = world.submitted()
    row = receive(
        application.case,
        by=world.officer,
        request_number="1",
        asked="全部",
        received_on=clock.today(),
    )
    yield row
    row = perform(row, "mark", by=world.officer, line=0, spans=[[0, 1, "person"]])
    row = perform(
        row,
        "choose",
        by=world.officer,
        left_out=dict.fromkeys((file["key"] for file in row.files), "請求の対象ではないため"),
    )
    row = perform(row, "prepare", by=User.objects.system(), n=0, pages=[sheet([])], is_whole=True)
    row = perform(row, "cover", by=world.officer, n=0, page=0, boxes=[])
    row = perform(
        row,
        "extend",
        by=world.officer,
        due_on=clock.today() + timedelta(days=30),
        reason="文書が多いため",
    )
    with aside():
        yield perform(row, "withdraw", by=world.officer, reason="取り下げられたため")
    row = perform(row, "draft", by=world.officer)
    bind(row)
    row = Disclosure.objects.get(pk=row.pk)
    yield row
    with aside():
        yield perform(row, "send_back", by=world.director, reason="担当者の氏名が残っているため")
    with aside():
        yield perform(row, "take_back", by=world.officer)
    row = perform(row, "decide", by=world.director)
    yield row
    yield perform(row, "hand_out", by=world.officer)
