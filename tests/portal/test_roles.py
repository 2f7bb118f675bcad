"""Roles of the office: one administrator proposes, another confirms; nobody alone."""

from datetime import date, datetime, time, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client

from portal import clock
from portal.accounts import demo, roles
from portal.accounts.models import RoleProposal, StaffRole, User
from portal.accounts.who_is_left import undone_without
from portal.audit.models import Event
from portal.clock import today
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.days import moment_said
from portal.registry.models import Municipality
from portal.types import Given
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World

PAYS = ("finance_officer", "accounting_officer")


def administrators(world: World) -> tuple[User, User]:
    return world.staff["administrator"], world.staff["second_administrator"]


def of(person: User) -> User:
    """As read anew, with the roles of now."""
    return User.objects.get(pk=person.pk)


def entered(person: User) -> Client:
    """Signed in, and proved again."""
    client = Client()
    client.force_login(person)
    client.post("/accounts/reauthenticate/", {"password": demo.PASSWORD})
    return client


def acts(person: User) -> list[str]:
    found = Event.objects.filter(chain=f"person:{person.pk}").order_by("seq")
    return list(found.values_list("action", flat=True))


def test_a_role_holds_once_another_administrator_confirmed_it(world: World) -> None:
    first, second = administrators(world)
    person = world.staff["auditor"]
    proposal = roles.propose(person, "finance_officer", by=first, starts_on=today())
    assert not of(person).has_role("finance_officer")
    with pytest.raises(Forbidden, match="別の管理者"):
        roles.confirm(proposal, by=first)
    assert not of(person).has_role("finance_officer")
    role = roles.confirm(proposal, by=second)
    assert of(person).has_role("finance_officer")
    assert (role.granted_by, role.proposal.proposed_by) == (second, first)
    roles.end_role(role, by=first, reason="異動")  # ending is one person's
    assert not of(person).has_role("finance_officer")
    assert acts(person) == ["role.propose", "role.grant", "role.end"]


def test_a_proposal_is_confirmed_or_taken_back_once(world: World) -> None:
    first, second = administrators(world)
    person = world.staff["auditor"]
    proposal = roles.propose(person, "inspector", by=first, starts_on=today())
    roles.take_back(proposal, by=first)
    for again in (roles.confirm, roles.take_back):
        with pytest.raises(NotReady, match="すでに"):
            again(proposal, by=second)
    assert not of(person).has_role("inspector")
    assert acts(person) == ["role.propose", "role.take_back"]


def test_a_role_never_begins_before_it_was_confirmed(world: World) -> None:
    first, second = administrators(world)
    person, past = world.staff["auditor"], today() - timedelta(days=30)
    proposal = roles.propose(person, "inspector", by=first, starts_on=past)
    assert roles.confirm(proposal, by=second).starts_on == today()
    over = roles.propose(person, "reviewer", by=first, starts_on=past, ends_on=past)
    with pytest.raises(NotReady, match="終わりの日"):
        roles.confirm(over, by=second)


def test_nobody_gives_to_oneself_neither_proposing_nor_confirming(world: World) -> None:
    first, second = administrators(world)
    with pytest.raises(Forbidden, match="自分に"):
        roles.propose(first, "administrator", by=first, starts_on=today())
    proposal = roles.propose(second, "administrator", by=first, starts_on=today())
    with pytest.raises(Forbidden, match="自分に"):
        roles.confirm(proposal, by=second)


def test_the_database_knows_no_role_confirmed_by_who_proposed_it(world: World) -> None:
    first, _second = administrators(world)
    person = world.staff["auditor"]
    proposal = roles.propose(person, "inspector", by=first, starts_on=today())
    granted = roles.appoint(person, "inspector", starts_on=today())
    with (
        pytest.raises(IntegrityError, match="accounts_proposal_four_eyes"),
        transaction.atomic(),
    ):
        RoleProposal.objects.filter(pk=proposal.pk).update(
            granted=granted, closed_by=first, closed_at=proposal.proposed_at
        )


FAR = today() + timedelta(days=400)


