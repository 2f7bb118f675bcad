"""What a proved firm is called, where it sits and who represents it changes after an officer's look alone."""

from collections.abc import Callable

import pytest
from django.core.mail import EmailMessage
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from grants.applications import drafts, papers, submit
from grants.applications.models import Application
from portal.accounts import identity
from portal.accounts.models import Organisation, User
from portal.audit.models import Event
from portal.cases.models import Interest
from portal.correspondence.models import Mail
from portal.firms import claims, letters
from portal.firms.claims import Decision
from portal.firms.models import FirmClaim
from portal.workflow.errors import Forbidden, Stale
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_firms import registered, unprove

Post = Callable[[], list[EmailMessage]]


def firm_of(world: World) -> tuple[Organisation, User, Application]:
    """A proved firm without a row in the registry, whose draft says of it what its record says."""
    application, person = world.draft()
    drafts.learn(application, by=person)
    firm = Organisation.objects.get(pk=application.case.organisation_id)
    assert firm.is_proved
    assert firm.representative_name
    return firm, person, application


def retype(application: Application, by: User, **said: str) -> None:
    section = drafts.stored(application, "organisation")
    assert section is not None
    drafts.save(
        application, "organisation", section.data | said, by=by, page=drafts.Page(section.version)
    )


def asked() -> FirmClaim:
    return FirmClaim.objects.get(matter="record", outcome="")


def test_what_an_application_leaves_blank_empties_nothing(world: World) -> None:
    firm, person, application = firm_of(world)
    kept = (firm.established_on, firm.representative_title)
    assert all(kept)
    retype(
        application,
        person,
        established_on_y="",
        established_on_m="",
        established_on_d="",
        representative_title="",
    )
    drafts.learn(Application.objects.get(pk=application.pk), by=person)
    firm = Organisation.objects.get(pk=firm.pk)
    assert (firm.established_on, firm.representative_title) == kept
    assert not FirmClaim.objects.filter(matter="record").exists()


# -- what is held, and what is not ------------------------------------------------------------------
HELD = [
    ("name", "株式会社別の会社", True),
    ("representative_name", "別の人", True),
    ("representative_name", "", True),
    ("address", "札幌市中央区南1条西1丁目", True),
    ("country", "フランス", True),
    ("phone", "011-000-0001", False),
    ("employees", 7, False),
]


@pytest.mark.parametrize(("column", "said", "is_held"), HELD)
def test_who_a_proved_firm_is_is_asked_and_the_rest_is_written(
    world: World, column: str, said: object, is_held: bool
) -> None:
    firm, person, _application = firm_of(world)
    before = getattr(firm, column)
    assert identity.say(firm, {column: said}, by=person, words="事業者のページ") is is_held
    now = getattr(Organisation.objects.get(pk=firm.pk), column)
    assert now == (before if is_held else said)
    assert FirmClaim.objects.filter(matter="record").count() == is_held


def test_the_others_of_a_firm_hear_that_its_record_was_changed(world: World, post: Post) -> None:
    firm, person, _application = firm_of(world)
    colleague = User.objects.create_user("colleague@firms.example", None, name="同僚")
    firm.memberships.create(user=colleague, role="member")
    post()
    identity.say(firm, {"phone": "011-000-0001"}, by=person, words="事業者のページ")
    identity.say(firm, {"phone": "011-000-0001"}, by=person, words="事業者のページ")
    sent = [mail for mail in post() if "事業者の登録が改められました" in mail.subject]
    assert [mail.to for mail in sent] == [[colleague.email]]
    assert "011-000-0001" not in sent[0].body


def test_what_was_empty_what_is_written_otherwise_and_what_is_registered_is_no_other_firm(
    world: World,
) -> None:
    firm, person, _application = firm_of(world)
    firm.kana, firm.address = "", "札幌市中央区北１条西２丁目１番地"
    firm.save()
    found = registered(firm.corporate_number or "", name="株式会社登記のとおり")
    said = {
        "kana": "トウキ",
        "address": "札幌市中央区北1条西2-1",
        "name": found.name,
    }
    assert identity.say(firm, said, by=person, words="事業者のページ") is False
    fresh = Organisation.objects.get(pk=firm.pk)
    assert (fresh.kana, fresh.address, fresh.name) == tuple(said.values())


