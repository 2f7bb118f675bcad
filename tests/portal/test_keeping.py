"""Who of the office keeps which firm: one rule, by the scope of the role and the seat of the firm, asked
by every page and every write of the desk of firms.
"""

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from portal import clock
from portal.accounts import demo, keeping, lost_factors, people
from portal.accounts.models import FactorRemoval, Organisation, StaffRole, User
from portal.firms import claims, letters, proofs
from portal.firms.claims import Decision
from portal.firms.models import FirmClaim, ProofLetter
from portal.registry.corporate_number import fictitious
from portal.workflow.errors import Forbidden
from tests.conftest import World
from tests.portal.test_firms import everybody, registered
from tests.portal.test_roles import entered, of
from tests.roles import never_granted

SAPPORO, ENIWA = "011002", "012319"
SEATS = ("011011", "012319", None)  # a ward of Sapporo, Eniwa, one that is not known

# (role, programme, municipality, assigned cases alone): the seats of the firms that it keeps
KEPT = [
    (("programme_officer", "", None, False), ("011011", "012319", None)),
    (("programme_officer", "", SAPPORO, False), ("011011",)),
    (("programme_officer", "", ENIWA, False), ("012319",)),
    (("programme_officer", "telework", None, False), ()),
    (("programme_officer", "telework", ENIWA, False), ()),
    (("programme_officer", "", None, True), ()),
    (("programme_officer", "", ENIWA, True), ()),
    (("approver", "", None, False), ()),
    (("finance_officer", "", None, False), ()),
    (("administrator", "", None, False), ()),
]
Terms = tuple[str, str, str | None, bool]


def holder(world: World, *roles: Terms) -> User:
    """Somebody of the office with these roles alone."""
    person = world.staff["second_officer"]
    never_granted(person.staff_roles.all())
    for role, programme, municipality, assigned_only in roles:
        StaffRole.objects.create(
            person=person,
            role=role,
            programme_code=programme,
            municipality_id=municipality,
            assigned_only=assigned_only,
            starts_on=clock.today(),
            granted_by=world.staff["administrator"],
        )
    return of(person)


def seated(world: World, seat: str | None, n: int = 0) -> Organisation:
    """A firm that nobody proved, by its seat."""
    return people.create_organisation(
        by=world.outsider,
        kind="corporation",
        corporate_number=fictitious(9100 + n),
        name=f"会社{n}",
        area_id=seat,
    )


@pytest.fixture
def seats(world: World) -> dict[str | None, Organisation]:
    return {seat: seated(world, seat, n) for n, seat in enumerate(SEATS)}


@pytest.mark.parametrize(("terms", "kept"), KEPT)
def test_which_role_keeps_which_firm(
    world: World,
    seats: dict[str | None, Organisation],
    terms: Terms,
    kept: tuple[str | None, ...],
) -> None:
    person = holder(world, terms)
    found = keeping.kept_by(person).filter(pk__in=[firm.pk for firm in seats.values()])
    assert {firm.area_id for firm in found} == set(kept)
    assert keeping.keeps_firms(person) is bool(kept)
    for seat, firm in seats.items():
        assert keeping.keeps(person, firm) is (seat in kept)
        assert (person in keeping.keepers_of(firm)) is (seat in kept)


def test_roles_of_two_towns_keep_the_firms_of_both(
    world: World, seats: dict[str | None, Organisation]
) -> None:
    towns: list[Terms] = [("programme_officer", "", town, False) for town in (SAPPORO, ENIWA)]
    person = holder(world, *towns, ("programme_officer", "iot", None, False))
    assert [keeping.keeps(person, seats[seat]) for seat in SEATS] == [True, True, False]
    assert {firm.area_id for firm in keeping.kept_by(person)} >= {"011011", "012319"}


@pytest.fixture
def of_eniwa(world: World) -> User:
    return holder(world, ("programme_officer", "", ENIWA, False))


