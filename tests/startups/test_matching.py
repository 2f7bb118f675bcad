"""Matching: each municipality decides its own, by two people, with a time the startup picks and a letter of its own."""

from contextlib import AbstractContextManager
from datetime import datetime, time, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grants.applications import formal, submit
from grants.applications.models import Application
from grants.programmes.models import Call, IntakePeriod
from grants.reviews.records import SelectionRecord
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.cases import turns
from portal.cases.models import Case
from portal.closures import calendars
from portal.correspondence.models import Mail
from portal.notices.models import Notice
from portal.registry.codes import SAPPORO
from portal.workflow.door import actions, begin, perform
from portal.workflow.errors import Forbidden, NotReady, WrongState
from startups.matching import dossier, public
from startups.matching.models import Match
from startups.matching.starting import start_matching
from startups.proposals import public as proposal_public
from tests.conftest import World
from tests.journeys.test_queries import count
from tests.markup import one_line
from tests.roles import granted
from tests.startups import ERA
from tools.demonstration.rooms import challenges, matching, pilots, proposals
from tools.demonstration.simulation import at


@pytest.fixture
def matched(world: World) -> tuple[list[Match], User]:
    """A proposal to a challenge of Sapporo and one of Eniwa, before both."""
    with before(50):
        call = challenges.round_of(world.staff)
        challenges.published(call, world.staff, "owner", challenges.SNOW)
        challenges.published(call, world.staff, "eniwa_owner", challenges.VISITORS)
        application, person = proposals.drafted(world.sim, call)
        application = submit.submit(application, by=person)
    return start_matching(
        matching.accepted(application, world.staff), by=world.staff["concierge"]
    ), person


def before(days: int) -> AbstractContextManager[None]:
    """So many days ago; a round is open for 45."""
    return clock.at(at(clock.today() - timedelta(days=days), 10))


def slots() -> list[str]:
    days = [calendars.office(SAPPORO).add(clock.today(), n) for n in (3, 5)]
    return [datetime.combine(day, time(14), tzinfo=clock.JST).isoformat() for day in days]


def turn_of(case: Case) -> list[tuple[str, str]]:
    return sorted((turn.side, turn.what) for turn in case.turns.all())


def interviewed(match: Match, owner: User, person: User, opinion: str = "agree") -> Match:
    match = perform(match, "invite", by=owner, slots=slots(), place="オンライン")
    match = perform(match, "pick", by=person, slot=match.slots[1])
    return perform(match, "consider", by=owner, minutes="現場の流れを確かめた。", opinion=opinion)


def test_one_proposal_goes_before_each_municipality(
    world: World, matched: tuple[list[Match], User]
) -> None:
    rows, person = matched
    assert [(row.municipality_id, row.challenge.number) for row in rows] == [
        ("011002", f"CH{ERA}-001"),
        ("012319", f"CH{ERA}-002"),
    ]
    snow, visitors = rows
    case = snow.case
    assert ("office", "面談するか決める") in turn_of(case)
    snow = interviewed(snow, world.staff["owner"], person)
    snow = perform(snow, "agree", by=world.approver, reason=matching.REASONS["agree"])
    assert (
        Application.objects.get(pk=snow.application_id).state == "accepted"
    )  # Eniwa is still thinking
    visitors = interviewed(visitors, world.staff["eniwa_owner"], person, "decline")
    perform(visitors, "decline", by=world.approver, reason=matching.REASONS["decline"])
    assert Application.objects.get(pk=snow.application_id).state == "concluded"
    numbers = {n.kind: n.number for n in Notice.objects.filter(case=case, kind__startswith="match")}
    assert numbers["match_agreed"].startswith("札経産第")
    assert numbers["match_declined"] == f"恵庭市第1号（令和{ERA}年度）"
    letters = {n.kind: n.facts for n in Notice.objects.filter(case=case, kind__startswith="match")}
    assert (letters["match_agreed"]["from"], letters["match_declined"]["from"]) == (
        "札幌市長　北沢　みのり",
        "恵庭市長　恵　かおる",
    )
    assert letters["match_declined"]["office"] == "恵庭市　産業振興担当"
    assert ["理由", matching.REASONS["decline"]] in letters["match_declined"]["items"]
    assert turn_of(case) == []
    assert turns.differing() == []


