"""The contact that a form names hears beside the members, with their consent, until they stop it."""

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client

from grants.applications import drafts, formal, submit
from grants.applications.models import Application
from portal import clock
from portal.accounts import proving
from portal.accounts.models import Delegation, Organisation, User
from portal.cases import interests
from portal.correspondence import foreseen, outgoing, stopping, talk
from portal.correspondence.models import Mail
from portal.correspondence.readers import RULES
from portal.workflow.door import perform
from portal.workflow.gathering import Told
from tests.conftest import World

CONTACT = "somu@firms.example"


def submitted(world: World, *, mails: str, is_own: bool = False) -> tuple[Application, User]:
    """An application whose contact is written to in a language, or not; or is the person themselves."""
    application, person = world.draft()
    kept = application.sections.get(key="contact")
    typed = kept.data | {"email": person.email.upper() if is_own else CONTACT, "mails": mails}
    drafts.save(application, "contact", typed, by=person, page=drafts.Page(kept.version))
    return submit.submit(application, by=person), person


def to_contact(application: Application) -> list[Mail]:
    return list(Mail.objects.filter(case=application.case, to=None).order_by("pk"))


@pytest.mark.parametrize(
    ("mails", "subjects"),
    [
        ("ja", ["提出を受け付けました", "市から連絡が届きました"]),
        ("en", ["We have received", "A message from the city"]),
        ("no", []),
        ("", []),
    ],
)
def test_the_contact_hears_what_the_members_hear_where_they_agreed(
    world: World, mails: str, subjects: list[str]
) -> None:
    application, person = submitted(world, mails=mails)
    talk.write(application.case, body="お電話ください", by=world.officer)
    sent = to_contact(application)
    assert [mail.address for mail in sent] == [CONTACT] * len(subjects)
    for mail, said in zip(sent, subjects, strict=True):
        assert said in mail.subject
    theirs = Mail.objects.filter(case=application.case, to=person)
    assert len(sent) in (0, theirs.count())


def test_what_the_contact_reads_names_nobody_and_whom_to_ask(world: World) -> None:
    application, person = submitted(world, mails="ja")
    (mail,) = to_contact(application)
    assert (
        f"お問い合わせ：{application.stated.office.ja}（電話 {application.stated.phone}）"
        in mail.body
    )
    assert stopping.address_for(application.case, CONTACT) in mail.body
    private = (person.name, application.case.organisation.name, application.case.title, CONTACT)
    for text in private:
        assert text not in mail.subject + mail.body


def test_a_mail_is_read_at_its_case_without_the_link_that_is_its_readers_alone(
    world: World, client: Client
) -> None:
    application, person = submitted(world, mails="ja")
    (mail,) = to_contact(application)
    link = stopping.address_for(application.case, CONTACT)
    assert link in mail.body
    for reader in (world.officer, person):
        client.force_login(reader)
        page = client.get(application.case.get_absolute_url()).content.decode()
        assert "心当たりがないとき、止めたいときは" in page
        assert "/mails/stop/（受け取った方だけのリンク）" in page
        assert link not in page


def test_a_member_who_is_the_contact_gets_one_mail(world: World) -> None:
    application, person = submitted(world, mails="ja", is_own=True)
    assert to_contact(application) == []
    assert Mail.objects.filter(case=application.case, to=person).count() == 1