@pytest.mark.parametrize("role", sorted(StaffRole.CASE_ROLES))
@pytest.mark.parametrize(
    ("held", "wanted"),
    [
        ((today(), None), (FAR, None)),
        ((FAR, None), (today(), None)),
        ((FAR, FAR), (today(), FAR)),
    ],
    ids=["held for good", "held later", "on one day"],
)
def test_administrator_and_a_role_on_cases_never_meet_on_any_day(
    world: World, role: str, held: tuple[date, date | None], wanted: tuple[date, date | None]
) -> None:
    first, second = administrators(world)
    for one, other in (("administrator", role), (role, "administrator")):
        person = User.objects.create_user(f"{one}@city.example", name="新人", office="課")
        known = roles.propose(person, one, by=first, starts_on=held[0], ends_on=held[1])
        late = roles.propose(person, other, by=first, starts_on=wanted[0], ends_on=wanted[1])
        roles.confirm(known, by=second)
        with pytest.raises(Forbidden, match="システム管理"):
            roles.confirm(late, by=second)
        with pytest.raises(Forbidden, match="システム管理"):
            roles.propose(person, other, by=first, starts_on=wanted[0], ends_on=wanted[1])
        with pytest.raises(Forbidden, match="システム管理"):
            roles.appoint(person, other, starts_on=wanted[0])


def test_nobody_orders_and_pays_in_one_place(world: World) -> None:
    """Neither everywhere nor where the scopes meet; in two towns, and one after the other, they may."""
    first, second = administrators(world)
    eniwa, chitose = (Municipality.objects.get(pk=code) for code in ("012319", "012246"))
    given: Given = {"by": first, "starts_on": today()}
    for who, one, other in (("auditor", *PAYS), ("inspector", *PAYS[::-1])):
        person = world.staff[who]
        roles.confirm(roles.propose(person, one, municipality=eniwa, **given), by=second)
        for place in (None, eniwa):
            with pytest.raises(Forbidden, match="経理担当と会計管理者"):
                roles.propose(person, other, municipality=place, **given)
        elsewhere = roles.propose(person, other, municipality=chitose, **given)
        assert roles.confirm(elsewhere, by=second).role == other
        roles.end_role(person.staff_roles.get(role=one), by=first, reason="異動")
        roles.confirm(roles.propose(person, other, municipality=eniwa, **given), by=second)


def test_who_held_both_roles_of_money_before_is_named_to_administrators(world: World) -> None:
    first, _second = administrators(world)
    person, elsewhere = world.staff["treasurer"], world.staff["inspector"]
    given = {"starts_on": today(), "granted_by": first}
    for who, towns in ((person, ("012319", "")), (elsewhere, ("012319", "012246"))):
        for role, town in zip(PAYS, towns, strict=True):
            StaffRole.objects.create(person=who, role=role, municipality_id=town or None, **given)
    assert roles.with_both() == [person]
    page = entered(first).get("/staff/roles/").content.decode()
    assert "兼ねている方がいます" in page
    roles.end_role(of(person).staff_roles.get(role="accounting_officer"), by=first, reason="異動")
    assert "兼ねている方がいます" not in entered(first).get("/staff/roles/").content.decode()


def test_there_is_no_administrator_of_one_town_or_programme(world: World) -> None:
    """What an administrator does is about everybody."""
    first, _second = administrators(world)
    person, town = world.staff["treasurer"], Municipality.objects.get(pk="012319")
    page = entered(first).post(
        "/staff/roles/",
        {
            "person": person.pk,
            "role": "administrator",
            "municipality": town.pk,
            "starts_on": today().isoformat(),
        },
    )
    assert page.status_code == 422
    assert "システム管理の役割は、範囲を限れません。" in page.content.decode()
    for scope in ({"municipality": town}, {"programme_code": "telework"}):
        terms = {"person": first, "granted_by": person, "starts_on": today(), **scope}
        never = StaffRole(role="administrator", **terms)
        with pytest.raises(IntegrityError, match="accounts_role_whole"), transaction.atomic():
            never.save()


def ended(client: Client, role: StaffRole, reason: str = "") -> str:
    """What the page of ending it answers."""
    path = f"/staff/roles/{role.pk}/end/"
    return client.post(path, {"reason": reason}, follow=True).content.decode()