@pytest.mark.parametrize("role", ["officer", "approver", "director", "concierge", "owner"])
def test_the_page_of_a_proposal_before_two_municipalities_asks_twenty(
    world: World, matched: tuple[list[Match], User], role: str
) -> None:
    rows, person = matched
    for row, owner in zip(rows, ("owner", "eniwa_owner"), strict=True):
        interviewed(row, world.staff[owner], person)
    client = Client()
    client.force_login(world.staff[role])
    assert count(client, f"/cases/{rows[0].case.number}/") <= 20


def test_the_turn_follows_the_match(world: World, matched: tuple[list[Match], User]) -> None:
    rows, person = matched
    perform(rows[1], "withdraw", by=person)
    match = perform(rows[0], "invite", by=world.staff["owner"], slots=slots(), place="本庁舎")
    assert ("applicant", "面談の日時を選ぶ") in turn_of(match.case)
    match = perform(match, "pick", by=person, slot=match.slots[0])
    assert ("office", "面談の記録と意見を書く") in turn_of(match.case)
    match = perform(match, "consider", by=world.staff["owner"], minutes="x", opinion="agree")
    assert ("office", "マッチングを決定する") in turn_of(match.case)
    assert turns.differing() == []


def test_another_municipality_decides_nothing_here(
    world: World, matched: tuple[list[Match], User], client: Client
) -> None:
    snow, visitors = matched[0]
    with pytest.raises(Forbidden):
        perform(snow, "invite", by=world.staff["eniwa_owner"], slots=slots(), place="x")
    client.force_login(world.staff["eniwa_owner"])
    assert client.get(f"/do/match/{snow.pk}/invite/").status_code == 404
    assert client.get(f"/do/match/{visitors.pk}/invite/").status_code == 200
    granted(world.approver.staff_roles.all(), municipality="011002")
    visitors = interviewed(visitors, world.staff["eniwa_owner"], matched[1])
    with pytest.raises(Forbidden):
        perform(visitors, "agree", by=User.objects.get(pk=world.approver.pk), reason="x")


def test_what_a_municipality_wrote_down_stays_its_own(
    world: World, matched: tuple[list[Match], User], client: Client
) -> None:
    """On the page of the case, and in the whole of it on paper."""
    rows, person = matched
    interviewed(rows[0], world.staff["owner"], person)
    case = rows[0].case
    for reader, reads in (("owner", True), ("eniwa_owner", False), ("auditor", True)):
        client.force_login(world.staff[reader])
        page = client.get(case.get_absolute_url()).content.decode()
        whole = str(dossier.matched(case, world.staff[reader]))
        for said in ("現場の流れを確かめた。", str(dict(Match.OPINIONS)["agree"])):
            assert (said in page, said in whole) == (reads, reads), (reader, said)


def test_whoever_gave_the_opinion_does_not_decide(
    world: World, matched: tuple[list[Match], User]
) -> None:
    owner = world.staff["owner"]
    StaffRole.objects.create(
        person=owner,
        role="approver",
        starts_on=clock.today(),
        granted_by=User.objects.system(),
        municipality_id="011002",
    )
    match = interviewed(matched[0][0], User.objects.get(pk=owner.pk), matched[1])
    with pytest.raises(Forbidden, match="マッチングの意見"):
        perform(match, "agree", by=User.objects.get(pk=owner.pk), reason="x")


def test_what_the_department_does_not_want_is_not_agreed(
    world: World, matched: tuple[list[Match], User]
) -> None:
    rows, person = matched
    with pytest.raises(WrongState):
        perform(rows[0], "agree", by=world.approver, reason="x")
    match = interviewed(rows[0], world.staff["owner"], person, "decline")
    with pytest.raises(NotReady, match="実証を行いたい"):
        perform(match, "agree", by=world.approver, reason="x")
    waiting = perform(rows[1], "invite", by=world.staff["eniwa_owner"], slots=slots(), place="x")
    with pytest.raises(NotReady, match="日時を選ぶと"):
        perform(waiting, "consider", by=world.staff["eniwa_owner"], minutes="x", opinion="agree")
    with pytest.raises(NotReady, match="先に、担当課が"):
        perform(waiting, "decline", by=world.approver, reason="x")


