"""Approvals on their way: whose turn, who is told, who may act, and in which order."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpResponseBase
from django.test import Client

from grants.applications.models import Application
from grants.programmes.models import Call
from portal import clock, days, fiscal
from portal.accounts.models import StaffRole, User
from portal.approvals import paper
from portal.approvals.models import Approval
from portal.approvals.stations import able
from portal.cases import interests, proof, turns
from portal.cases.models import Interest, Turn
from portal.correspondence.models import Mail
from portal.notices.models import Notice
from portal.types import Given
from portal.workflow import duties
from portal.workflow.door import actions, begin, perform
from portal.workflow.errors import Forbidden, NotReady
from tests.absences import deputised
from tests.beginning import begins
from tests.conftest import World
from tests.markup import one_line
from tests.roles import granted
from tools.demonstration import simulation
from tools.demonstration.people import known_as

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as TestResponse


def drafted(world: World, count: int, act: str = "award", *steps: tuple[str, User]) -> Approval:
    subjects = [
        (world.accepted()[0], {"reason": "x"} if act == "reject" else {}) for _ in range(count)
    ]
    stations = list(steps) or [("agree", world.approver), ("decide", world.director)]
    return begin(
        Approval, by=world.officer, act=act, title="起案の件名", rows=subjects, steps=stations
    )


def waiting(approval: Approval) -> set[tuple[str, str]]:
    """(person, what) of the turns that the approval makes on its cases; the same on each."""
    rows = Turn.objects.filter(subject=approval.subject_key).select_related("person")
    each = {
        case: {
            (known_as(row.person) if row.person else row.role, row.what)
            for row in rows
            if row.case_id == case
        }
        for case in approval.items.values_list("case", flat=True)
    }
    [same] = {frozenset(found) for found in each.values()}
    return set(same)


def told(text: str) -> list[str]:
    return sorted(
        known_as(mail.to) for mail in Mail.objects.filter(subject__startswith=text) if mail.to
    )


def agrees() -> None:
    assert turns.differing() == []


@pytest.mark.parametrize("count", [1, 3])
def test_an_approval_is_in_the_inbox_of_whoever_it_waits_for_at_every_step(
    world: World, count: int
) -> None:
    approval = drafted(world, count)
    agrees()
    assert waiting(approval) == {("officer", "起案を回議に回す")}
    approval = perform(approval, "circulate", by=world.officer)
    agrees()
    assert waiting(approval) == {("approver", "起案を確かめる")}
    approval = perform(approval, "send_back", by=world.approver, reason="根拠を足してください")
    agrees()
    assert waiting(approval) == {("officer", "差し戻された起案を直す")}
    approval = perform(approval, "circulate", by=world.officer)
    approval = perform(approval, "agree", by=world.approver)
    agrees()
    assert waiting(approval) == {("director", "決裁する")}
    approval = perform(approval, "approve", by=world.director)
    agrees()
    assert waiting(approval) == set()


@pytest.mark.parametrize("name", ["refuse", "withdraw"])
def test_an_approval_that_ends_without_a_decision_gives_its_cases_back(
    world: World, name: str
) -> None:
    approval = perform(drafted(world, 2), "circulate", by=world.officer)
    by = world.officer if name == "withdraw" else world.approver
    perform(approval, name, by=by, reason="x")
    agrees()
    assert waiting(approval) == set()
    assert Turn.objects.filter(what="審査または起案に進める").count() == 2


def test_each_person_has_one_mail_for_an_approval_however_many_its_cases(world: World) -> None:
    approval = perform(drafted(world, 3), "circulate", by=world.officer)
    assert told("起案の確認をお願いします") == ["approver"]
    mail = Mail.objects.get(subject__startswith="起案の確認をお願いします")
    assert (mail.case, mail.subject) == (None, "起案の確認をお願いします：起案の件名")
    assert approval.get_absolute_url() in mail.body
    assert not any(item.case.organisation.name in mail.body for item in approval.items.all())
    approval = perform(approval, "agree", by=world.approver)
    assert told("起案の決裁をお願いします") == ["director"]
    perform(approval, "approve", by=world.director)
    assert told("起案が決裁されました") == ["officer"]


@pytest.mark.parametrize(
    ("name", "text"), [("send_back", "起案が差し戻されました"), ("refuse", "起案が否決されました")]
)
def test_the_drafter_is_told_what_became_of_it(world: World, name: str, text: str) -> None:
    approval = perform(drafted(world, 1), "circulate", by=world.officer)
    perform(approval, name, by=world.approver, reason="x")
    assert told(text) == ["officer"]


def test_a_title_that_names_a_person_does_not_go_into_a_mail(world: World) -> None:
    approval = drafted(world, 1)
    firm = approval.items.get().case.organisation
    firm.representative_name = "北川かおり"
    firm.save()
    Approval.objects.filter(pk=approval.pk).update(title="北川かおりさんの件")
    perform(Approval.objects.get(pk=approval.pk), "circulate", by=world.officer)
    assert not Mail.objects.filter(body__contains="北川かおり").exists()
    assert told("起案の確認をお願いします：交付決定") == ["approver"]


def rows_of(page: HttpResponseBase) -> list[tuple[str, str]]:
    """(address, words) of each row of an inbox."""
    found = re.findall(r'class="inbox__do"><a href="([^"]+)">([^<]+)</a>', one_line(page))
    assert found
    return found


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("officer", "circulate"),
        ("approver", "agree"),
        ("director", "approve"),
        ("deputy", "approve_as_deputy"),
    ],
)
def test_a_row_of_the_inbox_leads_to_the_approval_it_speaks_of(
    world: World, client: Client, name: str, does: str
) -> None:
    # whoever agreed to a draft does not decide it as a deputy
    route = [("decide", world.director)] if name == "deputy" else []
    approval = drafted(world, 1, "award", *route)
    if name != "officer":
        approval = perform(approval, "circulate", by=world.officer)
    if does == "approve":
        approval = perform(approval, "agree", by=world.approver)
    if name == "deputy":
        deputised(world.director, world.approver)
    reader = world.approver if name == "deputy" else world.staff[name]
    client.force_login(reader)
    [(address, _what)] = rows_of(client.get("/inbox/"))
    assert address == approval.get_absolute_url()
    page = client.get(address)
    assert f"/do/approval/{approval.pk}/{does}/" in page.content.decode()
    case = one_line(client.get(approval.items.get().case.get_absolute_url()))
    assert f'<strong><a href="{address}">' in case


def test_who_may_not_open_the_approval_is_led_to_the_case(world: World, client: Client) -> None:
    approval = perform(
        drafted(world, 1, "award", ("decide", world.director)), "circulate", by=world.officer
    )
    turn = Turn.objects.get(subject=approval.subject_key)
    reader = world.staff["reviewer"]
    assert turn.page_for(reader) == turn.case.get_absolute_url()
    assert (
        turn.page_for(world.director) == turn.page_for(world.officer) == approval.get_absolute_url()
    )


def test_the_list_begins_with_what_waits_for_me(world: World, client: Client) -> None:
    perform(drafted(world, 1), "circulate", by=world.officer)
    for person, shown in ((world.approver, True), (world.director, False), (world.officer, False)):
        client.force_login(person)
        assert ("起案の件名" in client.get("/approvals/").content.decode()) is shown
        assert "起案の件名" in client.get("/approvals/?state=all").content.decode()


# -- rights that ended, scope, second factor -------------------------------------------------------------------------
def limited(person: User, **scope: object) -> None:
    granted(person.staff_roles.all(), **scope)
    person.forget_roles()


STEPS = ("agree", "agree_as_deputy", "send_back", "refuse", "approve", "approve_as_deputy")


@pytest.mark.parametrize("name", STEPS)
@pytest.mark.parametrize("how", ["ended", "scope", "factor", "interest"])
def test_a_step_is_closed_to_whoever_no_longer_covers_every_case(
    world: World, name: str, how: str
) -> None:
    last = name.startswith("approve")
    person = world.director if name == "approve" else world.approver
    first = person
    if name.endswith("as_deputy"):
        first = world.director
        deputised(first, person)
    approval = drafted(
        world,
        2,
        "award",
        ("decide" if last else "agree", first),
        *([] if last else [("decide", world.director)]),
    )
    approval = perform(approval, "circulate", by=world.officer)
    if how == "ended":
        StaffRole.objects.filter(person=person).update(ends_on=clock.today() - timedelta(days=1))
        person.forget_roles()
    elif how == "scope":  # the last case alone lies elsewhere: it is not the first that counts
        case = approval.items.last().case  # type: ignore[union-attr]
        case.municipality_codes = ["012319"]
        case.save()
        limited(person, municipality_id="011002")
    elif how == "interest":  # it came up on the way, in the last case alone
        interests.declare(approval.items.last().case, by=person, detail="親族")  # type: ignore[union-attr]
    else:
        Authenticator.objects.filter(user=person).delete()
    with pytest.raises(Forbidden):
        perform(approval, name, by=person, reason="x")
    assert Approval.objects.get(pk=approval.pk).state == "circulated"


@pytest.mark.parametrize("name", ["agree", "send_back", "refuse", "approve"])
def test_every_step_asks_what_its_person_has_done_on_the_case(world: World, name: str) -> None:
    """Who typed an application in for its applicant neither passes on, returns, refuses nor decides it."""
    person = world.director if name == "approve" else world.approver
    kinds = ("decide",) if name == "approve" else ("agree", "decide")
    stations = list(zip(kinds, (person, world.director), strict=False))
    approval = perform(drafted(world, 2, "award", *stations), "circulate", by=world.officer)
    done = [f"case:{approval.items.last().case_id}"]  # type: ignore[union-attr]
    duties.note(person, done, "file_application")
    with pytest.raises(Forbidden, match="申請の提出をした"):
        perform(approval, name, by=person, reason="x")
    approval = Approval.objects.get(pk=approval.pk)
    assert approval.state == "circulated"
    blocked = [action for action in actions(person, approval) if action.spec.name == name]
    assert [bool(action.reasons) for action in blocked] == [True]  # the page says why
    assert not able(kinds[0], approval.touched_cases()).filter(pk=person.pk).exists()


def test_the_page_of_duties_names_who_agreed(world: World, client: Client) -> None:
    approval = drafted(world, 1)
    case = approval.items.get().case
    perform(approval, "circulate", by=world.officer)
    perform(Approval.objects.get(pk=approval.pk), "agree", by=world.approver)
    done = {
        (str(row.subject), str(row.second)): {duty.person for duty in row.did_second}
        for row in proof.of_case(case)[0]
    }
    assert done["この案件", "起案の確認"] == {world.approver}
    client.force_login(world.officer)
    page = one_line(client.get(f"/cases/{case.number}/duties/"))
    assert re.search(f"起案の確認.{{0,200}}{world.approver.name}", page)


def test_who_drafts_is_no_station_of_the_same_draft(world: World) -> None:
    officer = world.staff["second_officer"]
    with pytest.raises(NotReady, match="受け持てません"):
        begin(
            Approval,
            by=officer,
            act="award",
            title="x",
            rows=[(world.accepted()[0], {})],
            steps=[("agree", officer), ("decide", world.director)],
        )


@pytest.mark.parametrize("name", ["circulate", "withdraw"])
def test_a_drafter_without_a_role_does_nothing_more_and_another_officer_withdraws(
    world: World, name: str
) -> None:
    approval = drafted(world, 1)
    StaffRole.objects.filter(person=world.officer).update(ends_on=clock.today() - timedelta(days=1))
    world.officer.forget_roles()
    with pytest.raises(Forbidden):
        perform(approval, name, by=world.officer)
    assert perform(approval, "withdraw", by=world.approver).state == "withdrawn"


def test_the_turn_passes_on_when_a_role_ends_and_comes_back_with_it(world: World) -> None:
    approval = perform(
        drafted(world, 1, "award", ("decide", world.director)), "circulate", by=world.officer
    )
    role = world.director.staff_roles.get()
    role.ends_on = clock.today() + timedelta(days=3)
    role.save()
    turns.rewrite([item.case for item in approval.items.select_related("case")])
    assert waiting(approval) == {("director", "決裁する")}
    with clock.at(simulation.at(clock.today() + timedelta(days=4), 1)):
        agrees()
        assert waiting(approval) == {("officer", "起案を取り下げて、回議先を選び直す")}


def test_only_people_whose_roles_cover_every_case_are_offered(world: World, client: Client) -> None:
    near, far = (world.accepted()[0] for _ in range(2))
    far.case.municipality_codes = ["012319"]
    far.case.save()
    limited(world.approver, municipality_id="011002")
    client.force_login(world.officer)
    for cases, offered in (([near], True), ([near, far], False)):
        query = "&".join(f"case={row.case.number}" for row in cases)
        page = client.get(f"/approvals/new/?act=award&{query}").content.decode()
        assert (f'<option value="{world.approver.pk}">{world.approver.name}' in page) is offered
    with pytest.raises(NotReady, match="すべての案件"):
        begin(
            Approval,
            by=world.officer,
            act="award",
            title="x",
            rows=[(near, {}), (far, {})],
            steps=[("decide", world.approver)],
        )


@begins(World.accepted)
def test_nobody_drafts_over_a_case_with_an_interest(world: World) -> None:
    subjects: list[tuple[Application, Given]] = [
        (world.begun(World.accepted)[0], {}) for _ in range(2)
    ]
    interests.declare(subjects[1][0].case, by=world.officer, detail="親族")
    with pytest.raises(Forbidden, match="利益相反"):
        begin(
            Approval,
            by=world.officer,
            act="award",
            title="x",
            rows=subjects,
            steps=[("decide", world.director)],
        )


# -- the order of the ranking -----------------------------------------------------------------------------------------
def ranks(applications: list[Application]) -> list[tuple[int | None, str]]:
    """(rank stored, rank on the newest notice) of each."""
    found = []
    for row in applications:
        facts = Notice.objects.filter(case=row.case, kind="waitlist").latest("pk").facts
        found.append(
            (Application.objects.get(pk=row.pk).waiting_rank, dict(facts["items"])["補欠の順位"])
        )
    return found


def one_after_another(world: World, count: int, call: Call | None = None) -> list[Application]:
    """Accepted applications in the order of their arrival."""
    rows = [world.accepted(call=call)[0] for _ in range(count)]
    for n, row in enumerate(rows):
        Application.objects.filter(pk=row.pk).update(
            arrived_at=clock.now() - timedelta(hours=count - n)
        )
    return [Application.objects.get(pk=row.pk) for row in rows]


def test_a_draft_keeps_the_order_of_the_ranking_however_it_was_ticked(
    world: World, client: Client
) -> None:
    rows = one_after_another(world, 3)
    approval = world.approval("waitlist", [rows[2], rows[0], rows[1]])
    assert [item.case_id for item in approval.items.all()] == [row.case_id for row in rows]
    perform(approval, "withdraw", by=world.officer)
    client.force_login(world.officer)
    ticked = {"pick": [rows[n].case.number for n in (2, 0, 1)], "do": "act:waitlist"}
    page = client.post("/cases/bulk/", ticked, follow=True).content.decode()
    places = [page.index(f'name="case" value="{row.case.number}"') for row in rows]
    assert places == sorted(places)


def test_ranks_follow_the_ranking_when_ticked_backwards(world: World) -> None:
    rows = one_after_another(world, 3)
    world.decided("waitlist", rows[::-1])
    assert ranks(rows) == [(1, "第1位"), (2, "第2位"), (3, "第3位")]
    agrees()


def test_ranks_follow_the_ranking_over_two_drafts_and_who_moves_down_is_told(world: World) -> None:
    rows = one_after_another(world, 3)
    world.decided("waitlist", [rows[2]])
    assert ranks(rows[2:]) == [(1, "第1位")]
    world.decided("waitlist", [rows[1], rows[0]])
    assert ranks(rows) == [(1, "第1位"), (2, "第2位"), (3, "第3位")]
    assert Notice.objects.filter(case=rows[2].case, kind="waitlist").count() == 2
    agrees()


def test_a_rank_is_kept_free_for_who_is_still_to_be_decided_beyond_the_money(world: World) -> None:
    call = world.call(
        "telework", round_no=2, budgets=[("standard", "yen", 100_000), ("expert", "yen", 100_000)]
    )
    rows = one_after_another(world, 3, call)
    world.decided("waitlist", [rows[2]])
    world.decided("waitlist", [rows[0]])
    world.decided("waitlist", [rows[1]])
    assert ranks(rows) == [(1, "第1位"), (2, "第2位"), (3, "第3位")]
    assert Notice.objects.filter(kind="waitlist").count() == 3
    agrees()


@begins(World.accepted)
def test_a_draft_says_by_when_it_should_be_decided(world: World, client: Client) -> None:
    application, _person = world.begun(World.accepted)
    client.force_login(world.officer)
    wanted = clock.today() + timedelta(days=5)

    def sent(day: date) -> TestResponse:
        return client.post(
            "/approvals/new/",
            {
                "act": "award",
                "case": application.case.number,
                "title": "x",
                "keep_years": "5",
                "wanted_on_y": day.year,
                "wanted_on_m": day.month,
                "wanted_on_d": day.day,
                "first": world.approver.pk,
                "decider": world.director.pk,
            },
        )

    late = sent(clock.today() - timedelta(days=1))
    assert (late.status_code, "今日以降の日" in late.content.decode()) == (422, True)
    sent(wanted)
    approval = Approval.objects.get()
    assert [turn.due_on for turn in application.case.turns.all()] == [wanted]
    head = {row[0]: row[1] for row in paper.document(approval)["sections"][0]["rows"]}
    assert head["決裁を求める日"] == fiscal.era(wanted)
    client.force_login(world.approver)
    for address, words in (
        (approval.get_absolute_url(), days.day_said(wanted)),
        ("/approvals/", days.until_said(wanted)),
    ):
        assert words in client.get(address).content.decode()
    agrees()


def test_what_waits_for_somebody_is_read_newest_first_without_their_interests(
    world: World, client: Client
) -> None:
    first, second = (
        world.approval("reject", [world.accepted()[0]], {"reason": "予算を超えたため"})
        for _n in range(2)
    )
    client.force_login(world.director)
    listed = client.get("/approvals/").context["page"]
    assert list(listed) == [second, first]
    assert listed.paginator.count == 2
    assert listed[0].n == 1
    Interest.objects.create(
        person=world.director, case=second.touched_cases()[0], detail="親族の会社"
    )
    listed = client.get("/approvals/").context["page"]
    assert (list(listed), listed.paginator.count) == ([first], 1)