def told(*people: User) -> list[tuple[str, str]]:
    """(subject, to whom) of the mails about ended roles."""
    mails = Mail.objects.filter(address__in=[person.email for person in people]).order_by("pk")
    return [(mail.subject.split("】")[1], mail.address) for mail in mails]


def test_whose_role_has_to_go_goes_by_one_press_and_all_hear_of_it(world: World) -> None:
    """Of three officers a thief is one: nobody waits for a second administrator."""
    first, second = administrators(world)
    person = User.objects.create_user("thief@city.example", name="盗人", office="課")
    roles.confirm(roles.propose(person, "reviewer", by=first, starts_on=today()), by=second)
    entered(first).post(f"/staff/roles/{person.staff_roles.get().pk}/end/")
    assert not of(person).is_office
    assert told(person, first, second) == [
        ("職員としての役割が外されました", person.email),
        ("ほかの管理者が、職員の役割を外しました", second.email),
    ]


def test_the_last_but_one_administrator_is_ended_with_a_warning_and_a_reason(world: World) -> None:
    first, second = administrators(world)
    role = second.staff_roles.get()
    client, said = entered(first), "管理者が一人になります"
    path = f"/staff/roles/{role.pk}/end/"
    assert f'href="{path}"' in client.get("/staff/roles/").content.decode()
    for page in (client.get(path).content.decode(), ended(client, role)):
        assert said in page
        assert of(second).has_role("administrator")
    with pytest.raises(NotReady, match=said):
        roles.end_role(role, by=first)
    ended(client, role, "アドレスが盗まれたため")
    assert not of(second).has_role("administrator")
    assert told(second) == [("職員としての役割が外されました", second.email)]
    event = Event.objects.get(chain=f"person:{second.pk}", action="role.end")
    assert event.payload.data()["reason"] == "アドレスが盗まれたため"
    assert said in str(event.payload.data()["undone"])


def test_two_administrators_who_end_each_other_leave_one(world: World) -> None:
    first, second = administrators(world)
    own, others = first.staff_roles.get(), second.staff_roles.get()
    roles.end_role(others, by=first, reason="x")
    with pytest.raises(NotReady, match="最後の管理者"):
        roles.end_role(own, by=second, reason="x")
    assert of(first).has_role("administrator")


def test_who_is_left_is_counted_where_the_role_held(world: World) -> None:
    """Of one town everybody counts who holds it there; of all towns nobody of one town does."""
    first, _second = administrators(world)
    eniwa = Municipality.objects.get(pk="012319")
    held = {"role": "inspector", "starts_on": today(), "granted_by": first}
    whole = world.staff["inspector"].staff_roles.get()
    town = StaffRole.objects.create(person=world.staff["auditor"], municipality=eniwa, **held)
    everybody = list(roles.in_force_now())
    assert "検査員が、いなくなります" in undone_without(whole, everybody)
    assert undone_without(town, everybody) == ""
    same = StaffRole.objects.create(person=whole.person, municipality=eniwa, **held)
    assert undone_without(same, everybody) == ""


def test_an_approver_of_a_lower_rank_stands_in_for_no_higher_one(world: World) -> None:
    first, _second = administrators(world)
    given = {"role": "approver", "starts_on": today(), "granted_by": first}
    chief = StaffRole(pk=1, person=world.approver, rank="section_chief", **given)
    head = StaffRole(pk=2, person=world.director, rank="department_head", **given)
    assert "決裁できる人が、いなくなります" in undone_without(head, [head, chief])
    assert undone_without(chief, [head, chief]) == ""


def test_a_role_taken_away_was_held_until_that_moment(world: World, client: Client) -> None:
    first, second = administrators(world)
    person = User.objects.create_user("new@city.example", name="新人", office="課")
    role = roles.confirm(roles.propose(person, "reviewer", by=first, starts_on=today()), by=second)
    at = datetime.combine(today(), time(10, 25), tzinfo=clock.JST)
    with clock.at(at):
        roles.end_role(role, by=first)
        page = entered(second).get("/staff/roles/").content.decode()
        client.force_login(person)
        said = client.get("/inbox/").content.decode()
    assert "始まる前に外しました" not in page
    assert f"{moment_said(at)} {first.name}" in page
    assert f"{moment_said(at)}まででした" in said