def test_a_time_that_is_not_offered_is_not_picked(
    world: World, matched: tuple[list[Match], User], client: Client
) -> None:
    match = perform(matched[0][0], "invite", by=world.staff["owner"], slots=slots(), place="本庁舎")
    with pytest.raises(NotReady, match="示された日時"):
        perform(match, "pick", by=matched[1], slot="2020-01-01T10:00:00+09:00")
    client.force_login(matched[1])
    where = f"/do/match/{match.pk}/pick/"
    assert client.post(where, {"seen": match.version, "key": "k", "slot": "x"}).status_code == 422
    assert (
        client.post(where, {"seen": match.version, "key": "k", "slot": match.slots[1]}).status_code
        == 302
    )
    again = perform(
        Match.objects.get(pk=match.pk),
        "invite",
        by=world.staff["owner"],
        slots=slots()[:1],
        place="変更",
    )
    assert again.slot is None  # new times ask anew


def test_no_municipality_begins_while_others_may_still_propose(
    world: World, client: Client
) -> None:
    call = challenges.round_of(world.staff)
    challenges.published(call, world.staff, "owner", challenges.SNOW)
    application, person = proposals.drafted(world.sim, call)
    application = matching.accepted(submit.submit(application, by=person), world.staff)
    with pytest.raises(NotReady, match="受付が終わってから、マッチングを始めます"):
        start_matching(application, by=world.staff["concierge"])
    client.force_login(world.staff["concierge"])
    page = one_line(client.get(f"/cases/{application.case.number}/"))
    assert "受付が終わってから、マッチングを始めます" in page
    assert "マッチングを始める</button>" not in page
    client.post(f"/cases/{application.case.number}/matches/start/")
    assert not Match.objects.exists()
    with world.after_intake(call):
        assert "マッチングを始める</button>" in one_line(
            client.get(f"/cases/{application.case.number}/")
        )
        assert len(start_matching(application, by=world.staff["concierge"])) == 1


def test_each_intake_period_of_a_round_is_matched_by_itself(world: World) -> None:
    """Who proposed in the first of two periods does not wait for the second."""
    call = challenges.round_of(world.staff)
    first = call.periods.get()
    IntakePeriod.objects.create(
        call=call,
        n=2,
        opens_at=first.closes_at + timedelta(days=9),
        closes_at=first.closes_at + timedelta(days=60),
    )
    challenges.published(call, world.staff, "owner", challenges.SNOW)
    application, person = proposals.drafted(world.sim, call)
    application = matching.accepted(submit.submit(application, by=person), world.staff)
    with clock.at(first.closes_at), pytest.raises(NotReady, match="受付が終わってから"):
        start_matching(application, by=world.staff["concierge"])
    with clock.at(first.closes_at + timedelta(seconds=1)):
        assert len(start_matching(application, by=world.staff["concierge"])) == 1


def test_a_round_that_takes_proposals_as_they_come_matches_them_at_once(world: World) -> None:
    """It is the rule that the round states, not its kind, which says whether the others are waited for."""
    call = challenges.round_of(world.staff)
    Call.objects.filter(pk=call.pk).update(parameters=call.parameters | {"selection": "first_come"})
    challenges.published(call, world.staff, "owner", challenges.SNOW)
    application, person = proposals.drafted(world.sim, Call.objects.get(pk=call.pk))
    application = matching.accepted(submit.submit(application, by=person), world.staff)
    assert len(start_matching(application, by=world.staff["concierge"])) == 1


def test_matching_begins_once_and_only_for_accepted_proposals(
    world: World, matched: tuple[list[Match], User], client: Client
) -> None:
    application = matched[0][0].application
    with pytest.raises(NotReady, match="すでに始まって"):
        start_matching(application, by=world.staff["concierge"])
    twin = Match.objects.get(pk=matched[0][0].pk)
    twin.pk = None
    with pytest.raises(IntegrityError, match="matching_once"), transaction.atomic():
        twin.save()
    with before(30):
        draft, person = proposals.drafted(world.sim, application.call)
        submitted = submit.submit(draft, by=person)
    with pytest.raises(NotReady, match="受理されたか"):
        start_matching(submitted, by=world.staff["concierge"])
    matching.accepted(submitted, world.staff)
    client.force_login(world.staff["concierge"])
    where = f"/cases/{submitted.case.number}/matches/start/"
    assert client.post(where).status_code == 302
    assert client.post(where).status_code in (302, 409, 422)  # again: a sentence, and no second
    assert Match.objects.filter(application=submitted).count() == 2
    page = client.get(f"/cases/{submitted.case.number}/").content.decode()
    assert "マッチングを始める" not in page


