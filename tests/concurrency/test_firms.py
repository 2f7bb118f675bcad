"""Whose a firm is, with two threads: of two who are at it together one is first, and the other hears so."""

import time

import pytest
from django.db.models import QuerySet

from portal.accounts import identity, people, proving
from portal.accounts.models import Invitation, Organisation, User
from portal.audit.models import Event
from portal.firms import claims, letters, passing, proofs
from portal.firms.claims import Decision
from portal.firms.models import TRIES, FirmClaim, Passing, ProofLetter
from portal.workflow.errors import NotReady, Refused
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.portal.test_firms import NUMBER, firm, live, other, registered, sent_code_of, waited


@pytest.fixture
def second(committed_world: World) -> User:
    return User.objects.create_user("second@firms.example", None, name="二人目")


def test_two_people_register_one_number(committed_world: World, second: User) -> None:
    found = together(lambda: firm(committed_world.outsider), lambda: firm(second))
    assert sorted(type(result).__name__ for result in found) == ["NotReady", "Organisation"]
    assert Organisation.objects.get(corporate_number=NUMBER).memberships.count() == 1


def test_two_entries_of_one_code_prove_once(committed_world: World) -> None:
    world = committed_world
    registered()
    organisation = firm(world.outsider)
    letter = letters.ask(organisation, by=world.outsider)
    code = sent_code_of(world, letter)

    def enter() -> None:
        letters.enter(
            letter,
            code,
            by=world.outsider,
            then=lambda: proving.prove(organisation, "letter", by=world.outsider),
        )

    found = together(enter, enter)
    assert sorted(type(result).__name__ for result in found) == ["NoneType", "NotReady"]
    assert Event.objects.filter(action="organisation.prove").count() == 1


def test_ten_guesses_at_once_are_five(committed_world: World) -> None:
    world = committed_world
    registered()
    letter = letters.ask(firm(world.outsider), by=world.outsider)
    sent_code_of(world, letter)
    taken: list[int] = []

    def guess() -> None:
        letters.enter(letter, "AAAA-AAAA", by=world.outsider, then=lambda: taken.append(1))

    assert {type(result) for result in together(*[guess] * 10)} == {NotReady}
    assert (ProofLetter.objects.get().tries, taken) == (TRIES, [])
    assert Event.objects.filter(action="letter.miss").count() == TRIES


def test_a_letter_asked_for_twice_at_once_is_one(committed_world: World) -> None:
    registered()
    organisation, person = firm(committed_world.outsider), committed_world.outsider
    found = together(*[lambda: letters.ask(organisation, by=person)] * 2)
    assert sorted(type(result).__name__ for result in found) == ["NotReady", "ProofLetter"]


def test_two_officers_decide_one_claim_once(committed_world: World, second: User) -> None:
    world = committed_world
    registered()
    claim = claims.make(firm(world.outsider), by=second, matter="belongs", words="x")
    other = world.staff["second_officer"]
    found = together(
        lambda: claims.decide(claim, Decision("hand_over", "見た"), by=world.officer),
        lambda: claims.decide(claim, Decision("refuse", "足りない"), by=other),
    )
    assert sorted(type(result).__name__ for result in found) == ["FirmClaim", "Stale"]
    claim = FirmClaim.objects.get()
    expected = second.email if claim.outcome == "hand_over" else world.outsider.email
    assert live(claim.organisation) == {expected: "representative"}


def test_two_claimants_are_not_both_handed_the_firm_unseen(
    committed_world: World, second: User
) -> None:
    """Two claims on a firm that nobody holds, both proved at once: one is its representative, the other
    waits for an officer.
    """
    world = committed_world
    held = Organisation.objects.create(kind="corporation", corporate_number=NUMBER, name="窓口")
    rows = [
        claims.make(held, by=person, matter="belongs", words="x")
        for person in (world.outsider, second)
    ]
    together(*[lambda row=row: claims.shown(row, "letter", by=row.person) for row in rows])
    assert len(live(held)) == 1
    assert sorted(FirmClaim.objects.values_list("outcome", flat=True)) == ["", "add"]


def test_two_representatives_who_remove_each_other_leave_one(
    committed_world: World, second: User
) -> None:
    organisation = firm(committed_world.outsider)
    first = organisation.memberships.get()
    other = organisation.memberships.create(user=second, role="representative")
    found = together(
        lambda: people.end_membership(other, by=first.user),
        lambda: people.end_membership(first, by=other.user),
    )
    assert sorted(type(result).__name__ for result in found) == ["NoneType", "NotReady"]
    assert organisation.memberships.filter(left_at=None).count() == 1


