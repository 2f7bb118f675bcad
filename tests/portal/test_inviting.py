"""Invitations: they say who invites whom to what, survive a sign-up, end, and those concerned hear of it."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.accounts import inviting, people
from portal.accounts.models import Invitation, Organisation, User
from portal.correspondence.models import Mail
from portal.ui.names import check_name
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.markup import one_line
from tests.proofs import code_of

Post = Callable[[], list[EmailMessage]]
INVITED = "third@firms.example"
DAYS = timedelta(days=people.INVITATION_DAYS)


@pytest.fixture
def firm(world: World) -> Organisation:
    application, _owner = world.draft(complete=False)
    found: Organisation = application.case.organisation
    return found


@pytest.fixture
def owner(firm: Organisation) -> User:
    return firm.memberships.get(role="representative").user


def invited(firm: Organisation, by: User, role: str = "member", **terms: object) -> str:
    return people.invite(firm, email=INVITED, role=role, by=by, **terms)


def page(secret: str, user: User | None = None) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    return one_line(client.get(reverse("invitation", args=[secret])))


def test_the_mail_and_the_page_name_the_firm_who_invites_and_the_role(
    firm: Organisation, owner: User, post: Post
) -> None:
    last = clock.today() + timedelta(days=100)
    secret = invited(
        firm, owner, "adviser", programme_code="telework", may_submit=True, ends_on=last
    )
    mail = post()[-1]
    for text in (mail.body, page(secret)):
        for said in (firm.name, owner.name, "代理人", "提出まで"):
            assert said in text
    assert reverse("invitation", args=[secret]) in mail.body
    kept = Mail.objects.get(address=INVITED)
    assert (kept.state, kept.body) == ("sent", "")  # nothing of it is kept


def test_a_firm_that_nobody_proved_is_told_as_such(
    firm: Organisation, owner: User, post: Post
) -> None:
    assert str(inviting.UNPROVED) not in page(invited(firm, owner))
    Organisation.objects.filter(pk=firm.pk).update(proved_how="", proved_at=None, proof_ground="")
    firm.refresh_from_db()
    secret = invited(firm, owner)
    shown, mailed = page(secret), post()[-1].body
    assert str(inviting.UNPROVED) in shown
    assert str(inviting.UNPROVED) in mailed
    for name in (firm.name, owner.name):  # any sentence may be typed as one
        assert name in shown
        assert name not in mailed
    people.take_back_invitation(
        Invitation.objects.get(accepted_at=None, taken_back_at=None), by=owner
    )
    assert firm.name not in post()[-1].body


def test_whoever_is_invited_signs_up_and_is_led_back_to_the_invitation(
    firm: Organisation, owner: User, post: Post
) -> None:
    way = reverse("invitation", args=[invited(firm, owner)])
    client = Client()
    assert f"/accounts/signup/?next={way}" in unquote(client.get(way).content.decode())
    typed = {"name": "三人目", "email": INVITED, "password1": "snow-lilac-lamp-7"}
    client.post("/accounts/signup/", typed | {"next": way})
    answer = client.post("/accounts/confirm-email/", {"code": code_of(post()[-1])})
    assert unquote(answer["Location"]) == f"/second-factor/offer/?next={way}"
    assert "招待を受ける</button>" in one_line(client.get(way))
    assert client.post(f"{way}accept/")["Location"] == "/my/"
    assert firm.memberships.get(user__email=INVITED).role == "member"


def test_another_address_is_told_so_and_does_not_join(
    world: World, firm: Organisation, owner: User
) -> None:
    secret = invited(firm, owner)
    text = page(secret, world.outsider)
    assert "この招待は、別のアドレスに送られています" in text
    assert "招待を受ける</button>" not in text
    assert INVITED not in text
    assert Client().post(reverse("invitation_accept", args=[secret])).status_code == 302  # sign in


def test_one_that_is_taken_back_says_so_on_its_page_and_by_mail(
    firm: Organisation, owner: User, post: Post
) -> None:
    secret = invited(firm, owner)
    client = Client()
    client.force_login(owner)
    row = Invitation.objects.get()
    client.post(reverse("invitation_take_back", args=[firm.pk, row.pk]))
    text = page(secret)
    assert "この招待は取り消されました" in text
    assert firm.name not in text  # who has an old link reads no more than that it is over
    assert "招待が取り消されました" in post()[-1].subject
    assert (post()[-1].to, firm.name in post()[-1].body) == ([INVITED], True)


def test_the_newest_of_several_to_one_address_holds(firm: Organisation, owner: User) -> None:
    earlier, later = invited(firm, owner), invited(firm, owner, "representative")
    assert "この招待は取り消されました" in page(earlier)
    assert "代表者" in page(later)
    assert people.open_invitations(firm).count() == 1


def test_one_that_nobody_accepted_in_time_is_told_to_who_invited_once(
    firm: Organisation, owner: User, post: Post
) -> None:
    secret = invited(firm, owner)
    assert inviting.tell_of_lapsed() == 0
    with clock.at(clock.now() + DAYS + timedelta(minutes=1)):
        assert "この招待は期限が切れています" in page(secret)
        assert (inviting.tell_of_lapsed(), inviting.tell_of_lapsed()) == (1, 0)
        client = Client()
        client.force_login(owner)
        assert "招待の期限切れ" in client.get(f"/organisations/{firm.pk}/").content.decode()
    mail = post()[-1]
    assert mail.to == [owner.email]
    assert INVITED in mail.body


def test_an_invitation_ends_with_the_mandate_that_it_offers(
    firm: Organisation, owner: User, world: World
) -> None:
    last = clock.today() + timedelta(days=1)
    mandate = {"programme_code": "", "may_submit": False, "ends_on": last}
    secret = people.invite(firm, email=world.outsider.email, role="adviser", by=owner, **mandate)
    row = Invitation.objects.get()
    assert clock.day_of(row.expires_at) == last
    Invitation.objects.update(expires_at=clock.now() + DAYS)  # as those that were written before
    with clock.at(clock.now() + timedelta(days=2)):
        assert Invitation.objects.get().standing == "lapsed"
        with pytest.raises(NotReady, match="期限が切れています"):
            people.accept_invitation(secret, by=world.outsider)


def test_nobody_entrusts_themselves(firm: Organisation, owner: User, client: Client) -> None:
    last = clock.today() + timedelta(days=30)
    client.force_login(owner)
    sent = {"email": owner.email.upper(), "role": "adviser", "ends_on": last.isoformat()}
    refused = client.post(reverse("organisation_invite", args=[firm.pk]), sent)
    assert "自分のメールアドレスは招待できません。" in one_line(refused)
    mandate = {"programme_code": "", "may_submit": False, "ends_on": last}
    secret = invited(firm, owner, "adviser", **mandate)
    User.objects.filter(pk=owner.pk).update(email=INVITED)  # whose address it became since
    with pytest.raises(NotReady, match="自分の招待"):
        people.accept_invitation(secret, by=User.objects.get(pk=owner.pk))


@pytest.mark.parametrize("how", ["accepted", "taken back", "its writer closed"])
def test_of_one_that_ended_otherwise_nobody_hears_that_it_lapsed(
    firm: Organisation, owner: User, how: str
) -> None:
    secret = invited(firm, owner)
    third = User.objects.create_user(INVITED, None, name="三人目")
    if how == "accepted":
        people.accept_invitation(secret, by=third)
    elif how == "taken back":
        people.take_back_invitation(Invitation.objects.get(), by=owner)
    else:
        User.objects.filter(pk=owner.pk).update(is_active=False)
    with clock.at(clock.now() + DAYS + timedelta(minutes=1)):
        assert inviting.tell_of_lapsed() == 0


def test_a_link_that_never_was_is_not_found(db: None, client: Client) -> None:
    answer = client.get("/invitations/no-such/")
    assert answer.status_code == 404
    assert "この招待は見つかりません" in answer.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "札幌市より大切なお知らせ sapporo-shien.com/login で本人確認",
        "札幌市 sapporo-shien．com／login",
        "札幌市 sapporo-shien。com/login",
        "本人確認 sapporo-shien.com:8443/?a=1",
        "http://sapporo.example",
        "本人確認はこちら bit.ly/3xyz",
        "札幌市 login.sapporo.guru/x",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "株式会社雪国.com",
        "Yukiguni Co., Ltd.",
        "合同会社A.B/C",
        "No.1/2 工房",
        "㈱雪国・灯",
        "A.Tanaka/B.Suzuki",
        "Dr.Sato/札幌",
    ],
)
def test_a_name_with_a_dot_is_a_name(name: str) -> None:
    assert check_name(name) == name
