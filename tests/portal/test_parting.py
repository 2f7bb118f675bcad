"""Leaving a firm, and taking somebody out of it: asked before, told after, and never without a representative."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.accounts import people
from portal.accounts.models import Delegation, Membership, Organisation, User
from portal.audit.models import Event
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.markup import one_line

Post = Callable[[], list[EmailMessage]]


class Firm:
    """A firm with a representative, a colleague and an adviser."""

    def __init__(self, world: World) -> None:
        self.application, self.owner = world.draft()
        self.firm: Organisation = self.application.case.organisation
        self.colleague = User.objects.create_user("colleague@firms.example", None, name="同僚 花子")
        self.member = self.firm.memberships.create(user=self.colleague, role="member")
        self.own = self.firm.memberships.get(user=self.owner)
        self.adviser = world.people["adviser"]
        self.mandate = people.delegate(
            self.firm,
            adviser=self.adviser,
            by=self.owner,
            starts_on=clock.today() - timedelta(days=3),
            ends_on=clock.today() + timedelta(days=30),
        )

    def page_of(self, row: Membership | Delegation) -> str:
        name = "membership_end" if isinstance(row, Membership) else "delegation_end"
        return reverse(name, args=[self.firm.pk, row.pk])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(post: list[EmailMessage]) -> dict[str, str]:
    """Address → subject and text of what went there."""
    return {mail.to[0]: f"{mail.subject}\n{mail.body}" for mail in post}


def test_the_page_asks_first_and_says_what_stays_and_who(world: World) -> None:
    case = Firm(world)
    page = one_line(signed_in(case.owner).get(case.page_of(case.member)))
    assert "手続きする人から外す" in page
    assert case.colleague.name in page
    assert "進行中の手続き0件と、書きかけの下書き1件は、消えずに事業者に残ります" in page
    assert case.owner.name in page
    assert case.adviser.name in page
    case.member.refresh_from_db()
    assert case.member.left_at is None  # nothing is done by looking


def test_a_turn_of_the_firm_is_named_before_somebody_goes(world: World) -> None:
    case = Firm(world)
    page = one_line(signed_in(case.colleague).get(case.page_of(case.member)))
    assert "この事業者の申請、下書き、書類、通知は、あなたからは見られなくなり" in page
    submitted, person = world.submitted()
    member = submitted.case.organisation.memberships.create(user=world.outsider, role="member")
    submitted.case.turns.all().delete()
    submitted.case.turns.create(
        side="applicant", what="直して提出する", due_on=clock.today(), since=clock.now()
    )
    way = reverse("membership_end", args=[submitted.case.organisation_id, member.pk])
    page = one_line(signed_in(person).get(way))
    assert "事業者の対応を待っている手続き" in page
    assert submitted.case.number in page


def test_a_representative_takes_a_colleague_out_and_both_sides_hear_of_it(
    world: World, post: Post
) -> None:
    case = Firm(world)
    client = signed_in(case.owner)
    assert client.post(case.page_of(case.member)).status_code == 302
    sent = told(post())
    assert sent.keys() == {case.colleague.email, case.owner.email}
    assert "代表者が、あなたをこの事業者の手続きから外しました" in sent[case.colleague.email]
    assert "一緒に手続きする方が1人減りました" in sent[case.owner.email]
    assert case.colleague.name not in sent[case.owner.email]
    event = Event.objects.get(action="organisation.leave")
    assert (event.actor, event.payload.data()["person"]) == (case.owner, case.colleague.name)
    assert client.post(case.page_of(case.member)).status_code == 404  # it is over
    assert len(post()) == 2


def test_a_colleague_leaves_by_themself(world: World, post: Post) -> None:
    case = Firm(world)
    client = signed_in(case.colleague)
    firms_page = client.get(reverse("organisation", args=[case.firm.pk])).content.decode()
    assert case.page_of(case.member) in firms_page
    assert case.page_of(case.own) not in firms_page
    assert client.post(case.page_of(case.member))["Location"] == "/my/"
    assert client.get(f"/apply/{case.application.case.number}/").status_code == 404
    sent = told(post())
    assert "あなたは、この事業者の手続きから抜けました" in sent[case.colleague.email]
    assert case.owner.email in sent
    assert Event.objects.get(action="organisation.leave").actor == case.colleague


def test_the_last_representative_stays_until_somebody_succeeds(world: World, post: Post) -> None:
    case = Firm(world)
    client = signed_in(case.owner)
    page = one_line(client.get(case.page_of(case.own)))
    assert "いまは抜けられません" in page
    assert "事業者の手続きから抜ける</button>" not in page
    assert reverse("organisation_invite", args=[case.firm.pk]) in page
    client.post(case.page_of(case.own))
    case.own.refresh_from_db()
    assert case.own.left_at is None
    assert not post()
    Membership.objects.filter(pk=case.member.pk).update(role="representative")
    assert "事業者の手続きから抜ける</button>" in one_line(client.get(case.page_of(case.own)))
    client.post(case.page_of(case.own))
    case.own.refresh_from_db()
    assert case.own.left_at is not None
    assert told(post()).keys() == {case.owner.email, case.colleague.email}


@pytest.mark.parametrize("who", ["owner", "adviser"])
def test_a_mandate_is_ended_by_either_side(world: World, post: Post, who: str) -> None:
    case = Firm(world)
    person: User = getattr(case, who)
    client = signed_in(person)
    assert "委任を終わりにする" in one_line(client.get(case.page_of(case.mandate)))
    assert client.post(case.page_of(case.mandate)).status_code == 302
    case.mandate.refresh_from_db()
    assert case.mandate.ends_on < clock.today()
    assert case.mandate.ended_by == person
    sent = told(post())
    assert sent.keys() == {case.owner.email, case.adviser.email}
    said = "代表者が、あなたへの委任を終わり" if who == "owner" else "受けていた委任を終わり"
    assert said in sent[case.adviser.email]


def test_a_colleague_takes_nobody_else_out(world: World) -> None:
    case = Firm(world)
    for person, row in (
        (case.colleague, case.own),
        (case.colleague, case.mandate),
        (case.adviser, case.member),
        (world.outsider, case.member),
    ):
        client = signed_in(person)
        assert client.get(case.page_of(row)).status_code == 404
        assert client.post(case.page_of(row)).status_code == 404


@pytest.mark.parametrize(("which", "role"), [("mandate", "adviser"), ("member", "representative")])
def test_whoever_goes_does_not_come_back_by_an_invitation_of_before(
    world: World, which: str, role: str
) -> None:
    case = Firm(world)
    row: Membership | Delegation = getattr(case, which)
    person = case.adviser if which == "mandate" else case.colleague
    other = f"second.{person.email}"
    EmailAddress.objects.create(user=person, email=other, verified=True)
    terms = {"ends_on": clock.today() + timedelta(days=90)} if role == "adviser" else {}
    secrets = [
        people.invite(case.firm, email=email, role=role, by=case.owner, **terms)
        for email in (person.email, other, "third@firms.example")
    ]
    page = one_line(signed_in(case.owner).get(case.page_of(row)))
    assert "まだ受けられていない2件は、使えなくなります" in page
    assert signed_in(case.owner).post(case.page_of(row)).status_code == 302
    standings = [found.standing for found in map(people.invitation_of, secrets) if found]
    assert standings == ["taken_back", "taken_back", "open"]
    with pytest.raises(NotReady):
        people.accept_invitation(secrets[0], by=person)
    ended = Event.objects.filter(action="organisation.take_back_invitation", actor=case.owner)
    assert {event.payload.data()["email"] for event in ended} == {person.email, other}


def test_an_address_that_somebody_only_claims_takes_nobody_s_invitation(
    world: World, post: Post
) -> None:
    case = Firm(world)
    invited = "bob@firms.example"
    EmailAddress.objects.create(user=case.colleague, email=invited, verified=False)
    secret = people.invite(case.firm, email=invited, role="member", by=case.owner)
    before = len(post())
    assert signed_in(case.colleague).post(case.page_of(case.member)).status_code == 302
    found = people.invitation_of(secret)
    assert found is not None
    assert found.standing == "open"
    assert invited not in told(post()[before:])
