"""Pilots: an agreement of two sides and two people, a ledger kept by both, a result decided by another, published good or bad."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grants.applications import discarding, drafts, submit
from grants.applications.models import Application
from grants.awards.models import Award
from grants.programmes.models import IntakePeriod
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.audit.models import Event
from portal.cases import interests, turns
from portal.closures import calendars
from portal.correspondence.models import Mail
from portal.notices.models import Notice
from portal.types import Given
from portal.workflow.door import actions, begin, perform
from portal.workflow.errors import Forbidden, NotReady, Stale, WrongState
from portal.workflow.shown import mark
from startups.matching.models import Match
from startups.matching.starting import start_matching as match
from startups.pilots import chart, ledger, schedule, support, terms
from startups.pilots.models import Booking, Pilot, Reading
from startups.pilots.starting import start_pilot
from tests.conftest import World
from tests.workdays import WORKDAYS
from tools.demonstration.people import known_as
from tools.demonstration.rooms import challenges, matching, pilots, proposals
from tools.demonstration.simulation import at, fill

START = timedelta(days=40)  # how long ago the pilots of these tests began


def accepted(
    world: World, *, secret: tuple[str, ...] = (), more: tuple[str, ...] = ()
) -> list[Match]:
    """The agreed matches of a new proposal to a challenge of Sapporo (and of `more`)."""
    with clock.at(at(clock.today() - timedelta(days=200), 10)):
        call = challenges.round_of(world.staff)
        row = challenges.published(call, world.staff, "owner", challenges.SNOW, more=more)
        application, person = proposals.drafted(
            world.sim, call, secret=secret, challenges=(row.number,)
        )
        application = submit.submit(application, by=person)
    with clock.at(at(clock.today() - timedelta(days=150), 10)):
        rows = match(matching.accepted(application, world.staff), by=world.staff["concierge"])
        return [
            matching.decided(matching.offered(m, world.staff), world.staff, "agree") for m in rows
        ]


@pytest.fixture
def running(world: World) -> Pilot:
    return pilots.running(accepted(world)[0], world.staff, clock.today() - START)


def waiting(pilot: Pilot) -> list[tuple[str, str]]:
    assert turns.differing() == []
    return sorted((turn.side, turn.what) for turn in pilot.case.turns.all())


def test_the_agreement_takes_both_sides_and_two_of_the_office(world: World, client: Client) -> None:
    rows, owner = accepted(world), world.staff["owner"]
    pilot = start_pilot(rows, by=world.staff["concierge"])
    assert pilot.case.number.startswith("PI")
    assert pilot.case.municipality_codes == ["011002"]
    assert waiting(pilot) == [("office", "協定の案と指標を書く")]
    with pytest.raises(NotReady, match="協定の案"):
        perform(pilot, "consent", by=pilots.firm(pilot))
    pilot = pilots.drafted(pilot, world.staff, clock.today() + timedelta(days=5))
    assert waiting(pilot) == [("applicant", "協定の案を確かめて同意する")]
    with pytest.raises(NotReady, match="同意する"):
        perform(pilot, "sign", by=world.approver)
    pilot = perform(pilot, "consent", by=pilots.firm(pilot))
    assert waiting(pilot) == [("office", "協定を結ぶ")]
    pilot = pilots.drafted(
        pilot, world.staff, clock.today() + timedelta(days=6)
    )  # another draft: the consent is gone
    assert pilot.consented_at is None
    pilot = perform(pilot, "consent", by=pilots.firm(pilot))
    StaffRole.objects.create(
        person=owner,
        role="approver",
        starts_on=clock.today(),
        granted_by=User.objects.system(),
        municipality_id="011002",
    )
    with pytest.raises(Forbidden, match="協定の案の作成"):
        perform(pilot, "sign", by=User.objects.get(pk=owner.pk))
    client.get("/")
    assert (
        client.get(f"/pilots/{pilot.case.number}/").status_code == 404
    )  # nothing is public before the agreement
    pilot = perform(pilot, "sign", by=world.approver)
    facts = Notice.objects.get(case=pilot.case, kind="pilot_agreement").facts
    assert facts["from"] == "札幌市長　北沢　みのり"
    assert facts["annex_title"] == "協定の条項"
    assert [text for label, text in facts["items"] if label == "支援金"] == [
        "札幌市　金　500,000円"
    ]
    assert client.get(f"/pilots/{pilot.case.number}/").status_code == 200
    with pytest.raises(NotReady, match="指標を変えられません"):
        ledger.set_indicator(
            pilot,
            1,
            by=world.staff["owner"],
            name="x",
            unit="x",
            baseline=Decimal(1),
            target=Decimal(2),
            method="x",
        )
    with pytest.raises(NotReady, match="すでに始まって"):
        start_pilot(rows, by=world.staff["concierge"])


def test_nobody_consents_to_an_indicator_that_changed_under_the_open_page(world: World) -> None:
    pilot = start_pilot(accepted(world), by=world.staff["concierge"])
    pilot = pilots.drafted(pilot, world.staff, clock.today() + timedelta(days=5))
    seen, [first, *_rest] = pilot.version, pilot.indicators.all()
    assert first.target is not None
    said = {name: getattr(first, name) for name in ("name", "unit", "baseline", "method")}
    ledger.set_indicator(
        pilot, first.n, by=world.staff["owner"], target=first.target + Decimal(1), **said
    )
    with pytest.raises(Stale):
        perform(pilot, "consent", by=pilots.firm(pilot), seen=seen)
    pilot = Pilot.objects.get(pk=pilot.pk)
    assert perform(pilot, "consent", by=pilots.firm(pilot), seen=pilot.version).consented_at


def test_a_pilot_wants_agreed_matches_of_one_challenge(world: World) -> None:
    rows = accepted(world, more=("012319",))
    both = start_pilot(rows, by=world.staff["concierge"])
    assert both.case.municipality_codes == ["011002", "012319"]
    assert [p.support for p in both.partners.order_by("pk")] == [500_000, 0]
    with pytest.raises(NotReady, match="決まった"):
        start_pilot([], by=world.staff["concierge"])


def test_secret_answers_are_not_copied_into_the_agreement(world: World) -> None:
    pilot = pilots.agreed(
        start_pilot(accepted(world, secret=("price",)), by=world.staff["concierge"]),
        world.staff,
        clock.today() + timedelta(days=5),
    )
    assert terms.starting(pilot)["price_after"] == ""
    assert terms.starting(pilot)["data"] != ""
    facts = Notice.objects.get(case=pilot.case, kind="pilot_agreement").facts
    said = dict(facts["items"])
    assert said["実証のあとの価格の考え方"] == "秘密の指定により、台帳に記録したとおり"
    labels = {
        person: [str(label) for label, _text in terms.readable(pilot, world.staff[person])]
        for person in ("reviewer", "owner")
    }
    assert "実証のあとの価格の考え方" in labels["owner"]
    assert "実証のあとの価格の考え方" not in labels["reviewer"]


def test_both_sides_keep_the_ledger(world: World, running: Pilot, client: Client) -> None:
    person, owner = pilots.firm(running), world.staff["owner"]
    on = clock.today() - timedelta(days=3)
    ledger.measure(running, on=on, values={1: (Decimal("3.5"), "雪")}, by=person)
    ledger.measure(running, on=on, values={1: (Decimal("3.4"), ""), 2: (Decimal(9), "")}, by=owner)
    assert Reading.objects.filter(indicator__pilot=running).count() == 2
    texts = [
        str(event.payload.data().get("text", ""))
        for event in Event.objects.filter(chain=running.audit_chain, action="pilot.measure")
    ]
    assert any("3.5 → 3.4時" in text for text in texts)  # what stood there before is in the record
    for day in (running.starts_on - timedelta(days=1), clock.today() + timedelta(days=1)):
        with pytest.raises(NotReady, match="今日までの日"):
            ledger.measure(running, on=day, values={1: (Decimal(1), "")}, by=person)
    with pytest.raises(Forbidden):
        ledger.measure(running, on=on, values={1: (Decimal(1), "")}, by=world.staff["eniwa_owner"])
    with pytest.raises(Forbidden):
        ledger.measure(running, on=on, values={1: (Decimal(1), "")}, by=world.outsider)
    made = ledger.report_incident(
        running, by=person, happened_on=on, grave="serious", text="画面が消えた"
    )
    assert ("office", "出来事への対応を書く") in waiting(running)
    ledger.settle_incident(made, by=owner, settled="電源を替えた", seen=mark(""))
    assert ("office", "出来事への対応を書く") not in waiting(running)
    client.force_login(world.staff["eniwa_owner"])
    assert client.get(f"/cases/{running.case.number}/ledger/readings/").status_code == 404
    client.force_login(person)
    where = f"/cases/{running.case.number}/ledger/readings/"
    assert (
        client.post(where, {"on_y": "2020", "on_m": "1", "on_d": "1", "value_1": "x"}).status_code
        == 422
    )
    today = clock.today()
    sent = {
        "on_y": today.year,
        "on_m": today.month,
        "on_d": today.day,
        "value_1": "３．２",
        "value_2": "",
    }
    assert client.post(where, sent).status_code == 302
    assert Reading.objects.get(indicator__pilot=running, on=today).value == Decimal("3.2")


def test_the_months_are_said_by_both_sides(world: World, running: Pilot) -> None:
    person, first = pilots.firm(running), running.starts_on.replace(day=1)
    assert [w for w in waiting(running) if w[1] == "毎月の状況を書く"] == [
        ("applicant", "毎月の状況を書く"),
        ("office", "毎月の状況を書く"),
    ]
    workdays = calendars.of_case(running.case)
    due = running.case.turns.get(side="applicant", what="毎月の状況を書く").due_on
    assert due == schedule.status_due(first, workdays)
    ledger.say_status(running, first, by=person, went="進んだ", stuck="")
    assert running.case.turns.get(
        side="applicant", what="毎月の状況を書く"
    ).due_on == schedule.status_due(schedule.next_month(first), workdays)
    with pytest.raises(NotReady, match="期間の月"):
        ledger.say_status(
            running, schedule.next_month(clock.today()), by=person, went="x", stuck=""
        )


def test_what_is_lent_is_the_citys_duty_with_a_clock(world: World, running: Pilot) -> None:
    person, owner = pilots.firm(running), world.staff["owner"]
    town, start = running.partners.get().municipality, clock.today() + timedelta(days=10)
    asked: Given = {
        "case": running.case,
        "municipality": town,
        "kind": "site",
        "what": "除雪センター",
        "purpose": "x",
        "ends_on": start + timedelta(days=5),
    }
    row = begin(Booking, by=person, starts_on=start, **asked)
    assert ("office", "貸し出しの依頼に答える") in waiting(running)
    assert running.case.turns.get(what="貸し出しの依頼に答える").due_on == row.answer_by
    row = perform(row, "promise", by=owner, answer="鍵は本庁舎で")
    assert running.case.turns.get(what="約束したものを引き渡す").due_on == start
    again = begin(
        Booking,
        by=person,
        starts_on=start + timedelta(days=5),
        **(asked | {"ends_on": start + timedelta(days=9)}),
    )
    with pytest.raises(NotReady, match="ほかの予定"):
        perform(again, "promise", by=owner, answer="")
    perform(again, "refuse", by=owner, reason="塞がっています")
    row = perform(perform(row, "lend", by=owner), "take_back", by=owner)
    assert row.state == "returned"
    with pytest.raises(NotReady, match="協定を結んだ市町村"):
        begin(
            Booking,
            by=person,
            starts_on=start,
            **(asked | {"municipality": type(town).objects.get(pk="012319")}),
        )
    with pytest.raises(Forbidden):
        perform(
            begin(Booking, by=person, starts_on=start, **asked),
            "promise",
            by=world.staff["eniwa_owner"],
            answer="",
        )


def proposed(pilot: Pilot, world: World, ends_on: date) -> Pilot:
    asked: Given = {"reason": "雪が少なかったため。", "ends_on": ends_on}
    return perform(pilot, "propose_extension", by=world.staff["owner"], **asked)


def extended(pilot: Pilot, world: World, ends_on: date) -> Pilot:
    pilot = perform(proposed(pilot, world, ends_on), "agree_to_extension", by=pilots.firm(pilot))
    return perform(pilot, "extend", by=world.approver)


def test_an_extension_is_proposed_agreed_to_and_decided_by_three(
    world: World, running: Pilot, client: Client
) -> None:
    person, end = pilots.firm(running), running.ends_on
    with pytest.raises(NotReady, match="先に、担当課が"):
        perform(running, "extend", by=world.approver)
    slip = proposed(running, world, end + timedelta(days=300))
    assert ("applicant", "期間の延長の提案に答える") in waiting(slip)
    with pytest.raises(NotReady, match="提案者が延長に同意"):
        perform(slip, "extend", by=world.approver)
    slip = perform(slip, "agree_to_extension", by=person)
    pilot = proposed(slip, world, end + timedelta(days=30))  # a slip, put right before it counts
    assert (pilot.ends_on, pilot.extension_agreed_at) == (end, None)
    client.force_login(person)
    page = client.get(pilot.get_absolute_url()).content.decode()
    assert "雪が少なかったため。" in page
    assert "期間の延長に同意する" in page
    Mail.objects.all().delete()
    pilot = perform(pilot, "agree_to_extension", by=person)
    assert ("office", "期間の延長を決める") in waiting(pilot)
    with pytest.raises(NotReady, match="すでに同意"):
        perform(pilot, "agree_to_extension", by=person)
    pilot = perform(pilot, "extend", by=world.approver)
    assert (pilot.ends_on, pilot.extends_to) == (end + timedelta(days=30), None)
    assert Mail.objects.filter(to=person, subject__contains="期間を延ばしました").exists()


@pytest.mark.parametrize("who", ["owner", "firm", "approver"])
def test_each_of_the_three_may_end_a_proposed_extension(
    world: World, running: Pilot, client: Client, who: str
) -> None:
    end, person = running.ends_on, pilots.firm(running)
    by = {"owner": world.staff["owner"], "firm": person, "approver": world.approver}[who]
    client.force_login(person)
    assert "期間を延ばさない" not in client.get(running.get_absolute_url()).content.decode()
    pilot = proposed(running, world, end + timedelta(days=30))
    assert "期間を延ばさない" in client.get(pilot.get_absolute_url()).content.decode()
    pilot = perform(pilot, "drop_extension", by=by, reason="担当者がいないため。")
    assert (pilot.ends_on, pilot.extends_to, pilot.extends_for) == (end, None, "")
    assert ("applicant", "期間の延長の提案に答える") not in waiting(pilot)
    assert "担当者がいないため。" in client.get(pilot.get_absolute_url()).content.decode()


def test_a_pilot_is_extended_a_year_beyond_its_agreement_at_most(
    world: World, running: Pilot
) -> None:
    signed = running.ends_on
    assert running.agreed_until == signed
    for day in (signed, clock.today()):
        with pytest.raises(NotReady, match="後の日"):
            proposed(running, world, day)
    pilot = extended(running, world, signed + timedelta(days=200))
    with pytest.raises(NotReady, match="12か月"):  # counted from the agreement, not from there
        proposed(pilot, world, running.latest_end + timedelta(days=1))
    assert extended(pilot, world, running.latest_end).agreed_until == signed


def test_a_report_ends_a_proposed_extension(world: World, running: Pilot) -> None:
    pilots.measured(running, world.staff, (4.0, 3.5, 3.2), (11, 9, 6))
    pilot = proposed(running, world, running.ends_on + timedelta(days=30))
    pilot = perform(pilot, "hand_in", by=pilots.firm(pilot), report={"done": "x"})
    assert (pilot.state, pilot.extends_to) == ("reported", None)


def test_the_gate_an_extension_and_the_result(world: World, running: Pilot, client: Client) -> None:
    person, owner = pilots.firm(running), world.staff["owner"]
    assert ("office", "中間の判定を書く") in waiting(running)
    pilot = perform(running, "judge", by=owner, gate="adjust", gate_text="路面の計測を足す")
    assert ("office", "中間の判定を書く") not in waiting(pilot)
    with pytest.raises(NotReady, match="測っていない指標"):
        perform(pilot, "hand_in", by=person, report={})
    pilots.measured(pilot, world.staff, (4.0, 3.5, 3.2), (11, 9, 6))
    pilot = perform(pilot, "hand_in", by=person, report={"done": "x"})
    pilot = perform(pilot, "send_back", by=owner, reason="もう1か月見る")
    later = pilot.ends_on + timedelta(days=30)
    pilot = extended(pilot, world, later)
    assert (pilot.state, pilot.ends_on, pilot.extends_to) == ("running", later, None)
    pilot = perform(pilot, "hand_in", by=person, report={"done": "x"})
    assert len(waiting(pilot)) == 3
    with pytest.raises(NotReady, match="担当課、提案者、アドバイザリーボード"):
        perform(
            pilot,
            "conclude",
            by=world.approver,
            verdict="adopt",
            summary="x",
            summary_en="",
            lessons="x",
        )
    for name, by in (
        ("assess_department", owner),
        ("assess_firm", person),
        ("assess_board", world.staff["reviewer"]),
    ):
        pilot = perform(pilot, name, by=by, mark="good", text="計測のとおり")
    assert waiting(pilot) == [("office", "実証の評価を決定する")]
    page = client.get(pilot.public_url).content.decode()
    assert "それぞれの評価" not in page
    pilot = perform(
        pilot,
        "conclude",
        by=world.approver,
        verdict="adopt",
        summary="よい結果",
        summary_en="",
        lessons="x",
    )
    page = client.get(pilot.public_url).content.decode()
    assert "それぞれの評価" in page
    assert "よい結果" in page
    assert Notice.objects.filter(case=pilot.case, kind="pilot_result").exists()
    assert waiting(pilot) == []
    assert pilot.case.closed_at is not None
    with pytest.raises(WrongState):
        perform(pilot, "stop", by=world.approver, reason="x", lessons="x")


def test_a_stopped_pilot_is_published_with_its_reasons(
    world: World, running: Pilot, client: Client
) -> None:
    pilot = perform(running, "judge", by=world.staff["owner"], gate="stop", gate_text="届かない")
    assert ("office", "実証を続けるか決める") in waiting(pilot)
    pilot = perform(pilot, "stop", by=world.approver, reason=pilots.STOPPED, lessons=pilots.LEARNED)
    page = client.get(pilot.public_url).content.decode()
    assert pilots.STOPPED in page
    assert pilots.LEARNED in page
    assert pilot.case.number in client.get("/pilots/?stage=short").content.decode()
    assert pilot.case.number in client.get("/pilots/?q=同意").content.decode()
    assert pilot.case.number not in client.get("/pilots/?stage=adopt").content.decode()


def test_nobody_stops_a_pilot_that_no_other_proposed_to_stop(
    world: World, running: Pilot, client: Client
) -> None:
    """In each of its states; and a proposal stands only while the pilot is where it was made."""
    given: Given = {"by": world.approver, "reason": "x", "lessons": "x"}
    for state in (
        start_pilot(accepted(world), by=world.staff["concierge"]),
        running,
        pilots.reported(
            Pilot.objects.get(pk=running.pk), world.staff, clock.today() - timedelta(days=1)
        ),
    ):
        with pytest.raises(NotReady, match="先に、担当課が中止を提案"):
            perform(state, "stop", **given)
    reported = pilots.stop_proposed(
        Pilot.objects.get(pk=running.pk), world.staff, "続ける意味がない"
    )
    assert ("office", "実証を続けるか決める") in waiting(reported)
    assert Mail.objects.filter(to=world.approver, subject__contains="中止が提案").exists()
    client.force_login(pilots.firm(reported))
    assert "続ける意味がない" not in client.get(reported.get_absolute_url()).content.decode()
    client.force_login(world.approver)
    assert "続ける意味がない" in client.get(f"/do/pilot/{reported.pk}/stop/").content.decode()
    with pytest.raises(NotReady, match="すでに提案"):
        pilots.stop_proposed(reported, world.staff, "x")
    back = perform(reported, "send_back", by=world.staff["owner"], reason="x")
    assert back.why_stop == ""
    with pytest.raises(NotReady, match="先に、担当課が中止を提案"):
        perform(back, "stop", **given)


def test_a_pilot_stopped_before_its_agreement_stays_private(world: World, client: Client) -> None:
    pilot = start_pilot(accepted(world), by=world.staff["concierge"])
    pilot = pilots.stop_proposed(pilot, world.staff, "x")
    pilot = perform(pilot, "stop", by=world.approver, reason="条件が合わない", lessons="x")
    assert client.get(f"/pilots/{pilot.case.number}/").status_code == 404
    assert pilot.case.number not in client.get("/pilots/").content.decode()


def test_support_money_goes_through_the_engine_of_grants(world: World, running: Pilot) -> None:
    person, partner = (
        pilots.firm(running),
        running.partners.select_related("pilot__case__organisation").get(),
    )
    with pytest.raises(NotReady, match="まだ始まっていません"):
        support.apply(partner, by=person)
    application = pilots.supported(running, world.sim)
    award = Award.objects.get(application=application)
    assert (award.awarded_amount, application.state) == (500_000, "awarded")
    assert application.case.municipality_codes == ["011002"]
    assert ("applicant", "実証の支援金を申請する") not in waiting(running)
    with pytest.raises(NotReady, match="すでに始めて"):
        support.apply(partner, by=person)
    assert support.ended_early(award) != []  # fixed only after the evaluation
    pilots.measured(running, world.staff, (4.0, 3.5), (11, 9))
    pilots.evaluated(
        Pilot.objects.get(pk=running.pk), world.staff, "adopt", clock.today() - timedelta(days=16)
    )
    assert support.ended_early(award) == []


def test_who_throws_a_draft_for_support_away_begins_another(world: World, running: Pilot) -> None:
    pilots.support_call(world.staff, "011002")
    person = pilots.firm(running)
    partner = running.partners.select_related("pilot__case__organisation").get()
    first = support.apply(partner, by=person)
    with pytest.raises(NotReady, match="すでに始めて"):
        support.apply(partner, by=person)
    asked = ("applicant", "実証の支援金を申請する")
    assert asked not in waiting(running)
    discarding.discard(first, by=person)
    assert asked in waiting(running)
    second = support.apply(partner, by=person)
    assert asked not in waiting(running)
    assert (second.pk != first.pk, support.not_promised(second)) == (True, [])


def test_support_money_wants_an_agreement_and_stays_within_it(world: World, running: Pilot) -> None:
    call, person = pilots.support_call(world.staff, "011002"), pilots.firm(running)
    alone = begin(Application, by=person, call=call, organisation=running.case.organisation)
    assert support.not_promised(alone) == ["実証の支援金は、実証の案件のページから申請します。"]
    partner = running.partners.select_related("pilot__case__organisation").get()
    application = support.apply(partner, by=person)
    assert support.not_promised(application) == []
    partner.support = 300_000
    partner.save()
    section = application.sections.get(key="costs")
    assert section.data["item-0-amount"] == "500000"


def test_no_support_is_begun_or_awarded_once_the_pilot_is_stopped(
    world: World, running: Pilot, client: Client
) -> None:
    application = pilots.applied(running, world.sim)
    approval = world.approval("award", [application])
    perform(
        pilots.stop_proposed(Pilot.objects.get(pk=running.pk), world.staff, "x"),
        "stop",
        by=world.approver,
        reason="続けられない",
        lessons="x",
    )
    with pytest.raises(NotReady, match="中止になったので"):
        perform(approval, "approve", by=world.director)
    perform(approval, "withdraw", by=world.officer)
    application = Application.objects.get(pk=application.pk)
    with pytest.raises(NotReady, match="中止になったので"):
        world.approval("award", [application])
    assert support.not_promised(application) == [
        "この実証は中止になったので、支援金は支払えません。"
    ]  # asked when it is submitted
    assert not Award.objects.filter(application=application).exists()
    client.force_login(world.officer)
    page = client.get(application.case.get_absolute_url()).content.decode()
    assert f'href="{running.get_absolute_url()}"' in page
    partner = running.partners.get()
    running.partners.update(application=None)
    with pytest.raises(NotReady, match="中止になったので"):
        support.apply(partner, by=pilots.firm(running))


def again(world: World, pilot: Pilot) -> Match:
    """The agreed match of the same proposal, sent once more by its firm in a second period after the first was concluded."""
    call, person, firm = pilot.application.call, pilots.firm(pilot), pilot.case.organisation
    opens, closes = (at(clock.today() - timedelta(days=n), 10) for n in (145, 135))
    IntakePeriod.objects.create(call=call, n=2, opens_at=opens, closes_at=closes)
    with clock.at(at(clock.today() - timedelta(days=140), 10)):
        application = begin(Application, by=person, call=call, organisation=firm)
        fill(world.sim, application, person, complete=True)
        for key, typed in (
            ("challenges", {f"c_{pilot.challenge.number}": "on"}),
            ("secrecy", {"read": "on"}),
        ):
            drafts.save(application, key, typed, by=person, page=drafts.Page(0))
        application = submit.submit(application, by=person)
    with clock.at(at(clock.today() - timedelta(days=130), 10)):
        rows = match(matching.accepted(application, world.staff), by=world.staff["concierge"])
        return matching.decided(matching.offered(rows[0], world.staff), world.staff, "agree")


def test_the_support_of_a_challenge_is_paid_to_a_firm_once(
    world: World, running: Pilot, client: Client
) -> None:
    second = start_pilot([again(world, running)], by=world.staff["concierge"])
    client.force_login(world.approver)
    page = client.get(second.get_absolute_url()).content.decode()
    assert "もう協定を結んでいます" in page  # said to whoever signs
    assert f'href="{running.get_absolute_url()}"' in page
    second = pilots.agreed(second, world.staff, clock.today())
    first = pilots.supported(running, world.sim)
    partner, person = (
        second.partners.select_related("pilot__case__organisation").get(),
        pilots.firm(second),
    )
    with pytest.raises(NotReady, match=f"{first.case}ですでに決定"):
        support.apply(partner, by=person)
    award = Award.objects.get(application=first)
    Award.objects.filter(pk=award.pk).update(state="withdrawn", ended_reason="x")
    assert support.paid_elsewhere(partner) == []  # it ended, and nothing was paid
    application = support.apply(partner, by=person)
    Award.objects.filter(pk=award.pk).update(state="active")
    for reasons in (
        support.not_promised(application),
        support.not_payable(application),
    ):  # submitted, awarded
        assert reasons == [
            f"同じ課題と市町村の実証の支援金が、{first.case}ですでに決定しています。重ねては支払えません。"
        ]


def test_the_database_refuses_what_the_door_would(world: World, running: Pilot) -> None:
    refused: list[tuple[str, Given]] = [
        ("pilots_stopped_has_reason", {"state": "stopped"}),
        ("pilots_evaluated_has_result", {"state": "evaluated"}),
        ("pilots_state", {"state": "nonsense"}),
        ("pilots_period", {"ends_on": date(2020, 1, 1)}),
        ("pilots_agreed_on", {"agreed_on": None}),
    ]
    for constraint, change in refused:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Pilot.objects.filter(pk=running.pk).update(**change)


def test_public_readings_are_numbers(world: World, running: Pilot, client: Client) -> None:
    pilots.measured(running, world.staff, (4.0, 3.5), (11, 9))
    text = client.get(f"/pilots/{running.case.number}/readings.csv").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 5
    assert text.splitlines()[1].split(",")[3] == "4"


def test_buttons_follow_scope(world: World, running: Pilot) -> None:
    assert [a.spec.name for a in actions(world.staff["eniwa_owner"], running)] == []
    found = [a.spec.name for a in actions(world.staff["owner"], running)]
    assert found == ["drop_extension", "judge", "propose_extension"]


@pytest.mark.parametrize(
    ("span", "expected"), [(10, 2), (9.1, 2), (1, 0.2), (30, 5), (100, 20), (0, 1), (7, 2)]
)
def test_the_step_of_a_scale_is_round(span: float, expected: float) -> None:
    assert chart.step(span) == pytest.approx(expected)


def test_a_chart_lays_out_readings_baseline_and_target() -> None:
    day = date(2026, 10, 1)
    found = chart.line([(day, 8.0), (day + timedelta(days=7), 4.0)], baseline=9.0, target=3.0)
    assert found.points[0][0] == chart.LEFT
    assert found.points[1][0] == chart.RIGHT
    assert found.points[0][1] < found.points[1][1]  # higher values lie higher
    assert found.baseline < found.points[0][1]
    assert found.target > found.points[1][1]
    near = chart.line([(day, 3.0)], baseline=3.01, target=3.0)
    assert abs(near.baseline_label.y - near.target_label.y) >= chart.NEAR
    below = chart.line([(day, -3.0), (day + timedelta(days=1), 2.0)], baseline=0.0, target=2.0)
    assert all(chart.TOP <= y <= chart.BOTTOM for _x, y in below.points)


def test_months_and_days_of_a_pilot() -> None:
    assert schedule.months(date(2026, 11, 20), date(2027, 1, 3)) == [
        date(2026, 11, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]
    assert schedule.status_due(date(2026, 11, 1), WORKDAYS) == date(2026, 12, 7)
    assert schedule.first_missing(
        date(2026, 11, 20), date(2027, 1, 3), {date(2026, 11, 1)}
    ) == date(2026, 12, 1)


def test_each_hears_of_a_reported_pilot_what_is_theirs_to_do(world: World, running: Pilot) -> None:
    Mail.objects.all().delete()
    interests.declare(running.case, by=world.staff["second_reviewer"], detail="親族の会社")
    ended = pilots.reported(running, world.staff, clock.today())
    told = Mail.objects.filter(case=ended.case, subject__contains="実証の結果の報告が届きました")
    asked = {
        known_as(mail.to): re.findall("次にすること：(.+)", mail.body) for mail in told if mail.to
    }
    assert asked["owner"] == ["担当課の評価を書く"]
    assert asked["reviewer"] == ["ボードの評価を書く"]
    assert "second_reviewer" not in asked