def test_the_record_stays_with_the_municipality(
    world: World, matched: tuple[list[Match], User], client: Client
) -> None:
    rows, person = matched
    interviewed(rows[0], world.staff["owner"], person)
    address = f"/cases/{rows[0].case.number}/"
    for who, reads in (
        (world.staff["owner"], True),
        (world.staff["concierge"], True),
        (world.staff["eniwa_owner"], False),
        (person, False),
    ):
        client.force_login(who)
        page = client.get(address)
        assert page.status_code == 200
        assert ("現場の流れを確かめた" in page.content.decode()) is reads, who


def test_the_last_withdrawal_concludes_the_proposal(
    world: World, matched: tuple[list[Match], User]
) -> None:
    rows, person = matched
    for row in rows:
        perform(row, "withdraw", by=person, reason="ほかの事業に集中するため")
    assert Application.objects.get(pk=rows[0].application_id).state == "concluded"


def test_nothing_ends_over_the_head_of_a_municipality_that_decides(
    world: World, matched: tuple[list[Match], User]
) -> None:
    rows, person = matched
    with pytest.raises(NotReady, match="2件"):
        perform(Application.objects.get(pk=rows[0].application_id), "withdraw", by=person)
    asked = perform(rows[0].challenge, "ask_calling_off", by=world.staff["owner"], reason="x")
    with pytest.raises(NotReady, match="1件"):
        perform(asked, "call_off", by=world.staff["concierge"])
    perform(rows[0], "withdraw", by=person)
    assert perform(asked, "call_off", by=world.staff["concierge"]).state == "cancelled"


def test_a_challenge_that_was_called_off_is_not_matched(world: World) -> None:
    """One that proposals wait for is not said to be decided, either."""
    with before(50):
        call = challenges.round_of(world.staff)
        gone = challenges.published(call, world.staff, "owner", challenges.SNOW)
        kept = challenges.published(call, world.staff, "eniwa_owner", challenges.VISITORS)
        application, person = proposals.drafted(world.sim, call)
        application = submit.submit(application, by=person)
    application = matching.accepted(application, world.staff)
    with pytest.raises(NotReady, match="マッチングを待っている提案が1件"):
        perform(kept, "decide", by=world.staff["concierge"])
    challenges.called_off(gone, world.staff, "予算がないため")
    [told] = Mail.objects.filter(subject__contains="提案先の課題が中止")
    assert told.to == person
    concierge = world.staff["concierge"]
    [match] = start_matching(application, by=concierge)
    assert match.challenge == kept
    perform(match, "withdraw", by=person)
    assert perform(kept, "decide", by=concierge).state == "decided"


def test_the_public_reads_how_far_the_proposals_came(
    world: World, matched: tuple[list[Match], User], client: Client
) -> None:
    rows, person = matched
    perform(
        interviewed(rows[0], world.staff["owner"], person), "agree", by=world.approver, reason="x"
    )
    page = f"/challenges/CH{ERA}-001/"
    with before(20):
        assert (
            "選考の経過" not in client.get(page).content.decode()
        )  # while it is open nobody counts the others
    call = rows[0].application.call
    with world.after_intake(call):
        perform(type(call).objects.get(pk=call.pk), "select", by=world.officer)
    assert public.counts(rows[0].challenge) == [("面談した提案", 1), ("実証に進む提案", 1)]
    assert proposal_public.counts(rows[0].challenge) == [("寄せられた提案", 1)]
    assert "選考の経過" in client.get(page).content.decode()


def test_the_form_of_times_asks_for_days_to_come(
    world: World, matched: tuple[list[Match], User], client: Client
) -> None:
    client.force_login(world.staff["owner"])
    match = matched[0][0]
    day = calendars.office(SAPPORO).add(clock.today(), 4)

    def posted(**change: object) -> dict[str, object]:
        data = {"seen": match.version, "key": "k", "place": "本庁舎", "hour_1": "10:30"}
        return (
            data
            | {f"day_1_{p}": v for p, v in zip("ymd", (day.year, day.month, day.day), strict=True)}
            | change
        )

    where = f"/do/match/{match.pk}/invite/"
    assert client.post(where, posted(day_1_y="2020")).status_code == 422
    assert client.post(where, posted(place="")).status_code == 422
    assert client.post(where, posted()).status_code == 302
    assert Match.objects.get(pk=match.pk).slots == [
        datetime.combine(day, time(10, 30), tzinfo=clock.JST).isoformat()
    ]


