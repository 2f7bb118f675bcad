"""What is asked of somebody by name is theirs while a role of theirs covers the case; then it is the role's, and their inbox names it no more."""

from datetime import timedelta

from django.test import Client

from grants.reviews.models import Review
from portal import clock
from portal.accounts import roles
from portal.accounts.models import User
from portal.cases import assignment, listing, turns
from portal.cases.models import Case, Turn
from tests.conftest import World
from tests.grants.test_reviews import convened, scored
from tests.journeys.test_rights import entered
from tests.portal.test_roles import administrators


def asked(case: Case) -> set[tuple[str, int | None]]:
    """(role, person) of each turn of the office."""
    return set(Turn.objects.filter(case=case, side="office").values_list("role", "person"))


def seen(person: User, case: Case) -> bool:
    """Does any tab of the inbox, or a search in it, name the case?"""
    client = entered(User.objects.get(pk=person.pk))
    tabs = ("mine", "others", "later")
    pages = [client.get(f"/inbox/?tab={tab}").content.decode() for tab in tabs]
    pages.append(client.get(f"/inbox/?q={case.organisation.name}").content.decode())
    return any(case.receipt_number in page for page in pages)


def elsewhere(world: World, person: User) -> None:
    """The person's roles end, and one in another programme begins."""
    first, second = administrators(world)
    for role in person.staff_roles.all():
        roles.end_role(role, by=first, reason="異動")
    proposal = roles.propose(
        person, "programme_officer", by=first, starts_on=clock.today(), programme_code="biotech"
    )
    roles.confirm(proposal, by=second)


def test_what_an_officer_has_in_hand_falls_to_the_role_when_they_move_on(world: World) -> None:
    case, person = world.submitted()[0].case, world.staff["second_officer"]
    assert assignment.assign(Case.objects.get(pk=case.pk), person, by=world.officer) == []
    assert asked(case) == {("programme_officer", person.pk)}
    assert seen(person, case)
    elsewhere(world, person)
    assert asked(case) == {("programme_officer", None)}
    assert not seen(person, case)
    assert case.pk in {
        turn.case_id for turn in Turn.objects.filter(listing.office_q(world.officer))
    }
    assert turns.differing() == []


def test_a_role_that_ends_by_its_day_hands_on_what_was_asked_by_name(world: World) -> None:
    case, person = world.submitted()[0].case, world.staff["second_officer"]
    assert assignment.assign(Case.objects.get(pk=case.pk), person, by=world.officer) == []
    first, second = administrators(world)
    after = clock.today() + timedelta(days=4)
    for proposal in roles.hand_over(person, world.staff["auditor"], by=first, on=after):
        roles.confirm(proposal, by=second)
    assert asked(case) == {("programme_officer", person.pk)}
    with clock.at(clock.now() + timedelta(days=4)):
        assert not seen(person, case)
        turns.pass_time()
        assert asked(case) == {("programme_officer", None)}


def test_a_reviewer_whose_role_ended_reads_no_names_in_the_inbox(world: World) -> None:
    _panel, (application, _other) = convened(world)
    review = Review.objects.filter(application=application).order_by("pk")[0]
    person, case = review.reviewer, application.case
    assert ("reviewer", person.pk) in asked(case)
    elsewhere(world, person)
    assert not seen(person, case)
    assert person.pk not in {who for _role, who in asked(case)}
    assert Turn.objects.filter(case=case, what="代わりの審査員を決める").exists()
    assert turns.differing() == []


def test_a_reviewer_reads_in_the_inbox_what_is_asked_of_reviewers_and_nothing_that_follows(
    world: World,
) -> None:
    _panel, (application, _other) = convened(world)
    first, second = Review.objects.filter(application=application).order_by("pk")
    person = scored(first).reviewer
    client = Client()
    client.force_login(person)

    def told() -> set[tuple[str, int | None]]:
        found: set[tuple[str, int | None]] = set()
        for tab in ("mine", "applicant", "others", "soon", "later"):
            page = client.get("/inbox/", {"tab": tab}).context["page"]
            found |= {(t.side, t.person_id) for t in page if t.case_id == application.case.pk}
        return found

    assert ("reviewer", second.reviewer_id) in asked(application.case)
    assert told() == set()  # neither who else reviews, nor that they have not yet
    Turn.objects.filter(case=application.case).update(side="applicant", person=None)
    assert told() == set()
    Turn.objects.filter(case=application.case).update(side="office", person=person)
    assert told() == {("office", person.pk)}