@pytest.mark.parametrize("way", ["left", "mandate over", "passed on"])
def test_a_contact_who_was_of_the_firm_and_is_no_longer_reads_no_mail(
    world: World, way: str
) -> None:
    application, person = submitted(world, mails="ja")
    case, firm = application.case, application.case.organisation
    parted = User.objects.create_user(CONTACT, None, name="離れた人")
    today, days = clock.today(), timedelta(days=9)
    if way == "mandate over":
        row = {"adviser": parted, "granted_by": person, "starts_on": today - days}
        mandate = firm.delegations.create(**row, ends_on=today + days)
        Delegation.objects.filter(pk=mandate.pk).update(ends_on=today - timedelta(days=1))
    else:
        firm.memberships.create(user=parted, role="member", left_at=clock.now())
    if way == "passed on":
        heir = Organisation.objects.create(kind="corporation", name="引き継いだ会社")
        heir.memberships.create(user=person, role="representative")
        proving.prove(heir, "officer", by=world.officer, ground="x")
        interests.pass_to(case, heir)
    sent = Mail.objects.filter(case=case, to=person).count()
    before = len(to_contact(application))
    talk.write(case, body="お電話ください", by=world.officer)
    assert Mail.objects.filter(case=case, to=person).count() == sent + 1
    assert len(to_contact(application)) == before
    case.organisation.memberships.create(user=parted, role="member")  # back: as a member, once
    talk.write(case, body="もう一度", by=world.officer)
    assert len(to_contact(application)) == before
    assert Mail.objects.filter(case=case, to=parted).count() == 1


def test_a_contact_with_an_account_who_never_was_of_the_firm_reads_on(world: World) -> None:
    application, _person = submitted(world, mails="ja")
    User.objects.create_user(CONTACT, None, name="総務の人")
    before = len(to_contact(application))
    talk.write(application.case, body="お電話ください", by=world.officer)
    assert len(to_contact(application)) == before + 1


def test_nobody_is_written_to_for_an_address_in_a_draft(world: World) -> None:
    application, person = world.draft()
    kept = application.sections.get(key="contact")
    typed = kept.data | {"email": CONTACT, "mails": "ja"}
    drafts.save(application, "contact", typed, by=person, page=drafts.Page(kept.version))
    talk.write(application.case, body="締切が近づいています", by=world.officer)
    assert to_contact(application) == []


def test_the_contact_of_the_last_version_is_written_to(world: World) -> None:
    application, person = submitted(world, mails="ja")
    formal.raise_defect(
        application, by=world.officer, part="contact", part_label="担当者", cite="x", text="x"
    )
    application = perform(application, "return_for_correction", by=world.officer)
    kept = application.sections.get(key="contact")
    typed = kept.data | {"email": "later@firms.example"}
    drafts.save(application, "contact", typed, by=person, page=drafts.Page(kept.version))
    assert {mail.address for mail in to_contact(application)} == {CONTACT}


def test_a_contact_stops_the_mails_without_an_account_by_a_press(
    world: World, client: Client
) -> None:
    application, person = submitted(world, mails="ja")
    link = stopping.address_for(application.case, CONTACT)
    assert "止める" in client.get(link).content.decode()  # mail programs open links by themselves
    talk.write(application.case, body="一つ目", by=world.officer)
    assert len(to_contact(application)) == 2
    assert "もうお送りしません" in client.post(link).content.decode()
    talk.write(application.case, body="二つ目", by=world.officer)
    assert len(to_contact(application)) == 2
    assert Mail.objects.filter(case=application.case, to=person).count() == 3


def test_a_link_that_is_not_ours_opens_nothing(world: World, client: Client) -> None:
    application, _person = submitted(world, mails="ja")
    link = stopping.address_for(application.case, CONTACT)
    assert client.get(link[:-4] + "xxx/").status_code == 404
    assert client.get(stopping.address_for(application.case, "other@x.example")).status_code == 404


def test_whoever_decides_reads_that_the_contact_will_be_told(world: World) -> None:
    application, _person = submitted(world, mails="ja")
    told = [
        Told(application.case, side, words)
        for side, words in outgoing.MESSAGE.mails
        if side == "applicant"
    ]
    readers = [name for draft in foreseen.drafts(told) for name in draft.to]
    assert "申請書の担当者" in readers


def test_the_table_says_who_hears_of_each_side() -> None:
    assert Counter(rule.side for rule in RULES) == {"applicant": 3, "office": 1}