def test_hand_over_passes_every_role_on_one_day(world: World) -> None:
    first, second = administrators(world)
    receiver = world.staff["auditor"]
    proposed = roles.hand_over(world.officer, receiver, by=first, on=today())
    assert of(world.officer).has_role("programme_officer")
    assert not of(receiver).has_role("programme_officer")
    for proposal in proposed:
        roles.confirm(proposal, by=second)
    assert not of(world.officer).has_role("programme_officer")
    assert of(receiver).has_role("programme_officer")


def test_the_operators_command_confirms_where_there_is_one_administrator(world: World) -> None:
    first, _second = administrators(world)
    person = world.staff["auditor"]
    proposal = roles.propose(person, "inspector", by=first, starts_on=today())
    said = StringIO()
    call_command("confirm_roles", stdout=said)
    assert f"{proposal.pk}  {person.email}  inspector" in said.getvalue()
    assert not of(person).has_role("inspector")
    with pytest.raises(CommandError, match="not proposed: 0"):
        call_command("confirm_roles", 0, proposal.pk)
    call_command("confirm_roles", proposal.pk, stdout=said)
    assert of(person).has_role("inspector")
    assert Event.objects.get(action="role.grant").actor == roles.operator()


def test_the_other_administrators_hear_of_a_proposal_the_next_morning_and_once(
    world: World,
) -> None:
    first, second = administrators(world)
    assert reminders.tell_of_proposed_roles() == 0
    proposal = roles.propose(world.staff["auditor"], "inspector", by=first, starts_on=today())
    assert [reminders.tell_of_proposed_roles() for _ in range(2)] == [1, 0]
    [mail] = Mail.objects.filter(body__contains="/staff/roles/")
    assert mail.to == second
    roles.confirm(proposal, by=second)
    with clock.at(clock.now() + timedelta(days=2)):
        assert reminders.tell_of_proposed_roles() == 0


def test_the_first_administrator_is_made_by_command(db: None) -> None:
    call_command("make_administrator", "first@city.example", "最初の人", stdout=StringIO())
    assert of(User.objects.get(email="first@city.example")).has_role("administrator")


def test_the_pages_of_proposing_and_confirming(world: World) -> None:
    first, second = administrators(world)
    person = world.staff["auditor"]
    typed = {"person": person.pk, "role": "inspector"}
    typed |= {f"starts_on_{part}": str(getattr(today(), name)) for part, name in DAY}
    client = entered(first)
    page = client.post("/staff/roles/", typed, follow=True).content.decode()
    proposal = RoleProposal.objects.get()
    ways = [f"/staff/roles/proposals/{proposal.pk}/{what}/" for what in ("confirm", "take-back")]
    assert [way in page for way in ways] == [False, True]
    client.post(ways[0])
    assert not of(person).has_role("inspector")
    other = entered(second)
    page = other.get("/staff/roles/").content.decode()
    assert [way in page for way in ways] == [True, True]
    assert other.post(ways[0], follow=True).status_code == 200
    assert of(person).has_role("inspector")


DAY = (("y", "year"), ("m", "month"), ("d", "day"))


def test_a_member_of_staff_is_made_with_an_event_and_without_a_right(world: World) -> None:
    client = entered(world.staff["administrator"])
    client.post("/staff/new/", {"name": "新人", "email": "new@city.example", "office": "課"})
    person = User.objects.get(email="new@city.example")
    assert not person.is_office
    assert acts(person) == ["person.create"]


def test_an_administrator_alone_makes_nobody_who_decides(world: World) -> None:
    """Two people made by one administrator hold no role, so neither drafts nor awards money."""
    alone = world.staff["administrator"]
    client = entered(alone)
    for name in ("programme_officer", "approver"):
        client.post("/staff/new/", {"name": "x", "email": f"{name}@city.example", "office": "課"})
        person = User.objects.get(email=f"{name}@city.example")
        proposal = roles.propose(person, name, by=alone, starts_on=today())
        assert client.post(f"/staff/roles/proposals/{proposal.pk}/confirm/").status_code == 302
        own = Client()
        own.force_login(person)
        assert own.get("/inbox/").status_code == 404
        assert not of(person).is_office
