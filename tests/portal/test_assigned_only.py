"""An officer whose role is about assigned cases alone: of theirs everything, of others nothing, on every way to a case."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from grants.programmes.models import Call
from portal import clock
from portal.accounts import proving, roles
from portal.accounts.models import Deputy, StaffRole, User
from portal.accounts.permissions import covers, holders, office
from portal.cases import assignment, listing, officers, visibility
from portal.cases.models import Case, Turn
from portal.correspondence import reminders, talk
from portal.correspondence.models import Mail
from portal.workflow.errors import Forbidden
from startups.challenges.models import Challenge
from tests.conftest import World
from tests.journeys.test_rights import CLOSED, OPEN, asked, entered, listed
from tests.portal.test_bulk import planned, press
from tests.portal.test_roles import administrators
from tests.portal.test_roles import entered as proved_again
from tools.demonstration.rooms import challenges


def narrowed(world: World) -> User:
    """An officer whose role was changed for one of assigned cases alone, by two administrators."""
    first, second = administrators(world)
    person = world.staff["second_officer"]
    for role in person.staff_roles.all():
        roles.end_role(role, by=first, reason="異動")
    proposal = roles.propose(
        person, "programme_officer", by=first, starts_on=clock.today(), assigned_only=True
    )
    roles.confirm(proposal, by=second)
    return User.objects.get(pk=person.pk)


def fresh(case: Case) -> Case:
    return Case.objects.get(pk=case.pk)


def given(case: Case, person: User, world: World) -> None:
    assert assignment.assign(fresh(case), person, by=world.officer) == []


def test_such_an_officer_reads_their_own_cases_and_no_other(world: World) -> None:
    mine, other = world.submitted()[0], world.submitted()[0]
    person = narrowed(world)
    client = entered(person)
    assert asked(client, mine) == asked(client, other) == CLOSED
    given(mine.case, person, world)
    assert (asked(client, mine), asked(client, other)) == (OPEN, CLOSED)
    for text in listed(client):
        assert mine.case.organisation.name in text
        assert other.case.organisation.name not in text
    for found in (mine, other):
        page = client.get(f"/cases/?q={found.case.receipt_number}").content.decode()
        assert (f"/cases/{found.case.number}/" in page) is (found is mine)


def test_a_case_given_to_another_closes_at_once(world: World) -> None:
    application, _person = world.submitted()
    person = narrowed(world)
    given(application.case, person, world)
    client = entered(person)
    assert asked(client, application) == OPEN
    given(application.case, world.officer, world)
    assert asked(client, application) == CLOSED


def test_one_rule_answers_for_a_row_and_for_many(world: World) -> None:
    mine, other = world.submitted()[0].case, world.submitted()[0].case
    person = narrowed(world)
    given(mine, person, world)
    both = list(Case.objects.filter(pk__in=[mine.pk, other.pk]).order_by("pk"))
    permission = office("programme_officer")
    for case in both:
        is_mine = case == mine
        assert visibility.reads(person, case, visibility.DECIDERS) is is_mine
        assert (permission.reasons(person, case) == []) is is_mine
        assert (permission.reasons(person, case.subject) == []) is is_mine
        assert covers(person, case, "programme_officer") is is_mine
        assert (person in holders("programme_officer", case)) is is_mine
    assert [*Case.objects.filter(permission.q(person), pk__in=[c.pk for c in both])] == [mine]


def test_a_room_answers_once_for_all_roles_of_a_person(world: World) -> None:
    """Each more repeated whose steps and whose places they are, in every question about cases."""
    person = world.outsider
    terms = {"starts_on": clock.today(), "granted_by": world.director, "programme_code": "other"}

    def asked_of_steps() -> int:
        person.forget_roles()
        return str(Case.objects.visible_to(person).query).count(Deputy._meta.db_table)

    person.staff_roles.create(role="finance_officer", **terms)
    one = asked_of_steps()
    person.staff_roles.create(role="inspector", **terms)
    assert 0 < one < asked_of_steps() <= 2 * one  # one more in whose place they may act
    person.staff_roles.create(role="approver", starts_on=clock.today(), granted_by=world.director)
    assert asked_of_steps() == 0  # who sees everything is asked for nothing more


def test_turns_and_mails_of_others_do_not_reach_them(world: World) -> None:
    mine, other = world.submitted()[0].case, world.submitted()[0].case
    person = narrowed(world)
    given(mine, person, world)
    turns = listing.visible_turns(person)
    assert {turn.case_id for turn in turns} == {mine.pk}
    assert {t.case_id for t in Turn.objects.filter(listing.office_q(person))} == {mine.pk}
    page = entered(person).get("/inbox/").content.decode()
    assert (mine.number in page, other.number in page) == (True, False)
    Mail.objects.all().delete()  # of the time when the role was about all cases
    Turn.objects.filter(case=other).update(due_on=clock.today() - timedelta(days=1))
    reminders.escalate()
    assert not Mail.objects.filter(to=person).exists()
    for case in (mine, other):
        applicant = case.organisation.memberships.get().user
        talk.write(fresh(case), by=applicant, body="質問です")
    assert {mail.case for mail in Mail.objects.filter(to=person)} == {mine}


def test_counts_of_officers_are_of_their_own_cases(world: World) -> None:
    mine, other = world.submitted()[0].case, world.submitted()[0].case
    person = narrowed(world)
    given(mine, person, world)
    given(other, world.officer, world)
    assert [(load.person, load.cases) for load in officers.loads(person, {})] == [(person, 1)]


def test_what_is_no_case_is_not_theirs(world: World) -> None:
    mine = world.submitted()[0]
    person = narrowed(world)
    given(mine.case, person, world)
    assert not Call.objects.within(person, "programme_officer").exists()
    assert office("programme_officer").reasons(person, mine.call)
    assert person not in holders("programme_officer", mine.call)
    row = challenges.handed_in(
        challenges.round_of(world.staff), world.staff, "owner", challenges.SNOW
    )
    assert not Challenge.objects.visible_to(person).filter(pk=row.pk).exists()
    firm = mine.case.organisation
    client = entered(person)
    for path in (reverse("firm_desk"), reverse("firm_staff", args=[firm.pk])):
        assert client.get(path).status_code == client.post(path).status_code == 404
    with pytest.raises(Forbidden):
        proving.check(firm, by=person, ground="登記簿")


def test_nobody_takes_a_case_whose_role_is_about_given_ones(world: World) -> None:
    case = world.submitted()[0].case
    person = narrowed(world)
    assert assignment.take(case, by=person, seen="") != []
    assert entered(person).post(f"/cases/{case.number}/take/").status_code == 404
    assert assignment.refusals(person, case) == []  # another may give it to them


def test_a_case_is_given_to_them_by_the_list_and_given_on_by_them(world: World) -> None:
    application = world.submitted()[0]
    person = narrowed(world)
    for giver, receiver in ((world.officer, person), (person, world.officer)):
        client = entered(giver)
        press(client, planned(client, "assign", [application]), person=str(receiver.pk))
        assert fresh(application.case).assigned_to == receiver


def test_the_flag_is_for_programme_officers_alone_and_said_at_both_doors(world: World) -> None:
    first, second = administrators(world)
    client = proved_again(first)
    sent = {
        "person": world.staff["auditor"].pk,
        "role": "inspector",
        "starts_on": clock.today().isoformat(),
        "assigned_only": "on",
    }
    refused = client.post("/staff/roles/", sent)
    assert refused.status_code == 422
    assert "制度担当の役割だけ" in refused.content.decode()
    with pytest.raises(IntegrityError, match="narrowed"), transaction.atomic():
        StaffRole.objects.create(
            person=world.staff["auditor"],
            role="inspector",
            starts_on=clock.today(),
            granted_by=second,
            assigned_only=True,
        )