@pytest.fixture
def ready(committed_world: World, second: User) -> Passing:
    """A proved firm is about to pass to somebody else, and its wait is over."""
    registered()
    held = firm(committed_world.outsider)
    proving.prove(held, "letter", by=committed_world.outsider)
    claim = claims.make(held, by=second, matter="belongs", words="x")
    return waited(passing.decide(claim, Decision("hand_over", "見た"), by=committed_world.officer))


def both(world: World, row: Passing) -> list[object]:
    return together(
        lambda: passing.confirm(row, by=other(world)),
        lambda: passing.object_to(row, "違います", by=world.outsider),
    )


def test_a_firm_passes_or_its_representative_stops_it_and_never_both(
    committed_world: World, ready: Passing
) -> None:
    found = both(committed_world, ready)
    assert sum(isinstance(result, Refused) for result in found) == 1
    outcome = Passing.objects.get().outcome
    keeps = committed_world.outsider.email in live(ready.claim.organisation)
    assert (outcome, keeps) in (("objected", True), ("confirmed", False))


def test_without_the_lock_a_firm_passes_although_it_was_stopped(
    committed_world: World, ready: Passing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same two, with nothing held between looking and writing."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows)
    looked = Passing.held

    def slowly(row: Passing, *beside: str) -> Passing:
        fresh = looked(row, *beside)
        time.sleep(0.5)
        return fresh

    monkeypatch.setattr(Passing, "held", slowly)
    found = both(committed_world, ready)
    assert not any(isinstance(result, Refused) for result in found)  # nobody hears that it is over


# -- a firm is proved while a colleague writes what it is called -----------------------------------
def renamed_while_proved(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> tuple[Organisation, bool]:
    """What is kept, and whether an officer was asked to look at the other name."""
    registered()
    opened = firm(world.outsider)
    save = Organisation.save

    def slowly(row: Organisation, *given: object, **named: object) -> None:
        time.sleep(0.5)
        save(row, *given, **named)

    page = Organisation.objects.get(pk=opened.pk)  # as both pages were opened: nobody proved it
    monkeypatch.setattr(Organisation, "save", slowly)

    def rename() -> bool:
        time.sleep(0.25)  # while the other one is saved
        return identity.say(page, OTHER, by=world.outsider, words="x")

    together(lambda: proving.prove(opened, "letter", by=world.outsider), rename)
    kept = Organisation.objects.get(pk=opened.pk)
    return kept, FirmClaim.objects.filter(organisation=kept, matter="record").exists()


OTHER = {"name": "株式会社別の会社", "employees": 12}


def test_without_the_lock_a_firm_that_is_being_proved_becomes_another_one(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "hold", lambda _organisation: None)
    kept, is_looked_at = renamed_while_proved(committed_world, monkeypatch)
    assert (kept.name, kept.is_proved, is_looked_at) == (OTHER["name"], False, False)


def test_a_firm_that_is_being_proved_stays_the_one_that_is_proved(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, is_looked_at = renamed_while_proved(committed_world, monkeypatch)
    assert (kept.is_proved, kept.employees, is_looked_at) == (True, 12, True)
    assert kept.name != OTHER["name"]


def joined(world: World, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Who acts for the firm after somebody accepted a stranger's invitation while it was being proved."""
    registered()
    organisation = firm(world.outsider)
    prover, late = (
        User.objects.create_user(f"{name}@firms.example", None, name=name)
        for name in ("prover", "late")
    )
    organisation.memberships.create(user=prover, role="representative")
    secret = people.invite(organisation, email=late.email, role="member", by=world.outsider)
    look = Invitation.may_be_written

    def slowly(invitation: Invitation) -> bool:
        found = look(invitation)
        time.sleep(0.5)
        return found

    def prove() -> Organisation:
        time.sleep(0.2)
        return proofs.prove(organisation, "letter", by=prover, kept=[])

    monkeypatch.setattr(Invitation, "may_be_written", slowly)
    together(lambda: people.accept_invitation(secret, by=late), prove)
    return set(live(organisation))


def test_control_without_the_lock_whom_a_stranger_let_in_goes_on(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "lock", lambda _rows: None)
    assert joined(committed_world, monkeypatch) > {"prover@firms.example"}


def test_whoever_joins_while_the_firm_is_proved_goes_too(
    committed_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert joined(committed_world, monkeypatch) == {"prover@firms.example"}