@pytest.fixture
def asked(world: World, seats: dict[str | None, Organisation]) -> dict[str | None, FirmClaim]:
    """Of each firm a claim and a letter wait on the desk."""
    claimant = world.people["adviser"]
    rows = {}
    for seat, firm in seats.items():
        registered(str(firm.corporate_number), firm.name)
        letters.ask(firm, by=world.outsider)
        rows[seat] = claims.make(firm, by=claimant, matter="belongs", words="私の会社です")
    return rows


def test_the_desk_shows_the_firms_letters_and_claims_that_one_keeps(
    asked: dict[str | None, FirmClaim], of_eniwa: User
) -> None:
    client = entered(of_eniwa)
    for query in ("", "?q=会社"):
        page = client.get(reverse("firm_desk") + query).content.decode()
        assert [f"会社{n}" in page for n, _seat in enumerate(SEATS)] == [False, True, False]
    assert sum(rows.count() for rows in letters.waiting(of_eniwa)) == 2


def test_every_page_and_write_of_the_desk_asks_whose_firm_it_is(
    world: World, asked: dict[str | None, FirmClaim], of_eniwa: User
) -> None:
    client = entered(of_eniwa)
    ProofLetter.objects.update(printed_at=clock.now(), printed_by=world.officer)
    for seat, claim in asked.items():
        firm, letter = claim.organisation, ProofLetter.objects.get(organisation=claim.organisation)
        is_theirs = seat == "012319"
        expected = 200 if is_theirs else 404
        for address in (
            reverse("firm_staff", args=[firm.pk]),
            reverse("firm_claim_staff", args=[claim.pk]),
        ):
            assert client.get(address).status_code == expected
        for write in (
            lambda firm=firm: proofs.check(firm, by=of_eniwa, ground="見た", kept=everybody(firm)),
            lambda letter=letter: letters.posted([letter.pk], by=of_eniwa),
            lambda letter=letter: letters.print_out([letter.pk], by=of_eniwa),
            lambda claim=claim: claims.decide(claim, Decision("refuse", "x"), by=of_eniwa),
        ):
            if is_theirs:
                write()
                continue
            with pytest.raises(Forbidden, match="所在地を受け持つ"):
                write()


def test_a_claim_is_told_to_those_who_keep_the_firm(
    asked: dict[str | None, FirmClaim], of_eniwa: User, world: World
) -> None:
    for seat, claim in asked.items():
        told = claims.officers(claim.organisation)
        assert (of_eniwa in told, world.officer in told) == (seat == "012319", True)


# -- lost second factors of firms' people ---------------------------------------------------------
def person_of(*firms: Organisation, n: int = 0) -> User:
    person = User.objects.create_user(f"lost{n}@firms.example", demo.PASSWORD, name=f"紛失{n}")
    for firm in firms:
        firm.memberships.create(user=person, role="member")
    TOTP.activate(person, demo.totp_secret("mikami"))
    return person


def test_lost_factors_are_proposed_by_who_keeps_every_firm_of_the_person(
    world: World, seats: dict[str | None, Organisation], of_eniwa: User
) -> None:
    eniwa, sapporo, unknown = seats["012319"], seats["011011"], seats[None]
    adviser = person_of(eniwa, n=4)
    today = clock.today()
    people.delegate(sapporo, adviser=adviser, by=world.outsider, starts_on=today, ends_on=today)
    cases = [
        (person_of(eniwa, n=0), True),
        (person_of(sapporo, n=1), False),
        (person_of(eniwa, sapporo, n=2), False),
        (person_of(unknown, n=3), False),
        (adviser, False),
        (person_of(n=5), False),  # of no firm
    ]
    for person, is_theirs in cases:
        assert (lost_factors.refusals(person, by=of_eniwa) == []) is is_theirs
        assert lost_factors.refusals(person, by=world.officer) == []
        lost_factors.propose(person, how="counter", ground="見た", by=world.officer)
    seen = lost_factors.seen_by(of_eniwa)
    assert [row.person for row in seen] == [person for person, theirs in cases if theirs]
    assert lost_factors.seen_by(world.officer).count() == len(cases)
    for row in FactorRemoval.objects.exclude(person=cases[0][0]):
        page = reverse("factor_removal_take_back", args=[row.pk])
        assert entered(of_eniwa).post(page).status_code == 404
