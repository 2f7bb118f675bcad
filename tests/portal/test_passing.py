"""A proved firm passes to somebody else: proposed by one officer, after days in which its representatives
may object, confirmed by another.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.accounts import proving, security
from portal.accounts.models import FormerAddress, Membership, Organisation, User
from portal.audit.models import Event
from portal.correspondence import reminders
from portal.firms import claims, passing
from portal.firms.claims import Decision
from portal.firms.models import FirmClaim, Passing
from portal.registry.corporate_number import fictitious
from portal.workflow.errors import Forbidden, NotReady, Stale
from tests.conftest import World
from tests.portal.test_firms import firm, live, other, registered, waited
from tests.portal.test_roles import entered
from tests.roles import granted

Post = Callable[[], list[EmailMessage]]
HAND_OVER = Decision("hand_over", "登記事項証明書を見た")


@pytest.fixture
def second(db: None) -> User:
    return User.objects.create_user("second@firms.example", None, name="二人目")


@pytest.fixture
def claim(world: World, second: User) -> FirmClaim:
    """Somebody claims a firm that was proved to be another's."""
    registered()
    held = firm(world.outsider)
    proving.prove(held, "letter", by=world.outsider)
    return claims.make(held, by=second, matter="belongs", words="私の会社です")


def proposed(claim: FirmClaim, world: World, decision: Decision = HAND_OVER) -> Passing:
    made = passing.decide(claim, decision, by=world.officer)
    assert isinstance(made, Passing)
    return made


def told(post: Post, person: User) -> list[str]:
    return [mail.subject.split("：")[0] for mail in post() if mail.to == [person.email]]


# -- what takes two ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("is_proved", "decision", "takes_two"),
    [
        (True, HAND_OVER, True),
        (True, Decision("add", "x", role="representative"), True),
        (True, Decision("add", "x", role="member"), False),
        (True, Decision("refuse", "x"), False),
        (False, HAND_OVER, False),
    ],
)
def test_which_decision_takes_two(
    world: World, claim: FirmClaim, is_proved: bool, decision: Decision, takes_two: bool
) -> None:
    if not is_proved:
        Organisation.objects.filter(pk=claim.organisation_id).update(proved_how="", proved_at=None)
    if takes_two:
        with pytest.raises(NotReady, match="別の担当の確認"):
            claims.decide(claim, decision, by=world.officer)
    made = passing.decide(claim, decision, by=world.officer)
    claim.refresh_from_db()
    assert (isinstance(made, Passing), claim.is_open) == (takes_two, takes_two)


def test_the_number_of_a_proved_firm_is_corrected_by_two(world: World, claim: FirmClaim) -> None:
    right = registered(fictitious(9002), "株式会社正しい番号")
    own = claims.make(
        claim.organisation, by=world.outsider, matter="number", words="x", right_number=right.number
    )
    made = proposed(own, world, Decision("correct", "見た", number=right.number))
    assert Organisation.objects.get(pk=own.organisation_id).corporate_number != right.number
    passing.confirm(waited(made), by=other(world))
    assert Organisation.objects.get(pk=own.organisation_id).corporate_number == right.number


# -- the way through --------------------------------------------------------------------------------
def test_a_proved_firm_passes_after_two_people_and_a_wait(
    world: World, claim: FirmClaim, second: User, post: Post
) -> None:
    post()
    made = proposed(claim, world)
    assert live(claim.organisation) == {world.outsider.email: "representative"}
    assert "あなたの事業者をほかの方に移す提案があります" in told(post, world.outsider)
    assert "申し出を認める提案をしました" in told(post, second)
    assert "事業者をほかの方に移す提案があります" in told(post, other(world))
    with pytest.raises(NotReady, match="まで待ちます"):
        passing.confirm(made, by=other(world))
    with clock.at(clock.now() + timedelta(days=passing.DAYS)), pytest.raises(NotReady):
        passing.confirm(made, by=other(world))
    with clock.at(clock.now() + timedelta(days=passing.DAYS + 1)):
        with pytest.raises(Forbidden, match="別の担当"):
            passing.confirm(made, by=world.officer)
        passing.confirm(made, by=other(world))
    assert live(claim.organisation) == {second.email: "representative"}
    claim.refresh_from_db()
    assert (claim.outcome, claim.ground, claim.decided_by) == (
        "hand_over",
        HAND_OVER.ground,
        other(world),
    )
    with pytest.raises(Stale):
        passing.confirm(made, by=other(world))
    acts = Event.objects.filter(chain=f"organisation:{claim.organisation_id}").order_by("seq")
    assert [e.action for e in acts if e.action.startswith("claim.")] == [
        "claim.make",
        "claim.propose",
        "claim.hand_over",
    ]