def test_a_firm_that_nobody_proved_changes_freely(world: World) -> None:
    _firm, person, application = firm_of(world)
    firm = unprove(application)
    assert identity.say(firm, {"name": "株式会社別"}, by=person, words="事業者のページ") is False
    assert Organisation.objects.get(pk=firm.pk).name == "株式会社別"


# -- a draft, and its hand-in -----------------------------------------------------------------------
def test_a_hand_in_keeps_what_it_says_and_renames_nobody(world: World) -> None:
    firm, person, application = firm_of(world)
    was = (firm.name, firm.representative_name)
    retype(application, person, name="株式会社改名", representative_name="新しい代表")
    drafts.learn(application, by=person)
    assert not FirmClaim.objects.filter(matter="record").exists()  # a draft asks nothing
    done = submit.submit(application, by=person)
    fresh = Organisation.objects.get(pk=firm.pk)
    assert (fresh.name, fresh.representative_name) == was
    version = done.last_version
    assert version is not None
    assert version.content["organisation"]["name"] == "株式会社改名"
    assert asked().proposed == {"name": "株式会社改名", "representative_name": "新しい代表"}
    assert papers.addressee(Application.objects.get(pk=done.pk))[0] == was[0]
    claims.decide(asked(), Decision("adopt", "登記事項証明書を見た"), by=world.officer)
    to = papers.addressee(Application.objects.get(pk=done.pk))
    assert to[0] == "株式会社改名"
    assert to[1].endswith("新しい代表　様")


def test_a_hand_in_that_says_nothing_new_asks_nothing(world: World) -> None:
    _firm, person, application = firm_of(world)
    submit.submit(application, by=person)
    assert not FirmClaim.objects.filter(matter="record").exists()


# -- the pages --------------------------------------------------------------------------------------
def test_the_firm_sees_that_it_is_looked_at_and_the_office_has_it_before_it(
    world: World, client: Client, post: Post
) -> None:
    firm, person, _application = firm_of(world)
    client.force_login(person)
    where = f"/organisations/{firm.pk}/"
    shown = client.get(where).context["form"]
    sent = {name: shown[name].value() or "" for name in shown.fields}
    page = client.post(where, sent | {"representative_name": "新しい代表"}, follow=True)
    said = one_line(page)
    assert "担当が確かめてから登録します" in said
    assert "新しい代表" in said
    assert Organisation.objects.get(pk=firm.pk).representative_name == firm.representative_name
    subjects = {mail.subject for mail in post() if mail.to == [person.email]}
    assert any("名称などの変更を確かめています" in subject for subject in subjects)
    client.force_login(world.officer)
    assert f"/staff/firms/claims/{asked().pk}/" in one_line(client.get("/staff/firms/"))
    desk = one_line(client.get(f"/staff/firms/claims/{asked().pk}/"))
    assert "新しい代表" in desk
    assert firm.representative_name in desk
    waiting = sum(rows.count() for rows in letters.waiting(world.officer))
    assert f"事業者の確認の手紙と申し出が{waiting}件、待っています" in one_line(
        client.get("/inbox/")
    )


