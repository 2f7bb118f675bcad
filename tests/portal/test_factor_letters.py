"""Registered post for somebody of a firm who lost every second factor: the office asks for it, prints and
posts it, hears the code, and only then proposes; and letters that are not needed any more.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.mail import EmailMessage
from django.urls import reverse

from portal import clock
from portal.accounts import demo, lost_factors
from portal.accounts.models import FactorRemoval, Membership, Organisation, User
from portal.audit.models import Event
from portal.audit.verifying import first_fault
from portal.firms import factor_letters, letters
from portal.firms.models import TRIES, ProofLetter
from portal.workflow.errors import Forbidden, NotReady
from reports.papers import proof_letter
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_firms import code_of, firm, registered, sent_code_of
from tests.portal.test_roles import entered
from tests.reports.test_public_copies import text_of

Post = Callable[[], list[EmailMessage]]
GROUND = "11月27日に電話があり、書留の番号を読み上げた"


@pytest.fixture
def member(world: World) -> Membership:
    """Somebody of a registered corporation, with a code generator."""
    registered()
    TOTP.activate(world.outsider, demo.totp_secret("mikami"))
    return firm(world.outsider).memberships.get()


def ask_page(member: Membership) -> str:
    return reverse("firm_factor_letter", args=[member.organisation_id, member.pk])


def proposed(person: User, code: str, by: User) -> None:
    lost_factors.propose(person, how="letter", ground=GROUND, by=by, code=code)


def test_the_office_asks_prints_posts_hears_the_code_and_proposes(
    world: World, member: Membership, post: Post
) -> None:
    client = entered(world.officer)
    page = reverse("firm_staff", args=[member.organisation_id])
    assert "書留の手紙を頼む" in one_line(client.get(page))
    assert client.post(ask_page(member))["Location"] == reverse("firm_desk")
    letter = ProofLetter.objects.get()
    assert (letter.asked_by, letter.address) == (
        world.officer,
        "北海道札幌市中央区北一条西２丁目１番地",
    )
    desk = one_line(client.get("/staff/firms/"))
    assert ("書留" in desk, member.user.name in desk) == (True, True)
    code = code_of(world, letter)
    client.post("/staff/firms/letters/posted/", {"letter": [letter.pk]})
    assert "書留を発送しました" in str(post()[-1].subject)
    typed = {"email": member.user.email, "how": "letter", "ground": GROUND, "code": code.lower()}
    assert client.post("/staff/factors/", typed | {"code": ""}).status_code == 422
    assert client.post("/staff/factors/", typed).status_code == 302
    removal = FactorRemoval.objects.get()
    assert (removal.person, removal.how) == (member.user, "letter")
    letter.refresh_from_db()
    assert letter.used_at is not None
    assert first_fault() == ""


def test_a_wrong_code_proposes_nothing_and_five_end_the_letter(
    world: World, member: Membership
) -> None:
    with pytest.raises(NotReady, match="書留はありません"):
        proposed(member.user, "AAAA-AAAA", world.officer)
    letter = factor_letters.ask(member.organisation, member.user, by=world.officer)
    code = sent_code_of(world, letter)
    for left in range(TRIES - 1, 0, -1):
        with pytest.raises(NotReady, match=f"あと{left}回"):
            proposed(member.user, "AAAA-AAAA", world.officer)
    with pytest.raises(NotReady, match="5回違った"):
        proposed(member.user, "AAAA-AAAA", world.officer)
    with pytest.raises(NotReady, match="書留はありません"):
        proposed(member.user, code, world.officer)
    assert not FactorRemoval.objects.exists()


def test_a_right_code_is_not_used_up_where_nothing_can_be_proposed(
    world: World, member: Membership
) -> None:
    letter = factor_letters.ask(member.organisation, member.user, by=world.officer)
    code = sent_code_of(world, letter)
    lost_factors.propose(member.user, how="counter", ground="見た", by=world.officer)
    with pytest.raises(NotReady, match="すでに提案"):
        proposed(member.user, code, world.officer)
    assert ProofLetter.objects.get().used_at is None


def test_the_code_proves_no_firm_and_the_firms_own_letter_no_person(
    world: World, member: Membership
) -> None:
    organisation = member.organisation
    own = letters.ask(organisation, by=member.user)
    factor_letters.ask(organisation, member.user, by=world.officer)
    assert letters.live_of(organisation, member.user) == own
    with pytest.raises(NotReady, match="もう使えません"):
        proposed(member.user, code_of(world, own), world.officer)


def test_who_may_ask_and_for_whom(world: World, member: Membership) -> None:
    organisation, person = member.organisation, member.user
    for by in (world.staff["auditor"], world.director, world.staff["administrator"]):
        with pytest.raises(Forbidden):
            factor_letters.ask(organisation, person, by=by)
    stranger = User.objects.create_user("other@firms.example", None, name="別人")
    with pytest.raises(NotReady, match="手続きをしていません"):
        factor_letters.ask(organisation, stranger, by=world.officer)
    sole = Organisation.objects.create(
        kind="sole_proprietor", name="時計台珈琲", address="札幌市北区1-1"
    )
    with pytest.raises(NotReady, match="法人にだけ"):
        factor_letters.ask(sole, person, by=world.officer)
    factor_letters.ask(organisation, person, by=world.officer)
    with pytest.raises(NotReady, match="すでに頼んで"):
        factor_letters.ask(organisation, person, by=world.officer)
    late = clock.today() - timedelta(days=1)
    ProofLetter.objects.update(last_day=late)  # nobody called
    assert factor_letters.ask(organisation, person, by=world.officer).ended_at is None


def test_the_letter_says_to_whom_and_what_to_do(world: World, member: Membership) -> None:
    letter = factor_letters.ask(member.organisation, member.user, by=world.officer)
    [printed] = letters.print_out([letter.pk], by=world.officer)
    said = text_of(proof_letter.draw([printed]))
    name = "".join(member.user.name.split())
    for words in (f"{name}様", printed.code, "読み上げてください", "覚えがないとき"):
        assert words in said, words
    assert "御中" not in said


# -- letters that are not needed any more ---------------------------------------------------------
def test_a_letter_that_is_not_needed_leaves_the_list_with_the_reason(
    world: World, member: Membership, post: Post
) -> None:
    own = letters.ask(member.organisation, by=member.user)
    client, drop = entered(world.officer), "/staff/firms/letters/drop/"
    client.post(drop, {"letter": [own.pk], "reason": ""})
    client.post(drop, {"reason": "窓口で確かめた"})
    assert letters.to_print().get() == own  # neither without a reason nor without a letter
    assert client.post(drop, {"letter": [own.pk], "reason": "窓口で確かめた"}).status_code == 302
    own.refresh_from_db()
    assert (own.dropped_by, own.dropped_reason) == (world.officer, "窓口で確かめた")
    assert not letters.to_print().exists()
    assert "送りません" in str(post()[-1].subject)
    kept = Event.objects.get(action="letter.drop")
    assert kept.payload.data() == {"reason": "窓口で確かめた"}
    page = one_line(client.get(reverse("firm_staff", args=[member.organisation_id])))
    assert "送りませんでした：窓口で確かめた" in page
    for _again in range(letters.MOST):  # it counts for nothing
        letters.drop([letters.ask(member.organisation, by=member.user).pk], "x", by=world.officer)
    assert first_fault() == ""


def test_who_keeps_no_firm_takes_nothing_out_and_what_was_posted_stays(
    world: World, member: Membership
) -> None:
    own = letters.ask(member.organisation, by=member.user)
    code_of(world, own)
    with pytest.raises(Forbidden):
        letters.drop([own.pk], "x", by=world.director)
    letters.posted([own.pk], by=world.officer)
    assert letters.drop([own.pk], "x", by=world.officer) == 0


def test_who_printed_the_code_does_not_hear_it_and_none_counts_before_it_left(
    world: World, member: Membership
) -> None:
    second = world.staff["second_officer"]
    letter = factor_letters.ask(member.organisation, member.user, by=world.officer)
    code = code_of(world, letter)
    with pytest.raises(NotReady, match="発送が、まだ記録されていません"):
        proposed(member.user, code, world.officer)
    letters.posted([letter.pk], by=world.officer)
    with pytest.raises(Forbidden, match="別の職員が聞き取ります"):
        proposed(member.user, code, second)
    assert not FactorRemoval.objects.exists()
    proposed(member.user, code, world.officer)
    assert FactorRemoval.objects.get().proposed_by == world.officer