def test_the_buttons_of_each_role_and_state(
    world: World, matched: tuple[list[Match], User]
) -> None:
    row = matched[0][0]
    people = {
        "owner": world.staff["owner"],
        "neighbour": world.staff["eniwa_owner"],
        "approver": world.approver,
        "concierge": world.staff["concierge"],
        "founder": matched[1],
        "reviewer": world.staff["reviewer"],
    }
    found: dict[str, dict[str, str]] = {}
    for state in Match.STATES:
        row.__dict__["state"] = state  # only in memory: the table asks, nothing is performed
        seen = {
            name: ",".join(sorted(a.spec.name for a in actions(user, row)))
            for name, user in people.items()
        }
        found[state] = {name: names for name, names in seen.items() if names}
    assert found == {
        "proposed": {"owner": "consider,invite", "founder": "withdraw"},
        "interviewing": {
            "owner": "consider,invite",
            "approver": "agree,decline",
            "founder": "pick,withdraw",
        },
        "agreed": {},
        "declined": {},
        "withdrawn": {},
    }
    with pytest.raises(Forbidden):
        begin(
            Match,
            by=world.staff["owner"],
            application=row.application,
            challenge=row.challenge,
            municipality=row.municipality,
            respond_by=row.respond_by,
        )


def test_no_subsidy_is_awarded_for_a_proposal(
    world: World, matched: tuple[list[Match], User], client: Client
) -> None:
    rows, _person = matched
    application = rows[0].application
    for act in ("award", "waitlist"):
        with pytest.raises(NotReady, match="マッチングで決めます"):
            world.approval(act, [application])
    client.force_login(world.officer)
    ranking = client.get(f"/staff/calls/{application.call_id}/ranking/").content.decode()
    assert ('value="act:reject"' in ranking, 'value="act:award"' in ranking) == (True, False)
    assert "?act=award&amp;" not in one_line(client.get(f"/cases/{application.case.number}/"))


def test_a_match_ends_whatever_became_of_its_proposal(
    world: World, matched: tuple[list[Match], User]
) -> None:
    rows, person = matched
    application = rows[0].application
    type(application).objects.filter(pk=application.pk).update(state="awarded")
    assert [perform(row, "withdraw", by=person).state for row in rows] == ["withdrawn"] * len(rows)


def test_no_match_begins_or_is_agreed_over_an_open_finding(
    world: World, matched: tuple[list[Match], User]
) -> None:
    rows, person = matched
    check = rows[0].application.checks.get(kind="antisocial")
    row = interviewed(rows[0], world.staff["owner"], person)
    formal.check(check, by=world.officer, result="concern", evidence="警察からの連絡")
    with pytest.raises(NotReady, match="気になる点あり"):
        perform(row, "agree", by=world.approver, reason="x")
    formal.go_on(check, by=world.approver, reason="別人と確かめた")
    assert perform(row, "agree", by=world.approver, reason="x").state == "agreed"


def test_the_fictitious_year_matches_the_round_that_is_over_and_leaves_the_open_one(
    world: World,
) -> None:
    for room in (challenges, proposals, matching, pilots):
        room.run(world.sim, [])
    rounds = Call.objects.filter(programme__code="open_innovation")
    over = [call for call in rounds if call.is_intake_over]
    assert len(over) == len(rounds) - 1
    matched = Match.objects.values_list("application__call", flat=True)
    assert set(matched) == {call.pk for call in over}
    assert {"agreed", "declined", "interviewing"} <= set(
        Match.objects.values_list("state", flat=True)
    )
    assert turns.differing() == []


def test_a_selection_of_proposals_is_kept_at_its_first_decision(
    world: World, matched: tuple[list[Match], User], client: Client
) -> None:
    rows, person = matched
    snow = interviewed(rows[0], world.staff["owner"], person)
    assert not SelectionRecord.objects.exists()
    perform(snow, "agree", by=world.approver, reason=matching.REASONS["agree"])
    record = SelectionRecord.objects.get()
    [row] = record.rows.all()
    assert (row.application_id, row.said and row.said["state"]) == (snow.application_id, "accepted")
    assert record.decided_by == world.approver
    visitors = interviewed(rows[1], world.staff["eniwa_owner"], person, "decline")
    perform(visitors, "decline", by=world.approver, reason=matching.REASONS["decline"])
    assert SelectionRecord.objects.get() == record  # once, and as it was
    client.force_login(world.officer)
    page = one_line(client.get(record.get_absolute_url()))
    assert snow.case.number in page
    paper = client.get(f"{record.get_absolute_url()}pdf/")
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