@pytest.mark.parametrize(
    ("outcome", "subject"),
    [
        ("adopt", "名称などの変更を登録しました"),
        ("refuse", "名称などの変更は登録できませんでした"),
    ],
)
def test_the_firm_hears_what_was_decided_and_why(
    world: World, client: Client, post: Post, outcome: str, subject: str
) -> None:
    firm, person, _application = firm_of(world)
    colleague = User.objects.create_user("colleague@firms.example", None, name="同僚")
    firm.memberships.create(user=colleague, role="member")
    identity.say(firm, {"name": "株式会社改名"}, by=person, words="事業者のページ")
    claim = asked()
    post()
    claims.decide(claim, Decision(outcome, "履歴事項全部証明書のとおり"), by=world.officer)
    told = {mail.to[0] for mail in post() if subject in mail.subject}
    assert {person.email, colleague.email} <= told
    assert Organisation.objects.get(pk=firm.pk).name == (
        "株式会社改名" if outcome == "adopt" else firm.name
    )
    client.force_login(person)
    assert "履歴事項全部証明書のとおり" in one_line(
        client.get(f"/organisations/claims/{claim.pk}/")
    )
    chain = Event.objects.filter(chain=f"organisation:{firm.pk}").values_list("action", flat=True)
    assert {"claim.make", f"claim.{outcome}"} <= set(chain)


# -- who decides, and once --------------------------------------------------------------------------
def test_no_officer_decides_with_an_interest_nor_of_their_own_nor_twice(world: World) -> None:
    firm, person, application = firm_of(world)
    identity.say(firm, {"name": "株式会社改名"}, by=world.officer, words="紙の申請")
    with pytest.raises(Forbidden, match="自分の申し出"):
        claims.decide(asked(), Decision("adopt", "見た"), by=world.officer)
    claims.withdraw(asked(), by=world.officer)
    identity.say(firm, {"name": "株式会社改名"}, by=person, words="事業者のページ")
    Interest.objects.create(person=world.officer, case=application.case, detail="親族")
    claim = asked()
    with pytest.raises(Forbidden):
        claims.decide(claim, Decision("adopt", "見た"), by=world.officer)
    other = world.staff["second_officer"]
    claims.decide(claim, Decision("refuse", "示す書類がない"), by=other)
    with pytest.raises(Stale):
        claims.decide(claim, Decision("adopt", "見た"), by=other)


def test_what_is_said_later_is_asked_together_with_what_waits(world: World) -> None:
    firm, person, _application = firm_of(world)
    identity.say(firm, {"name": "株式会社改名"}, by=person, words="事業者のページ")
    identity.say(firm, {"name": "株式会社改名"}, by=person, words="事業者のページ")
    assert FirmClaim.objects.filter(matter="record").count() == 1
    identity.say(firm, {"representative_name": "新しい代表"}, by=person, words="申請")
    assert asked().proposed == {"name": "株式会社改名", "representative_name": "新しい代表"}
    assert FirmClaim.objects.filter(matter="record", outcome="withdraw").count() == 1


def test_what_was_proposed_stays_as_it_was(world: World) -> None:
    firm, person, _application = firm_of(world)
    identity.say(firm, {"name": "株式会社改名"}, by=person, words="事業者のページ")
    with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
        FirmClaim.objects.update(proposed={"name": "株式会社乗っ取り"})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT columns FROM portal_audit_print WHERE kept = 'portal_firms_firmclaim'"
        )
        assert cursor.fetchone()[0].endswith("proposed")


def test_what_is_said_again_and_again_is_written_to_others_three_times_a_day(
    world: World, client: Client
) -> None:
    firm, person, _application = firm_of(world)
    colleague = world.people["member"]
    firm.memberships.create(user=colleague, role="member")
    client.force_login(person)
    where = f"/organisations/{firm.pk}/"
    shown = client.get(where).context["form"]
    typed = {name: shown[name].value() or "" for name in shown.fields}
    for n in range(5):
        said = typed | {"representative_name": f"代表 {'甲乙'[n % 2]}"}
        assert client.post(where, said).status_code == 302
    told = Mail.objects.exclude(
        subject__contains="登録が改められました"
    )  # of a column that is not held
    mails = [told.filter(to=one).count() for one in (world.officer, colleague, person)]
    assert mails == [claims.MOST_TOLD, claims.MOST_TOLD, 5]
    assert asked().proposed["representative_name"] == "代表 甲"  # the last word stands on the desk
