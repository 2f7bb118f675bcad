"""代決: whoever is named beforehand acts in the place of somebody who is away, and nobody else; the turn
passes on and comes back by time alone.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.test import Client

from portal import clock
from portal.accounts import absences, people, roles
from portal.accounts.absence_forms import DeputyForm
from portal.accounts.models import Absence, Deputy, StaffRole, User
from portal.approvals import paper, rules, standing_in
from portal.approvals.models import Approval, Step, circulation
from portal.approvals.ruling import Rule
from portal.audit.models import Event
from portal.cases import interests, turns
from portal.cases.models import Turn
from portal.correspondence.models import Mail
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow import duties
from portal.workflow.door import actions, begin, perform
from portal.workflow.errors import Forbidden, NotReady, WrongState
from tests.absences import away, deputised, named
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_approvals import agrees, drafted, limited, told, waiting
from tests.portal.test_audit import around_triggers
from tests.portal.test_roles import entered
from tests.roles import granted
from tools.demonstration import simulation


def third_approver(world: World) -> User:
    """Somebody of the office who becomes an approver, too."""
    person = world.staff["treasurer"]
    person.staff_roles.create(
        role="approver", starts_on=clock.today(), granted_by=world.staff["administrator"]
    )
    person.forget_roles()
    return person


@contextmanager
def in_days(n: int) -> Iterator[None]:
    with clock.at(simulation.at(clock.today() + timedelta(days=n), 1)):
        yield


def to_decide(world: World, count: int = 1) -> Approval:
    approval = drafted(world, count, "award", ("decide", world.director))
    return perform(approval, "circulate", by=world.officer)


# -- whose turn, by time alone ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_the_turn_passes_to_the_deputy_and_back_by_time_alone(world: World, count: int) -> None:
    named(world.director, world.approver)
    away(world.director, days=3, first=2)
    approval = to_decide(world, count)
    agrees()
    assert waiting(approval) == {("director", "決裁する")}
    with in_days(2):
        agrees()
        assert waiting(approval) == {("approver", "代わって決裁する（代決）")}
    with in_days(4):
        agrees()
        assert waiting(approval) == {("approver", "代わって決裁する（代決）")}
    with in_days(5):
        agrees()
        assert waiting(approval) == {("director", "決裁する")}


def test_a_step_of_agreeing_passes_on_too_and_the_mail_goes_to_the_deputy(world: World) -> None:
    accountant, treasurer = world.staff["accountant"], world.staff["treasurer"]
    named(accountant, treasurer, role="finance_officer")
    away(accountant)
    approval = drafted(world, 1, "award", ("consult", accountant), ("decide", world.director))
    approval = perform(approval, "circulate", by=world.officer)
    agrees()
    assert waiting(approval) == {("treasurer", "代わって起案を確かめる（代決）")}
    assert told("起案の確認をお願いします") == ["treasurer"]
    approval = perform(approval, "agree_as_deputy", by=treasurer, reason="積算を確かめました")
    step = approval.steps.all()[0]
    assert (step.decision, step.decided_by, step.person) == ("agreed", treasurer, accountant)
    assert waiting(approval) == {("director", "決裁する")}
    assert told("あなたの段階の起案が、代決されました") == ["accountant"]


def test_who_has_a_station_agrees_for_nobody_else_in_the_round(world: World) -> None:
    accountant, treasurer = world.staff["accountant"], world.staff["treasurer"]
    named(accountant, treasurer, role="finance_officer")
    away(accountant)
    stations = ("consult", treasurer), ("consult", accountant), ("decide", world.director)
    approval = perform(drafted(world, 1, "award", *stations), "circulate", by=world.officer)
    approval = perform(approval, "agree", by=treasurer)
    agrees()
    assert waiting(approval) == {("accountant", "起案を確かめる")}
    with pytest.raises(Forbidden):
        perform(approval, "agree_as_deputy", by=treasurer)


def joins(person: User, approval: Approval, role: str) -> None:
    """Becomes one of the people, or an adviser, of a firm that the draft decides about."""
    firm = approval.items.get().case.organisation
    terms = {"ends_on": clock.today() + timedelta(days=30)} if role == "adviser" else {}
    by = firm.memberships.get().user
    secret = people.invite(firm, email=person.email, role=role, by=by, **terms)
    people.accept_invitation(secret, by=person)


@pytest.mark.parametrize(
    "what",
    ["entered", "taken back", "named", "removed", "role", "interest", "member", "adviser"],
)
def test_turns_follow_each_act_at_once(world: World, what: str) -> None:
    [deputy] = named(world.director, world.approver)
    absence = away(world.director)
    approval = to_decide(world)
    after = {("director", "決裁する")}
    if what == "entered":
        absences.take_back(absence, by=world.director)
        away(world.director)
        after = {("approver", "代わって決裁する（代決）")}
    elif what == "taken back":
        absences.take_back(absence, by=world.director)
    elif what == "removed":
        absences.end(deputy, by=world.director)
    elif what == "named":
        absences.end(deputy, by=world.director)
        named(world.director, world.approver)
        after = {("approver", "代わって決裁する（代決）")}
    elif what == "role":
        roles.end_role(
            world.approver.staff_roles.get(), by=world.staff["administrator"], reason="異動"
        )
    elif what == "interest":
        interests.declare(approval.items.get().case, by=world.approver, detail="親族")
    else:
        joins(world.approver, approval, what)
    assert waiting(approval) == after
    agrees()


# -- who may -----------------------------------------------------------------------------------------------------------
def test_a_deputy_decides_while_the_person_is_away_and_both_stand_in_the_record(
    world: World,
) -> None:
    named(world.director, world.approver)
    away(world.director)
    approval = perform(to_decide(world), "approve_as_deputy", by=world.approver)
    step = approval.steps.get()
    assert (approval.state, step.decision, step.decided_by, step.person) == (
        "approved",
        "deputised",
        world.approver,
        world.director,
    )
    [(_kind, told)] = paper.document(approval)["sections"][1]["rows"]
    assert told.startswith("髙橋 誠（佐々木 薫の代わり）　代決")


@pytest.mark.parametrize(
    "how",
    [
        "there",
        "not named",
        "ended",
        "other role",
        "role over",
        "scope",
        "duty",
        "interest",
        "not confirmed",
    ],
)
def test_nobody_else_stands_in(world: World, how: str) -> None:
    if how == "not confirmed":
        absences.name(world.director, "approver", world.approver, by=world.staff["administrator"])
    elif how != "not named":
        [deputy] = named(world.director, world.approver)
        if how == "ended":
            absences.end(deputy, by=world.director)
    if how != "there":
        away(world.director)
    approval = to_decide(world, 2)
    last = approval.items.last()
    assert last is not None
    if how == "other role":
        around_triggers("UPDATE portal_accounts_deputy SET role = 'programme_officer'")
    elif how == "role over":
        limited(world.approver, ends_on=clock.today() - timedelta(days=1))
    elif how == "scope":
        last.case.municipality_codes = ["012319"]
        last.case.save()
        limited(world.approver, municipality_id="011002")
    elif how == "duty":
        duties.note(world.approver, [f"case:{last.case_id}"], "file_application")
    elif how == "interest":
        interests.declare(last.case, by=world.approver, detail="親族")
    with pytest.raises(Forbidden):
        perform(approval, "approve_as_deputy", by=world.approver)
    approval = Approval.objects.get(pk=approval.pk)
    assert not [a for a in actions(world.approver, approval) if a.spec.name != "withdraw"]
    assert perform(approval, "approve", by=world.director).state == "approved"


def test_a_deputy_without_a_second_factor_has_the_turn_and_does_nothing(world: World) -> None:
    named(world.director, world.approver)
    away(world.director)
    approval = to_decide(world)
    Authenticator.objects.filter(user=world.approver).delete()
    with pytest.raises(Forbidden, match="二段階認証"):
        perform(approval, "approve_as_deputy", by=world.approver)


def test_who_drafted_it_never_stands_in(world: World) -> None:
    second = world.staff["second_officer"]
    named(second, world.officer, role="programme_officer")
    away(second)
    approval = drafted(world, 1, "award", ("agree", second), ("decide", world.director))
    approval = perform(approval, "circulate", by=world.officer)
    assert waiting(approval) == {("second_officer", "起案を確かめる")}
    with pytest.raises(Forbidden):
        perform(approval, "agree_as_deputy", by=world.officer)


def test_the_second_deputy_acts_while_the_first_is_away_too(world: World) -> None:
    third = third_approver(world)
    named(world.director, world.approver, third)
    away(world.director)
    approval = to_decide(world)
    assert waiting(approval) == {("approver", "代わって決裁する（代決）")}
    with pytest.raises(Forbidden):
        perform(approval, "approve_as_deputy", by=third)
    away(world.approver, days=1)
    assert waiting(approval) == {("treasurer", "代わって決裁する（代決）")}
    agrees()
    with in_days(1):
        agrees()
        assert waiting(approval) == {("approver", "代わって決裁する（代決）")}
    assert perform(approval, "approve_as_deputy", by=third).state == "approved"


def test_where_every_deputy_is_away_the_turn_stays_with_the_person(world: World) -> None:
    named(world.director, world.approver)
    away(world.director)
    away(world.approver)
    approval = to_decide(world)
    agrees()
    assert waiting(approval) == {("director", "決裁する")}
    assert told("起案の決裁をお願いします") == ["director"]


def test_a_deputy_returns_the_draft_in_the_persons_place(world: World) -> None:
    named(world.director, world.approver)
    away(world.director)
    approval = perform(to_decide(world), "send_back", by=world.approver, reason="根拠が要ります")
    assert approval.state == "returned"
    assert approval.steps.get().decision_label == "差戻し（代決）"


def test_a_person_back_sooner_acts_without_taking_the_absence_back(world: World) -> None:
    named(world.director, world.approver)
    away(world.director)
    approval = perform(to_decide(world), "approve", by=world.director)
    with pytest.raises(WrongState):
        perform(approval, "approve_as_deputy", by=world.approver)


# -- 後閲 ----------------------------------------------------------------------------------------------------------------
def test_who_was_away_looks_it_over_and_the_decision_stays(world: World, client: Client) -> None:
    named(world.director, world.approver)
    away(world.director)
    approval = perform(to_decide(world), "approve_as_deputy", by=world.approver)
    before = (approval.state, approval.version, approval.decided_at)
    client.force_login(world.director)
    assert "代決された起案が1件、あなたの後閲を待っています" in one_line(client.get("/inbox/"))
    assert "起案の件名" in client.get("/approvals/?state=look").content.decode()
    page = client.get(approval.get_absolute_url()).content.decode()
    assert f'action="/approvals/{approval.pk}/look/"' in page
    with pytest.raises(NotReady):
        circulation.look_over(approval, by=world.approver)
    assert client.post(f"/approvals/{approval.pk}/look/").status_code == 302
    approval = Approval.objects.get(pk=approval.pk)
    assert (approval.state, approval.version, approval.decided_at) == before
    assert Event.objects.filter(action="approval.look_over", actor=world.director).count() == 1
    [(_kind, said)] = paper.document(approval)["sections"][1]["rows"]
    assert said.splitlines()[-1].startswith("後閲　佐々木 薫")
    assert "あなたの後閲を待っています" not in one_line(client.get("/inbox/"))
    assert "起案の件名" not in client.get("/approvals/?state=look").content.decode()
    with pytest.raises(NotReady):
        circulation.look_over(approval, by=world.director)


def test_what_is_left_to_look_over_makes_no_turn_of_the_city(world: World) -> None:
    """The clocks of the two sides go on as if the person had decided."""
    named(world.director, world.approver)
    away(world.director)
    approval = perform(to_decide(world), "approve_as_deputy", by=world.approver)
    assert waiting(approval) == set()
    assert not Turn.objects.filter(case=approval.items.get().case, side="office").exists()
    agrees()


# -- what is shown -------------------------------------------------------------------------------------------------------
def test_the_form_and_the_page_say_who_is_away(world: World, client: Client) -> None:
    named(world.director, world.approver)
    absence = away(world.director)
    application = world.accepted()[0]
    client.force_login(world.officer)
    form = client.get(f"/approvals/new/?act=award&case={application.case.number}")
    chosen = [
        option
        for option in re.findall(r">([^<]+)</option>", form.content.decode())
        if option.startswith(world.director.name)
    ]
    assert chosen
    for option in chosen:
        assert "（全市町村 決裁者、" in option
        assert option.endswith(f"まで不在、代決 {world.approver.name}）")
    page = one_line(client.get(to_decide(world).get_absolute_url()))
    assert "まで不在" in page
    assert f"{world.approver.name}さんが代決できます" in page
    absences.take_back(absence, by=world.director)
    form = client.get(f"/approvals/new/?act=award&case={application.case.number}")
    assert "まで不在、" not in form.content.decode()


def test_the_list_of_the_deputy_holds_what_waits_meanwhile(world: World, client: Client) -> None:
    named(world.director, world.approver)
    absence = away(world.director)
    to_decide(world)
    client.force_login(world.approver)
    listed = one_line(client.get("/approvals/"))
    firm = Approval.objects.get().items.all()[0].case.organisation.name
    assert all(words in listed for words in ("起案の件名", firm, f"{world.director.name} 代決"))
    absences.take_back(absence, by=world.director)
    assert "起案の件名" not in client.get("/approvals/").content.decode()


# -- entering and naming -------------------------------------------------------------------------------------------------
def test_while_away_the_draft_is_the_deputys_and_not_ones_own(world: World) -> None:
    approval = world.approval("award", [world.accepted()[0]])
    assert list(Approval.objects.waiting_for(world.director)) == [approval]
    deputised(world.director, world.approver)
    for person, count in ((world.director, 0), (world.approver, 1)):
        fresh = User.objects.get(pk=person.pk)
        assert Approval.objects.waiting_for(fresh).count() == count


def test_who_enters_an_absence_hears_who_stands_in(world: World, client: Client) -> None:
    day = clock.today() + timedelta(days=5)
    sent = {
        f"{name}_{part}": getattr(day, full)
        for name in ("starts_on", "ends_on")
        for part, full in (("y", "year"), ("m", "month"), ("d", "day"))
    }
    client.force_login(world.director)
    sent |= {"person": world.director.pk}
    named(world.director, world.approver)
    text = one_line(client.post("/staff/absences/", sent, follow=True))
    assert f"{world.approver.name}さんが代決できます" in text


def test_a_deputy_who_agreed_already_does_not_decide(world: World, client: Client) -> None:
    approval = begin(
        Approval,
        by=world.officer,
        act="award",
        title="件名",
        rows=[(world.accepted()[0], {})],
        steps=[("agree", world.approver), ("decide", world.director)],
    )
    approval = perform(perform(approval, "circulate", by=world.officer), "agree", by=world.approver)
    deputised(world.director, world.approver)
    client.force_login(world.approver)
    assert "代わって決裁する" not in one_line(client.get(approval.get_absolute_url()))
    with pytest.raises(Forbidden):
        perform(approval, "approve_as_deputy", by=world.approver)
    said = duties.conflicts(world.approver, approval.duty_subjects(), "approve_approval")
    assert said == ["起案の確認をしたあなたは、同じ案件の決裁はできません。別の職員が行います。"]


def test_whoever_agreed_to_one_draft_decides_another_about_the_case(world: World) -> None:
    application = world.accepted()[0]
    first = begin(
        Approval,
        by=world.officer,
        act="award",
        title="件名",
        rows=[(application, {})],
        steps=[("agree", world.approver), ("decide", world.director)],
    )
    first = perform(perform(first, "circulate", by=world.officer), "agree", by=world.approver)
    perform(first, "send_back", by=world.director, reason="x")
    subjects = [f"case:{application.case_id}", "approval:0"]
    assert duties.conflicts(world.approver, subjects, "approve_approval") == []
    barred = duties.barred("approve_approval", first.duty_subjects())
    assert barred >= {world.officer.pk, world.approver.pk}
    assert world.approver.pk not in duties.barred("approve_approval", subjects)


def test_whoever_decides_does_not_agree_for_somebody_away(world: World) -> None:
    approval = begin(
        Approval,
        by=world.officer,
        act="award",
        title="件名",
        rows=[(world.accepted()[0], {})],
        steps=[("agree", world.approver), ("decide", world.director)],
    )
    approval = perform(approval, "circulate", by=world.officer)
    deputised(world.approver, world.director)
    with pytest.raises(Forbidden):
        perform(approval, "agree_as_deputy", by=world.director)


def test_only_the_person_and_an_administrator_enter_an_absence(world: World) -> None:
    day, chief = clock.today(), world.staff["administrator"]
    with pytest.raises(Forbidden):
        absences.enter(world.director, starts_on=day, ends_on=day, by=world.officer)
    absence = absences.enter(world.director, starts_on=day, ends_on=day, by=chief)
    [mail] = Mail.objects.filter(subject__contains="不在が登録されました")
    assert mail.address == world.director.email
    with pytest.raises(Forbidden):
        absences.take_back(absence, by=world.officer)
    absences.take_back(absence, by=world.director)
    with pytest.raises(NotReady):
        absences.take_back(absence, by=world.director)


@pytest.mark.parametrize(("first", "last"), [(-2, -1), (0, 400)])
def test_days_that_are_over_or_too_many_are_refused(world: World, first: int, last: int) -> None:
    day = clock.today()
    with pytest.raises(NotReady):
        absences.enter(
            world.director,
            starts_on=day + timedelta(days=first),
            ends_on=day + timedelta(days=last),
            by=world.director,
        )


def test_a_deputy_that_an_administrator_names_waits_for_a_second_pair_of_eyes(
    world: World,
) -> None:
    chief, second = world.staff["administrator"], world.staff["second_administrator"]
    deputy = absences.name(world.director, "approver", world.approver, by=chief)
    assert not deputy.is_in_force
    for nobody in (chief, world.approver, world.officer):
        with pytest.raises(Forbidden):
            absences.confirm(deputy, by=nobody)
    absences.confirm(deputy, by=second)
    with pytest.raises(NotReady):
        absences.confirm(deputy, by=second)
    assert Deputy.objects.get().is_in_force
    with transaction.atomic(), pytest.raises(IntegrityError):
        Deputy.objects.update(confirmed_by=chief)


def test_a_deputy_holds_the_role_and_is_named_once(world: World) -> None:
    with pytest.raises(NotReady, match="役割を持っていません"):
        named(world.director, world.officer)
    with pytest.raises(NotReady, match="本人"):
        named(world.director, world.director)
    named(world.director, world.approver)
    with pytest.raises(NotReady, match="すでに"):
        named(world.director, world.approver)
    assert [d.n for d in named(world.director, third_approver(world))] == [2]


def test_pages_take_what_they_are_sent(world: World, client: Client) -> None:
    client = entered(world.director)
    today = clock.today()
    sent = {
        f"{name}_{part[0]}": str(getattr(today, part))
        for name in ("starts_on", "ends_on")
        for part in ("year", "month", "day")
    }
    assert client.post("/staff/absences/", sent).status_code == 302
    assert Absence.objects.get().person == world.director
    sent = {"role": "approver", "stand_in": str(world.approver.pk)}
    answer = client.post("/staff/deputies/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/staff/deputies/")
    assert Deputy.objects.get().stand_in == world.approver
    client.force_login(world.officer)
    assert "取り消す" not in client.get("/staff/absences/").content.decode()
    assert world.approver.name not in one_line(client.get("/staff/deputies/")).split("<form")[0]


def test_only_who_may_be_deputy_is_offered_and_only_for_roles_that_one_holds(
    world: World,
) -> None:
    def offered(person: User) -> tuple[set[str], set[int]]:
        form = DeputyForm(by=person)
        stand_ins = form.fields["stand_in"].queryset  # type: ignore[attr-defined]
        roles = {str(name) for name, _label in form.fields["role"].choices}  # type: ignore[attr-defined]
        return roles - {""}, {row.pk for row in stand_ins}

    roles, people = offered(world.director)
    assert roles == {"approver"}
    assert world.approver.pk in people
    assert not {world.officer.pk, world.director.pk} & people
    assert offered(world.staff["reviewer"]) == (set(), set())
    client = entered(world.director)
    sent = {"role": "approver", "stand_in": str(world.officer.pk)}
    assert client.post("/staff/deputies/", sent).status_code == 422
    admin = DeputyForm(
        {"role": "approver", "stand_in": str(world.officer.pk), "person": str(world.director.pk)},
        by=world.staff["administrator"],
    )
    assert "この役割を持っていません" in str(admin.errors["stand_in"])
    assert not Deputy.objects.exists()


def test_roles_of_the_office_alone_count(world: World) -> None:
    assert {role for role, _label in Deputy.ROLES} < {role for role, _label in StaffRole.ROLES}
    assert turns.differing() == []


# -- a step that waits too long -------------------------------------------------------------------------------------------
def waits_at_most(world: World, days: int | None) -> None:
    """A table of Sapporo that lets deputies act after some days of waiting, and whoever is head decide."""
    table = rules.propose(
        Municipality.objects.get(pk=SAPPORO),
        [Rule("", None, "department_head")],
        by=world.staff["administrator"],
        deputy_after=days,
    )
    granted(StaffRole.objects.filter(role="approver"), rank="department_head")
    rules.confirm(table, by=world.staff["second_administrator"])


def test_a_step_that_waited_long_is_open_to_the_deputy_by_time_alone(world: World) -> None:
    named(world.director, world.approver)
    approval = to_decide(world)
    waits_at_most(world, 5)
    agrees()
    with in_days(4):
        agrees()
        assert waiting(approval) == {("director", "決裁する")}
        with pytest.raises(Forbidden):
            perform(approval, "approve_as_deputy", by=world.approver)
    with in_days(5):
        agrees()
        assert waiting(approval) == {
            ("director", "決裁する"),
            ("approver", "代わって決裁する（代決）"),
        }
        assert Approval.objects.waiting_for(world.approver).get() == approval
        assert perform(approval, "approve_as_deputy", by=world.approver).state == "approved"


def test_without_such_a_rule_no_wait_is_too_long(world: World) -> None:
    named(world.director, world.approver)
    approval = to_decide(world)
    waits_at_most(world, None)
    with in_days(300):
        agrees()
        assert waiting(approval) == {("director", "決裁する")}


def test_each_station_waits_for_itself(world: World) -> None:
    named(world.director, world.approver)
    waits_at_most(world, 5)
    officer = world.staff["second_officer"]
    approval = drafted(world, 1, "award", ("agree", officer), ("decide", world.director))
    with in_days(20):
        approval = perform(approval, "circulate", by=world.officer)
        assert told("起案の確認をお願いします") == ["second_officer"]
    with in_days(30):
        approval = perform(approval, "agree", by=officer)
        assert waiting(approval) == {("director", "決裁する")}
        agrees()
    with in_days(35):
        agrees()
        assert len(waiting(approval)) == 2


def test_two_absences_of_one_person_do_not_overlap(world: World) -> None:
    person, first = world.approver, clock.today() + timedelta(days=5)
    last = first + timedelta(days=4)
    known = absences.enter(person, starts_on=first, ends_on=last, by=person)
    for starts_on, ends_on in (
        (first - timedelta(days=2), first),
        (last, last + timedelta(days=2)),
        (first + timedelta(days=1), last - timedelta(days=1)),
    ):
        with pytest.raises(NotReady, match="登録済みの不在"):
            absences.enter(person, starts_on=starts_on, ends_on=ends_on, by=person)
    after = last + timedelta(days=1)
    absences.enter(person, starts_on=after, ends_on=after, by=person)
    absences.take_back(known, by=person)
    absences.enter(person, starts_on=first, ends_on=last, by=person)
    other = world.director  # another's day is nobody's concern
    absences.enter(other, starts_on=first, ends_on=last, by=other)


def to_decide_for_others(person: User) -> set[int]:
    """Asked of each draft that goes round, one by one."""
    return {
        approval.pk
        for approval in Approval.objects.filter(state="circulated")
        for step in approval.open_steps
        if any(deputy.stand_in == person for deputy in standing_in.able(approval, step))
    }


@pytest.mark.parametrize("is_away", [True, False])
@pytest.mark.parametrize("days", [None, 1, 5])
def test_the_list_leaves_out_only_drafts_at_which_nobody_stands_in(
    world: World, days: int | None, is_away: bool
) -> None:
    named(world.director, world.approver)
    if is_away:
        away(world.director, days=2, first=3)
    waits_at_most(world, days)
    to_decide(world)
    with in_days(2):
        to_decide(world)
    found = []
    for day in range(9):
        with in_days(day):
            listed = set(Approval.objects.waiting_for(world.approver).values_list("pk", flat=True))
            assert listed == to_decide_for_others(world.approver)
            found.append(len(listed))
    assert any(found) == (is_away or days is not None)
    assert not all(found)


def test_drafts_at_which_nobody_stands_in_are_not_read(world: World) -> None:
    named(world.director, world.approver)
    waits_at_most(world, 5)
    to_decide(world)
    steps = Step.objects.filter(person=world.director, decided_at=None)
    for day, read in ((0, 0), (4, 0), (5, 1)):
        with in_days(day):
            assert steps.filter(standing_in.perhaps_free()).count() == read
    away(world.director)
    assert steps.filter(standing_in.perhaps_free()).count() == 1