def test_an_objection_stops_it_and_the_claim_is_back_on_the_desk(
    world: World, claim: FirmClaim, second: User, post: Post
) -> None:
    made = waited(proposed(claim, world))
    passing.object_to(made, "いまも代表です", by=world.outsider)
    with pytest.raises(NotReady, match="もう終わっています"):
        passing.confirm(made, by=other(world))
    claim.refresh_from_db()
    assert (claim.is_open, live(claim.organisation)) == (
        True,
        {world.outsider.email: "representative"},
    )
    assert "事業者を移す提案に異議がありました" in told(post, other(world))
    assert "申し出をもう一度確かめています" in told(post, second)
    again = waited(proposed(claim, world))
    with pytest.raises(Forbidden, match="1回だけ"):  # they were heard
        passing.object_to(again, "まだ代表です", by=world.outsider)
    passing.confirm(again, by=other(world))
    assert live(claim.organisation) == {second.email: "representative"}


@pytest.mark.parametrize(
    ("role", "joined", "may"),
    [
        ("representative", -1, True),
        ("member", -1, False),
        ("representative", 1, False),  # let in after somebody claimed the firm
    ],
)
def test_who_may_object(world: World, claim: FirmClaim, role: str, joined: int, may: bool) -> None:
    person = world.people["adviser"]
    Membership.objects.create(
        user=person,
        organisation=claim.organisation,
        role=role,
        joined_at=claim.made_at + timedelta(minutes=joined),
    )
    made = proposed(claim, world)
    assert passing.may_object(person, claim) is may
    assert not passing.may_object(claim.person, claim)
    if not may:
        with pytest.raises(Forbidden):
            passing.object_to(made, "違います", by=person)


def test_it_ends_with_its_claim_or_is_taken_back(world: World, claim: FirmClaim) -> None:
    made = proposed(claim, world)
    for decision in (HAND_OVER, Decision("refuse", "x")):
        with pytest.raises(NotReady, match="取り下げてから"):
            passing.decide(claim, decision, by=other(world))
    passing.take_back(made, by=world.officer)
    made = proposed(claim, world)
    claims.withdraw(claim, by=claim.person)
    assert list(Passing.objects.values_list("outcome", flat=True)) == ["taken_back"] * 2
    with pytest.raises(Stale):
        passing.confirm(waited(made), by=other(world))


def test_whoever_has_an_interest_or_keeps_other_firms_confirms_nothing(
    world: World, claim: FirmClaim
) -> None:
    made = waited(proposed(claim, world))
    granted(other(world).staff_roles.all(), municipality="012319")
    narrowed = User.objects.get(pk=other(world).pk)
    for act in (passing.confirm, passing.take_back):
        with pytest.raises(Forbidden, match="所在地を受け持つ"):
            act(made, by=narrowed)
    assert (
        entered(narrowed).post(reverse("firm_passing_confirm", args=[made.pk])).status_code == 404
    )


def test_the_table_itself_keeps_four_eyes(world: World, claim: FirmClaim) -> None:
    made = proposed(claim, world)
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        Passing.objects.filter(pk=made.pk).update(
            outcome="confirmed", closed_by=world.officer, closed_at=clock.now()
        )


