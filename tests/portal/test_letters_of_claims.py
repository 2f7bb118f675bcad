"""A claim on a firm that nobody signs in for is told at its address, on paper."""

import io
from datetime import timedelta

import pypdfium2
import pytest

from portal import clock
from portal.accounts.models import Organisation, User
from portal.firms import claims, letters, passing
from portal.firms.claims import Decision
from portal.firms.models import FirmClaim, ProofLetter
from portal.registry.corporate_number import fictitious
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.portal.test_firms import NUMBER, code_of, firm, other, registered, waited
from tests.portal.test_roles import entered

ADDRESS = "北海道札幌市中央区北一条西２丁目１番地"


def at_the_counter(number: str = NUMBER) -> Organisation:
    """A firm whose application was typed in at the counter: nobody belongs to it."""
    registered(number)
    return Organisation.objects.create(
        kind="corporation", corporate_number=number, name="窓口で登録"
    )


@pytest.fixture
def claimant(db: None) -> User:
    return User.objects.create_user("claimant@firms.example", None, name="申し出た人")


def claimed(claimant: User) -> FirmClaim:
    return claims.make(at_the_counter(), by=claimant, matter="belongs", words="代表です")


def told() -> list[str]:
    return list(ProofLetter.objects.exclude(claim=None).values_list("tells", flat=True))


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(io.BytesIO(pdf))
    return "".join(page.get_textpage().get_text_bounded() for page in pages)


@pytest.mark.parametrize("outcome", ["hand_over", "add", "refuse"])
def test_a_claim_and_its_decision_are_told_at_the_address_of_a_firm_without_people(
    world: World, claimant: User, outcome: str
) -> None:
    claim = claimed(claimant)
    claims.decide(claim, Decision(outcome, "証明書を見た"), by=world.officer)
    assert told() == ["made", outcome]
    assert set(ProofLetter.objects.values_list("address", flat=True)) == {ADDRESS}
    client = entered(world.officer)
    desk = client.get("/staff/firms/").content.decode()
    assert desk.count("お知らせ</span>") == 2
    keys = list(ProofLetter.objects.values_list("pk", flat=True))
    printed = client.post("/staff/firms/letters/print/", {"letter": keys})
    text = text_of(printed.content)
    assert "事業者について申し出がありました" in text
    assert "株式会社登記のとおり　御中" in text
    assert claimant.name not in text
    assert claimant.email not in text
    client.post("/staff/firms/letters/posted/", {"letter": keys})
    assert not letters.to_print().exists()
    assert not ProofLetter.objects.exclude(code_hash="").exists()
    page = client.get(f"/staff/firms/{claim.organisation_id}/").content.decode()
    assert f"お知らせの手紙 第{keys[0]}号" in page


def test_whoever_signs_in_for_the_firm_hears_by_mail_alone(world: World, claimant: User) -> None:
    registered()
    claim = claims.make(firm(world.outsider), by=claimant, matter="belongs", words="代表です")
    claims.decide(claim, Decision("refuse", "書類が足りません"), by=world.officer)
    assert told() == []


def test_a_claimant_who_proves_it_alone_is_told_of_at_the_address(
    world: World, claimant: User
) -> None:
    claim = claimed(claimant)
    claims.shown(claim, "gbizid", by=claimant)
    assert told() == ["made", "add"]


@pytest.mark.parametrize("how", ["letter", "gbizid"])
def test_a_proved_firm_that_nobody_signs_in_for_passes_by_two_officers(
    world: World, claimant: User, how: str
) -> None:
    held = at_the_counter()
    held.proved_how, held.proved_at = "officer", clock.now()
    held.proved_by, held.proof_ground = world.officer, "x"
    held.save()
    claim = claims.make(held, by=claimant, matter="belongs", words="代表です")
    assert claims.shown(claim, how, by=claimant).is_open
    assert not held.memberships.exists()
    with pytest.raises(NotReady, match="別の担当の確認"):
        claims.decide(claim, Decision("add", "x"), by=world.officer)


def test_a_passing_of_a_proved_firm_without_representative_is_told_with_its_day(
    world: World, claimant: User
) -> None:
    held = at_the_counter()
    held.proved_how, held.proved_at = "officer", clock.now()
    held.proved_by, held.proof_ground = world.officer, "x"
    held.save()
    claim = claims.make(held, by=claimant, matter="belongs", words="代表です")
    proposed = passing.decide(claim, Decision("hand_over", "x"), by=world.officer)
    assert told() == ["made", "proposed"]
    letter = ProofLetter.objects.get(tells="proposed")
    day = clock.today() + timedelta(days=passing.DAYS)
    assert letter.last_day == day
    [printed] = letters.print_out([letter.pk], by=world.officer)
    assert (printed.code, printed.last_day) == ("", day)
    passing.confirm(waited(proposed), by=other(world))
    assert told() == ["made", "proposed", "hand_over"]


def test_a_letter_about_a_claim_is_none_of_the_letters_with_a_code(
    world: World, claimant: User
) -> None:
    """Neither does it stand in the way of one that is asked for, nor is it taken for it."""
    claim = claimed(claimant)
    assert letters.live_of(claim.organisation, claimant) is None
    letter = letters.ask(claim.organisation, by=claimant)
    assert len(code_of(world, letter)) == letters.LENGTH + 1
    assert letters.live_of(claim.organisation, claimant) == letter


def test_strangers_bring_a_firm_so_many_letters_and_no_more(world: World) -> None:
    held = at_the_counter()
    for n in range(letters.MOST_TOLD + 2):
        by = User.objects.create_user(f"stranger{n}@firms.example", None, name=f"見知らぬ人{n}")
        with clock.at(clock.now() + timedelta(days=n)):
            claims.make(held, by=by, matter="belongs", words="私の会社です")
    assert len(told()) == letters.MOST_TOLD


def test_a_firm_without_a_known_address_gets_none(world: World, claimant: User) -> None:
    held = Organisation.objects.create(
        kind="corporation", corporate_number=fictitious(9002), name="窓口で登録"
    )
    claims.make(held, by=claimant, matter="belongs", words="代表です")
    assert told() == []