# -- who hears of it ----------------------------------------------------------------------------------
def test_the_mail_leads_to_the_objection_through_a_sign_in(
    world: World, claim: FirmClaim, post: Post
) -> None:
    post()
    made = proposed(claim, world)
    person = world.outsider
    person.set_password("snow-lilac-lamp-7")
    person.save()
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    mails = [mail for mail in post() if mail.to == [person.email]]
    link = re.search(r"http\S+?(/organisations/\S+)", str(mails[-1].body))
    assert link
    assert link.group(1) == reverse("firm_passing_object", args=[made.pk])
    client = Client()
    sign_in = client.get(link.group(1))["Location"]
    assert sign_in == f"/accounts/login/?next={link.group(1)}"
    login = {"login": person.email, "password": "snow-lilac-lamp-7", "next": link.group(1)}
    onwards = client.post("/accounts/login/", login)["Location"]
    assert link.group(1) in unquote(onwards)  # or past the offer of a second factor
    form = client.get(link.group(1))["Location"]
    assert form == f"/organisations/{claim.organisation_id}/proof/#passing-{made.pk}"
    assert f'id="passing-{made.pk}"' in client.get(form).content.decode()
    assert entered(claim.person).get(link.group(1)).status_code == 404
    assert entered(world.people["adviser"]).get(link.group(1)).status_code == 404


def test_it_is_told_at_the_address_that_somebody_has_changed(
    world: World, claim: FirmClaim, post: Post
) -> None:
    lately = FormerAddress.objects.create(person=world.outsider, email="before@firms.example")
    long_ago = FormerAddress.objects.create(person=world.outsider, email="older@firms.example")
    FormerAddress.objects.filter(pk=long_ago.pk).update(
        left_at=clock.now() - security.GIVEN_BACK - timedelta(days=1)
    )
    post()
    made = proposed(claim, world)
    mails = {mail.to[0]: str(mail.body) for mail in post()}
    assert "older@firms.example" not in mails
    assert f"/organisations/claims/passings/{made.pk}/object/" in mails[lately.email]
    assert "すぐに担当へご連絡ください" in mails[lately.email]


def test_whoever_may_confirm_hears_when_the_wait_is_over(
    world: World, claim: FirmClaim, post: Post
) -> None:
    made = proposed(claim, world)
    post()
    assert reminders.tell_of_waiting() == 0
    waited(made)
    assert passing.waiting() == {other(world): 1}
    assert [reminders.tell_of_waiting() for _ in range(2)] == [1, 0]  # once a day
    passing.confirm(made, by=other(world))
    assert passing.waiting() == {}


# -- the pages --------------------------------------------------------------------------------------
def test_both_sides_and_the_desk_read_of_it(
    world: World, claim: FirmClaim, second: User, client: Client
) -> None:
    desk, page = entered(world.officer), reverse("firm_claim_staff", args=[claim.pk])
    assert "まず提案になります" in desk.get(page).content.decode()
    sent = {"outcome": "hand_over", "role": "representative", "ground": "登記事項証明書"}
    assert desk.post(page, sent).status_code == 302
    made = Passing.objects.get()
    waiting = entered(other(world)).get(page).content.decode()
    assert ("まで待ちます" in waiting, "確認して決める" in waiting) == (True, False)
    waited(made)
    assert "確認して決める" not in desk.get(page).content.decode()
    assert "確認して決める" in entered(other(world)).get(page).content.decode()
    client.force_login(second)
    theirs = client.get(reverse("firm_claim", args=[claim.pk])).content.decode()
    assert "申し出を認める提案をしました" in theirs
    client.force_login(world.outsider)
    proof = client.get(reverse("firm_proof", args=[claim.organisation_id])).content.decode()
    assert ("異議を述べて止める" in proof, second.name in proof) == (True, False)
    stop = reverse("firm_passing_object", args=[made.pk])
    assert client.post(stop, {"objection": ""}).status_code == 302
    assert Passing.objects.get().outcome == ""
    client.post(stop, {"objection": "いまも代表です"})
    assert Passing.objects.get().outcome == "objected"
    assert "いまも代表です" in desk.get(page).content.decode()


def test_the_desk_confirms_and_takes_back_by_its_buttons(world: World, claim: FirmClaim) -> None:
    made = proposed(claim, world)
    first, then = entered(world.officer), entered(other(world))
    first.post(reverse("firm_passing_take_back", args=[made.pk]))
    assert Passing.objects.get().outcome == "taken_back"
    made = waited(proposed(claim, world))
    then.post(reverse("firm_passing_confirm", args=[made.pk]))
    claim.refresh_from_db()
    assert claim.outcome == "hand_over"
