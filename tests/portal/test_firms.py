"""Whose a firm is: nothing is handed in before it is proved; letters, GビズID, an officer's check, and claims."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import check_password
from django.core.mail import EmailMessage
from django.test import Client

from grants.applications import submit
from grants.applications.models import Application
from grants.payments.accounts import BankAccount
from portal import clock
from portal.accounts import demo, people, proving
from portal.accounts.models import Membership, Organisation, User
from portal.accounts.permissions import Applicant
from portal.audit.models import Event
from portal.cases.models import Case, Interest
from portal.firms import claims, letters, passing, proofs
from portal.firms.claims import Decision
from portal.firms.models import FirmClaim, Passing, ProofLetter
from portal.registry.corporate_number import fictitious
from portal.registry.models import Corporation
from portal.types import Given
from portal.workflow.door import begin
from portal.workflow.errors import Forbidden, NotReady, Stale
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_roles import entered
from tests.provider import PRIME, Provider, come_back
from tests.roles import without_triggers
from tools.demonstration import simulation

Post = Callable[[], list[EmailMessage]]
NUMBER = fictitious(9001)


def registered(number: str = NUMBER, name: str = "株式会社登記のとおり") -> Corporation:
    return Corporation.objects.create(
        number=number,
        name=name,
        name_key=name,
        kind="301",
        prefecture="北海道",
        city="札幌市中央区",
        street="北一条西２丁目１番地",
        area_code="01101",
        postal_code="0600001",
        changed_on=clock.today(),
        sequence=1,
    )


def firm(by: User, number: str = NUMBER) -> Organisation:
    """A firm as somebody registers it: unproved."""
    return people.create_organisation(
        by=by, kind="corporation", corporate_number=number, name="株式会社登記のとおり"
    )


def everybody(organisation: Organisation) -> list[str]:
    """All who act for a firm, as a form names them."""
    return [proofs.key(row) for row in proving.beside(organisation)]


@pytest.fixture
def second(db: None) -> User:
    return User.objects.create_user("second@firms.example", None, name="二人目")


def code_of(world: World, letter: ProofLetter) -> str:
    """Of a letter as one officer prints it; another is to post it."""
    return letters.print_out([letter.pk], by=world.staff["second_officer"])[0].code


def sent_code_of(world: World, letter: ProofLetter) -> str:
    """Of a letter that has left the house."""
    code = code_of(world, letter)
    letters.posted([letter.pk], by=world.officer)
    return code


# -- drafts only ----------------------------------------------------------------------------------
def unprove(application: Application) -> Organisation:
    found = application.case.organisation
    found.proved_how, found.proved_at, found.proved_by, found.proof_ground = "", None, None, ""
    found.save()
    return found


def test_a_firm_that_nobody_proved_drafts_and_hands_nothing_in(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    organisation = unprove(application)
    with pytest.raises(Forbidden, match="下書きまで"):
        submit.submit(application, by=person)
    client.force_login(person)
    number = application.case.number
    for path in ("/my/", f"/apply/{number}/", f"/apply/{number}/review/"):
        page = one_line(client.get(path))
        assert "提出の前に、事業者の確認が必要です" in page
        assert f'href="/organisations/{organisation.pk}/proof/"' in page
    review = client.post(f"/apply/{number}/review/", {"pledge": "on"})
    assert review.status_code in (200, 422)
    proofs.check(
        organisation,
        by=world.officer,
        ground="履歴事項全部証明書を見た",
        kept=everybody(organisation),
    )
    assert submit.submit(Application.objects.get(pk=application.pk), by=person).state == "submitted"


def test_no_account_is_declared_for_a_firm_that_nobody_proved(world: World) -> None:
    application, person = world.draft()
    unprove(application)
    with pytest.raises(Forbidden, match="下書きまで"):
        begin(
            BankAccount,
            by=person,
            organisation=application.case.organisation,
            bank_code="0501",
            branch_code="001",
            kind="1",
            number="1234567",
            holder_kana="ｶ)ﾄｳｷ",
            holder="株式会社登記",
        )


def test_a_member_and_an_adviser_hear_their_own_reason_first(world: World, second: User) -> None:
    application, _person = world.draft()
    organisation = unprove(application)
    assert Applicant(submitting=True).reasons(second, application) == [
        "この申請をした方ではありません。"
    ]
    organisation.memberships.create(user=second, role="member")
    assert "代表者" in Applicant(submitting=True).reasons(second, application)[0]


def test_what_the_counter_takes_in_on_paper_asks_no_proof_of_the_firm(world: World) -> None:
    application, _person = world.draft()
    application.case.on_paper = True
    unprove(application)
    assert Applicant(submitting=True).reasons(world.officer, application) == []


# -- GビズID --------------------------------------------------------------------------------------
def register(client: Client, number: str = str(PRIME["corporate_number"])) -> None:
    client.post(
        "/organisations/new/",
        {"step": "2", "corporate_number": number, "name": "株式会社時計台製作所"},
    )


def test_a_prime_account_proves_its_own_firm_as_it_is_registered(
    world: World, client: Client, provider: type[Provider]
) -> None:
    come_back(client, provider, **PRIME)
    register(client)
    made = Organisation.objects.get(corporate_number=PRIME["corporate_number"])
    assert (made.proved_how, made.proved_by) == ("gbizid", User.objects.get(email=PRIME["email"]))


@pytest.mark.parametrize(
    ("claims_", "number"),
    [
        ({"account_type": "1"}, PRIME["corporate_number"]),  # entry
        ({"account_type": "3"}, PRIME["corporate_number"]),  # member
        ({}, NUMBER),  # another firm
    ],
)
def test_no_other_account_proves_a_firm(
    world: World,
    client: Client,
    provider: type[Provider],
    claims_: dict[str, str],
    number: str,
) -> None:
    come_back(client, provider, **(PRIME | claims_))
    register(client, number)
    assert not Organisation.objects.get(corporate_number=number).is_proved


def test_a_firm_registered_before_is_proved_at_the_next_sign_in(
    world: World, client: Client, provider: type[Provider]
) -> None:
    come_back(client, provider, **(PRIME | {"account_type": "1"}))
    register(client)
    again = Client()
    come_back(again, provider, **PRIME)
    assert Organisation.objects.get(corporate_number=PRIME["corporate_number"]).is_proved


def test_what_gbizid_said_at_an_earlier_sign_in_proves_nothing_today(
    world: World, client: Client, provider: type[Provider]
) -> None:
    come_back(client, provider, **PRIME)
    later = Client()
    later.force_login(User.objects.get(email=PRIME["email"]))
    register(later)
    assert not Organisation.objects.get(corporate_number=PRIME["corporate_number"]).is_proved


def test_a_sole_proprietor_is_proved_by_the_name_that_gbizid_has_checked(
    world: World, client: Client, provider: type[Provider]
) -> None:
    come_back(client, provider, **(PRIME | {"corp_type": "2", "corporate_number": "1234567890128"}))
    for name in ("髙田 誠一", "別人 太郎"):
        sent = {"step": "2", "sole": "on", "name": "時計台珈琲", "representative_name": name}
        client.post("/organisations/new/", sent)
    ways = Organisation.objects.filter(name="時計台珈琲").order_by("pk")
    assert [row.proved_how for row in ways] == ["gbizid", ""]


def test_whoever_has_a_prime_account_takes_over_a_firm_that_the_counter_made(
    world: World, client: Client, provider: type[Provider]
) -> None:
    number = str(PRIME["corporate_number"])
    made = Organisation.objects.create(
        kind="corporation", corporate_number=number, name="窓口で登録"
    )
    come_back(client, provider, **PRIME)
    sent = client.post("/organisations/new/", {"step": "1", "corporate_number": number})
    assert sent.url == f"/organisations/claims/new/?corporate_number={number}"  # type: ignore[attr-defined]
    client.post(sent.url, {"corporate_number": number, "matter": "belongs", "words": "代表です"})  # type: ignore[attr-defined]
    made.refresh_from_db()
    assert made.proved_how == "gbizid"
    assert [m.role for m in made.memberships.all()] == ["representative"]


# -- the letter -----------------------------------------------------------------------------------
def test_a_letter_is_asked_for_printed_posted_and_entered(
    world: World, client: Client, post: Post
) -> None:
    registered()
    organisation, page = firm(world.outsider), "/organisations/{}/proof/"
    page = page.format(organisation.pk)
    client.force_login(world.outsider)
    assert "北一条西２丁目１番地" in client.get(page).content.decode()
    assert client.post(page, {"letter": "ask"}).status_code == 302
    letter = ProofLetter.objects.get()
    code = code_of(world, letter)
    letters.posted([letter.pk], by=world.officer)
    letter.refresh_from_db()
    assert check_password(code.replace("-", ""), letter.code_hash)
    stored = str(list(ProofLetter.objects.values())) + str(list(Event.objects.values()))
    assert code.replace("-", "") not in stored
    told = next(mail for mail in post() if "発送しました" in mail.subject)
    assert code not in str(told.body)
    assert client.post(page, {"code": "ＸＸＸＸ－ＸＸＸＸ"}).status_code == 422
    typed = code.lower().replace("-", " ")
    assert client.post(page, {"code": typed}).status_code == 302
    organisation.refresh_from_db()
    assert (organisation.proved_how, organisation.proved_by) == ("letter", world.outsider)
    acts = Event.objects.filter(chain=f"organisation:{organisation.pk}").order_by("seq")
    assert [event.action for event in acts] == [
        "organisation.create",
        "letter.ask",
        "letter.print",
        "letter.post",
        "letter.miss",
        "letter.enter",
        "organisation.prove",
    ]


def test_a_letter_is_taken_back_and_asked_for_with_another_address(
    world: World, client: Client
) -> None:
    """Until it is printed; what never left does not count among the letters of the firm."""
    shop = people.create_organisation(
        by=world.outsider, kind="sole_proprietor", name="麦の店", address="札幌市中央区北一条西１"
    )
    page = f"/organisations/{shop.pk}/proof/"
    client.force_login(world.outsider)
    for _n in range(letters.MOST):
        client.post(page, {"letter": "ask"})
        assert "手紙を取りやめる" in one_line(client.get(page))
        shown = one_line(client.post(page, {"letter": "back"}, follow=True))
        assert "手紙を頼むのをやめました。所在地を直して、頼み直せます。" in shown
        assert f'href="/organisations/{shop.pk}/#id_address"' in shown
    assert not letters.to_print().exists()
    shop.address = "札幌市中央区北一条西２"
    shop.save()
    client.post(page, {"letter": "ask"})
    letter = letters.to_print().get()
    assert letter.address == "札幌市中央区北一条西２"
    code_of(world, letter)
    assert "手紙を取りやめる" not in one_line(client.get(page))
    late = client.post(page, {"letter": "back"})
    assert "手紙はもう印刷されたか、頼まれていません。" in one_line(late)
    letter.refresh_from_db()
    assert letter.ended_at is None


def test_the_address_of_a_letter_is_shown_with_its_postal_code(
    world: World, client: Client
) -> None:
    registered()
    organisation = firm(world.outsider)
    client.force_login(world.outsider)
    page = one_line(client.get(f"/organisations/{organisation.pk}/proof/"))
    assert "〒060-0001 北海道札幌市中央区北一条西２丁目１番地" in page


def test_a_sole_proprietor_without_an_address_is_led_to_enter_it(
    world: World, client: Client
) -> None:
    shop = people.create_organisation(by=world.outsider, kind="sole_proprietor", name="麦の店")
    page = f"/organisations/{shop.pk}/proof/"
    client.force_login(world.outsider)
    shown = one_line(client.get(page))
    assert "所在地を入力すると、そこに手紙を送れます。" in shown
    assert f'href="/organisations/{shop.pk}/#id_address"' in shown
    assert 'id="id_address"' in one_line(client.get(f"/organisations/{shop.pk}/"))
    for wrong in ("法人番号の公表サイト", "入力された所在地には送りません"):
        assert wrong not in shown
    Organisation.objects.filter(pk=shop.pk).update(country="カナダ", address="1 Main St")
    assert "国外の所在地には、手紙を送れません" in one_line(client.get(page))
    Organisation.objects.filter(pk=shop.pk).update(country="", prefecture="北海道")
    assert 'value="ask"' in one_line(client.get(page))


def asked(world: World) -> tuple[Organisation, ProofLetter]:
    registered()
    organisation = firm(world.outsider)
    return organisation, letters.ask(organisation, by=world.outsider)


def proved() -> None:
    raise AssertionError("the code was taken")


def test_five_wrong_codes_end_a_letter_and_the_right_one_comes_too_late(world: World) -> None:
    organisation, letter = asked(world)
    code = sent_code_of(world, letter)
    said = []
    for _n in range(5):
        with pytest.raises(NotReady) as error:
            letters.enter(letter, "AAAA-AAAA", by=world.outsider, then=proved)
        said += error.value.reasons
    assert said[0] == "番号が違います。あと4回入力できます。"
    assert "使えなくなりました" in said[-1]
    with pytest.raises(NotReady, match="もう使えません"):
        letters.enter(letter, code, by=world.outsider, then=proved)
    assert letters.ask(organisation, by=world.outsider).pk != letter.pk


def test_a_code_is_taken_until_its_last_day(world: World) -> None:
    _organisation, letter = asked(world)
    code = sent_code_of(world, letter)
    letter.refresh_from_db()
    assert letter.last_day is not None
    done: list[int] = []
    with (
        clock.at(simulation.at(letter.last_day + timedelta(days=1), 0)),
        pytest.raises(NotReady, match="もう使えません"),
    ):
        letters.enter(letter, code, by=world.outsider, then=proved)
    with clock.at(simulation.at(letter.last_day, 23)):
        letters.enter(letter, code, by=world.outsider, then=lambda: done.append(1))
    assert done == [1]


def test_printing_anew_makes_another_code_and_a_posted_letter_is_not_printed(
    world: World,
) -> None:
    _organisation, letter = asked(world)
    first, again = code_of(world, letter), code_of(world, letter)
    assert first != again
    letters.posted([letter.pk], by=world.officer)
    with pytest.raises(NotReady, match="番号が違います"):
        letters.enter(letter, first, by=world.outsider, then=proved)
    assert letters.print_out([letter.pk], by=world.officer) == []


def test_a_letter_that_was_not_printed_has_no_code(world: World) -> None:
    _organisation, letter = asked(world)
    with pytest.raises(NotReady, match="もう使えません"):
        letters.enter(letter, "", by=world.outsider, then=proved)
    assert letters.posted([letter.pk], by=world.officer) == 0


def test_only_who_asked_enters_the_code(world: World, second: User) -> None:
    organisation, letter = asked(world)
    organisation.memberships.create(user=second, role="representative")
    code = code_of(world, letter)
    with pytest.raises(Forbidden):
        letters.enter(letter, code, by=second, then=proved)


def test_strangers_do_not_use_up_the_letters_of_others(world: World, second: User) -> None:
    organisation, letter = asked(world)
    ProofLetter.objects.filter(pk=letter.pk).update(ended_at=clock.now())
    rows = [
        ProofLetter(
            organisation=organisation,
            person=world.outsider,
            name=letter.name,
            address=letter.address,
            asked_at=clock.now(),
            ended_at=clock.now(),
        )
        for _n in range(letters.MOST_OF_ALL)
    ]
    ProofLetter.objects.bulk_create(rows[: letters.MOST])
    with pytest.raises(NotReady, match="3通まで"):
        letters.ask(organisation, by=world.outsider)
    assert letters.may_ask(organisation, second) == []
    ProofLetter.objects.bulk_create(rows[letters.MOST :])
    assert "手紙が続いています" in letters.may_ask(organisation, second)[0]


def test_a_person_gets_three_letters_to_a_firm_in_ninety_days(world: World) -> None:
    organisation, letter = asked(world)
    for _n in range(2):
        ProofLetter.objects.filter(pk=letter.pk).update(ended_at=clock.now())
        letter = letters.ask(organisation, by=world.outsider)
    ProofLetter.objects.filter(pk=letter.pk).update(ended_at=clock.now())
    with pytest.raises(NotReady, match="3通まで"):
        letters.ask(organisation, by=world.outsider)
    with clock.at(clock.now() + timedelta(days=91)):
        assert letters.ask(organisation, by=world.outsider)


def test_a_letter_goes_to_the_registered_address_alone(world: World) -> None:
    organisation = firm(world.outsider)
    organisation.address = "北海道札幌市北区どこか1"
    organisation.save()
    with pytest.raises(NotReady, match="入力された所在地には送りません"):
        letters.ask(organisation, by=world.outsider)
    found = registered()
    assert letters.ask(organisation, by=world.outsider).address == found.address


def test_a_sole_proprietors_letter_goes_to_the_address_that_was_given(world: World) -> None:
    own = people.create_organisation(
        by=world.outsider, kind="sole_proprietor", name="珈琲", address="札幌市北区1-1"
    )
    assert letters.ask(own, by=world.outsider).address == "札幌市北区1-1"


def test_the_office_prints_a_pdf_and_another_marks_it_posted(world: World) -> None:
    _organisation, letter = asked(world)
    client = entered(world.officer)
    assert "株式会社登記のとおり" in client.get("/staff/firms/").content.decode()
    printed = client.post("/staff/firms/letters/print/", {"letter": [letter.pk]})
    assert printed["Content-Type"] == "application/pdf"
    assert printed["Cache-Control"] == "no-store"
    assert printed.content.startswith(b"%PDF")
    second = world.staff["second_officer"]
    for person in (world.officer, second):
        client.force_login(person)
        client.post("/staff/firms/letters/posted/", {"letter": [letter.pk]})
    letter.refresh_from_db()
    assert (letter.printed_by, letter.posted_by) == (world.officer, second)


def test_nobody_alone_prints_a_code_and_has_a_firm_proved_by_it(world: World) -> None:
    """Neither before the letter left the house, nor by saying so oneself."""
    _organisation, letter = asked(world)
    code = code_of(world, letter)
    with pytest.raises(NotReady, match="発送が、まだ記録されていません"):
        letters.enter(letter, code, by=world.outsider, then=proved)
    with pytest.raises(Forbidden, match="別の職員"):
        letters.posted([letter.pk], by=world.staff["second_officer"])
    letter.refresh_from_db()
    assert (letter.posted_at, letter.tries) == (None, 0)
    letters.posted([letter.pk], by=world.officer)
    done: list[int] = []
    letters.enter(letter, code, by=world.outsider, then=lambda: done.append(1))
    assert done == [1]


def test_a_code_is_printed_by_whoever_proved_again_who_they_are(
    world: World, client: Client
) -> None:
    _organisation, letter = asked(world)
    client.force_login(world.officer)
    answer = client.post("/staff/firms/letters/print/", {"letter": [letter.pk]})
    assert answer.status_code == 302
    letter.refresh_from_db()
    assert letter.printed_at is None


# -- an officer's check ---------------------------------------------------------------------------
def test_an_officer_checks_with_a_ground_and_the_people_hear_of_it(
    world: World, client: Client, post: Post
) -> None:
    organisation = firm(world.outsider)
    client.force_login(world.officer)
    page = f"/staff/firms/{organisation.pk}/"
    client.get(page)
    proofs.check(
        organisation,
        by=world.officer,
        ground="登記事項証明書を窓口で見た",
        kept=everybody(organisation),
    )
    organisation.refresh_from_db()
    assert (organisation.proved_how, organisation.proved_by, organisation.proof_ground) == (
        "officer",
        world.officer,
        "登記事項証明書を窓口で見た",
    )
    assert [mail.to for mail in post()] == [[world.outsider.email]]
    with pytest.raises(NotReady, match="済んでいます"):
        proofs.check(
            organisation, by=world.officer, ground="もう一度", kept=everybody(organisation)
        )


def test_an_officer_with_an_interest_checks_and_decides_nothing(world: World) -> None:
    application, person = world.draft()
    organisation = unprove(application)
    Interest.objects.create(person=world.officer, case=application.case, detail="親族")
    with pytest.raises(Forbidden):
        proofs.check(organisation, by=world.officer, ground="見た")
    claim = claims.make(organisation, by=world.outsider, matter="belongs", words="私の会社です")
    with pytest.raises(Forbidden):
        claims.decide(claim, Decision("hand_over", "見た"), by=world.officer)
    with pytest.raises(Forbidden):
        claims.decide(claim, Decision("hand_over", "見た"), by=person)


def test_a_check_without_ground_is_not_kept(world: World, client: Client) -> None:
    organisation = firm(world.outsider)
    with pytest.raises(Exception, match="accounts_checked_with_ground"):
        proofs.check(organisation, by=world.officer, ground="", kept=everybody(organisation))


# -- claims ---------------------------------------------------------------------------------------
def other(world: World) -> User:
    return world.staff["second_officer"]


def waited(row: FirmClaim | Passing) -> Passing:
    """The proposal of a decision, with the days of the representatives over."""
    assert isinstance(row, Passing)
    with without_triggers():
        Passing.objects.filter(pk=row.pk).update(answer_by=clock.today() - timedelta(days=1))
    return Passing.objects.get(pk=row.pk)


def passed(claim: FirmClaim, decision: Decision, world: World) -> FirmClaim:
    """Decided by two people of the office, after the wait."""
    return passing.confirm(
        waited(passing.decide(claim, decision, by=world.officer)), by=other(world)
    )


def claimed(world: World, second: User, matter: str = "belongs") -> FirmClaim:
    registered()
    return claims.make(firm(world.outsider), by=second, matter=matter, words="登記の代表者です")


def test_a_claimant_never_learns_who_holds_the_number(
    world: World, client: Client, second: User, post: Post
) -> None:
    registered()
    held = firm(world.outsider)
    client.force_login(second)
    sent = client.post(
        "/organisations/new/", {"step": "1", "corporate_number": NUMBER}, follow=True
    )
    pages = [sent.content.decode()]
    typed = {"corporate_number": NUMBER, "matter": "belongs", "words": "登記の代表者です"}
    pages.append(client.post("/organisations/claims/new/", typed, follow=True).content.decode())
    claim = FirmClaim.objects.get()
    claims.answer(claim, "わたしが外の人です", by=world.outsider)
    pages.append(client.get(f"/organisations/claims/{claim.pk}/").content.decode())
    claims.decide(claim, Decision("refuse", "書類が足りません"), by=world.officer)
    pages.append(client.get(f"/organisations/claims/{claim.pk}/").content.decode())
    pages += [str(mail.body) for mail in post() if mail.to == [second.email]]
    assert "書類が足りません" in pages[3]
    for page in pages:
        assert world.outsider.name not in page
        assert world.outsider.email not in page
    assert client.get(f"/organisations/{held.pk}/").status_code == 404
    assert client.get(f"/organisations/{held.pk}/proof/").status_code == 404


def test_both_sides_and_the_office_hear_of_a_claim_and_of_its_decision(
    world: World, second: User, post: Post
) -> None:
    claim = claimed(world, second)
    heard = {mail.to[0] for mail in post()}
    assert {second.email, world.outsider.email, world.officer.email} <= heard
    before = len(post())
    claims.decide(claim, Decision("hand_over", "証明書を見た"), by=world.officer)
    assert {mail.to[0] for mail in post()[before:]} == {second.email, world.outsider.email}


def test_strangers_by_the_dozen_fill_nobodys_mailbox(
    world: World, second: User, post: Post
) -> None:
    own = firm(world.outsider)
    for n in range(claims.MOST_TOLD + 2):
        by = User.objects.create_user(f"stranger{n}@firms.example", None, name=f"見知らぬ人{n}")
        claims.make(own, by=by, matter="belongs", words="私の会社です")
    told = [mail for mail in post() if world.outsider.email in mail.to]
    assert len(told) == claims.MOST_TOLD
    assert own.claims.filter(outcome="").count() == claims.MOST_TOLD + 2
    # each of them hears of their own, and the next day others of the next one
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        claims.make(own, by=second, matter="belongs", words="登記の代表者です")
    told = [mail for mail in post() if world.outsider.email in mail.to]
    assert len(told) == claims.MOST_TOLD + 1
    assert [mail for mail in post() if second.email in mail.to]


def live(organisation: Organisation) -> dict[str, str]:
    rows = Membership.objects.filter(organisation=organisation, left_at=None)
    return {row.user.email: row.role for row in rows.select_related("user")}


def test_a_firm_is_handed_over_with_everything_its_holder_had_let_in(
    world: World, second: User
) -> None:
    claim = claimed(world, second)
    organisation = claim.organisation
    secret = people.invite(
        organisation, email="third@firms.example", role="member", by=world.outsider
    )
    today = clock.today()
    adviser = world.people["adviser"]
    people.delegate(
        organisation, adviser=adviser, by=world.outsider, starts_on=today, ends_on=today
    )
    claims.decide(claim, Decision("hand_over", "証明書を見た"), by=world.officer)
    assert live(organisation) == {second.email: "representative"}
    third = User.objects.create_user("third@firms.example", None)
    with pytest.raises(NotReady):
        people.accept_invitation(secret, by=third)
    assert not adviser.delegations.filter(ends_on__gte=today).exists()
    organisation.refresh_from_db()
    assert (organisation.proved_how, organisation.proof_ground) == ("officer", "証明書を見た")
    acts = Event.objects.filter(chain=f"organisation:{organisation.pk}")
    assert {"claim.make", "claim.hand_over", "organisation.leave", "organisation.join"} <= {
        event.action for event in acts
    }


def left_by_representative(world: World, second: User) -> tuple[FirmClaim, User]:
    """A colleague says so; and another colleague."""
    registered()
    organisation = firm(world.outsider)
    organisation.memberships.create(user=second, role="member")
    third = User.objects.create_user("third@firms.example", None)
    organisation.memberships.create(user=third, role="member")
    return claims.make(organisation, by=second, matter="left", words="代表が退きました"), third


def test_of_a_firm_that_nobody_proved_no_colleague_stays_either(
    world: World, second: User, post: Post
) -> None:
    claim, third = left_by_representative(world, second)
    post()
    claims.decide(claim, Decision("hand_over", "証明書を見た"), by=world.officer)
    assert live(claim.organisation) == {second.email: "representative"}
    told = {mail.to[0] for mail in post() if "引き渡されました" in mail.subject}
    assert told == {world.outsider.email, third.email}


def test_where_a_representative_left_the_colleagues_stay(world: World, second: User) -> None:
    claim, third = left_by_representative(world, second)
    proving.prove(claim.organisation, "officer", by=world.officer, ground="x")
    passed(claim, Decision("hand_over", "証明書を見た"), world)
    organisation = claim.organisation
    assert live(organisation) == {second.email: "representative", third.email: "member"}


def test_a_claimant_may_be_added_beside_whoever_is_there(world: World, second: User) -> None:
    """Of a firm that is proved: what the claimant shows proves nobody else."""
    claim = claimed(world, second)
    proving.prove(claim.organisation, "letter", by=world.outsider)
    claims.decide(claim, Decision("add", "社員証を見た", role="member"), by=world.officer)
    assert live(claim.organisation) == {
        world.outsider.email: "representative",
        second.email: "member",
    }


@pytest.mark.parametrize("role", ["representative", "member"])
def test_nobody_is_added_beside_somebody_who_proved_nothing(
    world: World, client: Client, second: User, post: Post, role: str
) -> None:
    """The code of the true representative would prove whoever registered the number before."""
    claim = claimed(world, second)
    claims.shown(claim, "letter", by=second)
    client.force_login(world.officer)
    page = one_line(client.get(f"/staff/firms/claims/{claim.pk}/"))
    assert 'value="add"' not in page
    assert "事業者の確認を済ませていません" in page
    with pytest.raises(NotReady, match="加えることはできません"):
        claims.decide(claim, Decision("add", "手紙", role=role), by=world.officer)
    assert live(claim.organisation) == {world.outsider.email: "representative"}
    adviser = world.people["adviser"]
    today = clock.today()
    people.delegate(
        claim.organisation, adviser=adviser, by=world.outsider, starts_on=today, ends_on=today
    )
    post()
    claims.decide(claim, Decision("hand_over", "手紙"), by=world.officer)
    assert live(claim.organisation) == {second.email: "representative"}
    told = {mail.to[0] for mail in post() if "引き渡されました" in mail.subject}
    assert told == {world.outsider.email, adviser.email}


def test_an_adviser_of_people_long_gone_advises_no_firm_that_is_proved(
    world: World, second: User
) -> None:
    claim, adviser = claimed(world, second), world.people["adviser"]
    today = clock.today()
    people.delegate(
        claim.organisation, adviser=adviser, by=world.outsider, starts_on=today, ends_on=today
    )
    claim.organisation.memberships.update(left_at=clock.now())
    claims.shown(claim, "letter", by=second)
    assert live(claim.organisation) == {second.email: "representative"}
    assert not adviser.delegations.filter(ends_on__gte=today, organisation=claim.organisation)


def test_a_number_with_what_the_counter_typed_in_is_not_corrected_away(
    world: World,
) -> None:
    """The paper of the number's true firm would go with it, and be open to whoever was wrong."""
    application, person = world.draft()
    organisation = unprove(application)
    Case.objects.filter(pk=application.case_id).update(on_paper=True, is_draft=False)
    right = registered(fictitious(9002), "株式会社正しい番号")
    claim = claims.make(
        organisation, by=person, matter="number", words="誤り", right_number=right.number
    )
    decision = Decision("correct", "見た", number=right.number)
    with pytest.raises(NotReady, match="窓口で受け付けた申請"):
        claims.decide(claim, decision, by=world.officer)
    assert not Organisation.objects.get(pk=organisation.pk).is_proved


def test_a_letter_supports_a_claim_and_the_office_still_decides(
    world: World, client: Client, second: User
) -> None:
    claim = claimed(world, second)
    client.force_login(second)
    page = f"/organisations/claims/{claim.pk}/"
    client.post(page, {"letter": "ask"})
    code = sent_code_of(world, ProofLetter.objects.get())
    assert client.post(page, {"code": code}).status_code == 302
    claim.refresh_from_db()
    assert (claim.proved_how, claim.is_open) == ("letter", True)
    assert live(claim.organisation) == {world.outsider.email: "representative"}


def test_a_wrong_number_is_corrected_to_what_is_registered(world: World, second: User) -> None:
    application, person = world.draft()
    organisation = application.case.organisation
    right = registered(fictitious(9002), "株式会社正しい番号")
    claim = claims.make(
        organisation, by=person, matter="number", words="打ちまちがい", right_number=right.number
    )
    passed(claim, Decision("correct", "証明書を見た", number=right.number), world)
    organisation.refresh_from_db()
    assert (organisation.corporate_number, organisation.name) == (right.number, right.name)
    assert organisation.proved_how == "officer"
    with pytest.raises(Forbidden):
        claims.make(organisation, by=second, matter="number", words="他人")


def test_a_number_that_another_firm_has_is_not_taken_by_a_correction(
    world: World, second: User
) -> None:
    held = firm(second)
    organisation = firm(world.outsider, fictitious(9003))
    claim = claims.make(
        organisation, by=world.outsider, matter="number", words="誤り", right_number=NUMBER
    )
    with pytest.raises(NotReady, match="ほかの事業者"):
        claims.decide(claim, Decision("correct", "見た", number=NUMBER), by=world.officer)
    assert Organisation.objects.get(corporate_number=NUMBER) == held
    claim.refresh_from_db()
    assert claim.is_open


def test_a_decided_claim_is_over_and_one_person_has_one_open_claim(
    world: World, second: User
) -> None:
    claim = claimed(world, second)
    with pytest.raises(NotReady):
        claims.make(claim.organisation, by=second, matter="belongs", words="もう一度")
    claims.withdraw(claim, by=second)
    with pytest.raises(Stale):
        claims.decide(claim, Decision("hand_over", "見た"), by=world.officer)
    assert claims.make(claim.organisation, by=second, matter="belongs", words="もう一度")


def test_the_desk_decides_on_a_page_that_shows_both_sides(
    world: World, client: Client, second: User
) -> None:
    claim = claimed(world, second)
    claims.answer(claim, "創業者です", by=world.outsider)
    client.force_login(world.officer)
    page = f"/staff/firms/claims/{claim.pk}/"
    shown = client.get(page).content.decode()
    for said in ("登記の代表者です", "創業者です", second.email, world.outsider.email):
        assert said in shown
    typed = {"outcome": "hand_over", "role": "representative", "ground": "証明書を見た"}
    asked_again = client.post(page, typed)
    assert asked_again.url.startswith("/accounts/reauthenticate/")  # type: ignore[attr-defined]
    client.post(asked_again.url, {"password": demo.PASSWORD, "next": page})  # type: ignore[attr-defined]
    assert live(claim.organisation) == {second.email: "representative"}


# -- what is registered ---------------------------------------------------------------------------
def test_a_registered_name_and_address_are_not_typed(world: World, client: Client) -> None:
    found = registered()
    client.force_login(world.outsider)
    sent = {"step": "2", "corporate_number": NUMBER, "name": "別の名前", "address": "別の所"}
    client.post("/organisations/new/", sent)
    organisation = Organisation.objects.get(corporate_number=NUMBER)
    assert (organisation.name, organisation.address) == (found.name, found.address)
    page = f"/organisations/{organisation.pk}/"
    assert re.search(r'name="name"[^>]*disabled', one_line(client.get(page)))
    client.post(page, {"name": "乗っ取り", "address": "別の所", "phone": "011-000-0000"})
    organisation.refresh_from_db()
    assert (organisation.name, organisation.phone) == (found.name, "011-000-0000")


def test_an_application_takes_the_registered_name_too(world: World) -> None:
    application, person = world.draft()
    found = registered(application.case.organisation.corporate_number or "")
    done = submit.submit(application, by=person)
    version = done.last_version
    assert version is not None
    said = version.content["organisation"]
    assert (said["name"], said["address"]) == (found.name, found.address)


def test_what_the_registry_lacks_is_said(world: World, client: Client) -> None:
    organisation = firm(world.outsider)
    client.force_login(world.outsider)
    for page in (f"/organisations/{organisation.pk}/", f"/organisations/{organisation.pk}/proof/"):
        assert "手元の公開情報に見つかりません" in client.get(page).content.decode()


# -- who the firm is ------------------------------------------------------------------------------
def record_of(organisation: Organisation, client: Client) -> Given:
    """What the page of the firm shows, as its form sends it."""
    form = client.get(f"/organisations/{organisation.pk}/").context["form"]
    sent = {name: form[name].value() for name in form.fields if name != "established_on"}
    return {name: value for name, value in sent.items() if value not in (None, False)}


@pytest.mark.parametrize(("role", "says"), [("member", False), ("representative", True)])
def test_only_a_representative_says_who_the_firm_is(
    world: World, client: Client, role: str, says: bool
) -> None:
    application, person = world.draft()
    firm = unprove(application)  # who a proved firm is, an officer looks at: test_identity.py
    firm.corporate_number = None  # nothing of it is held as registered
    firm.save()
    firm.memberships.filter(user=person).update(role=role)
    client.force_login(person)
    typed = {"name": "別の会社", "representative_name": "別の人", "address": "別の所"}
    sent = record_of(firm, client) | typed | {"phone": "011-555-0142"}
    assert client.post(f"/organisations/{firm.pk}/", sent).status_code == 302
    now = Organisation.objects.get(pk=firm.pk)
    kept = (firm.name, firm.representative_name, firm.address)
    assert (now.name, now.representative_name, now.address) == (
        tuple(typed.values()) if says else kept
    )
    assert now.phone.replace("-", "") == "0115550142"


def test_every_page_says_that_the_letter_is_on_its_way(world: World, client: Client) -> None:
    application, person = world.draft()
    shop = unprove(application)
    Organisation.objects.filter(pk=shop.pk).update(
        kind="sole_proprietor", address="札幌市中央区北一条西2", country=""
    )
    client.force_login(person)
    number = application.case.number
    pages = ("/my/", f"/apply/{number}/", f"/organisations/{shop.pk}/")
    for page in pages:
        assert "早めに始めてください" in one_line(client.get(page))
    letter = letters.ask(Organisation.objects.get(pk=shop.pk), by=person)
    for page in pages:
        shown = one_line(client.get(page))
        assert "に頼んであります。届くまで1週間ほどお待ちください。" in shown
        assert "早めに始めてください" not in shown
    proof = one_line(client.get(f"/organisations/{shop.pk}/proof/"))
    assert "早めに頼んでください" not in proof
    assert "市が手紙を印刷すると、このページに番号の欄が出ます。" in proof
    assert "このページで、手紙の番号を入力する。" in proof
    sent_code_of(world, letter)
    assert "に発送しました。届いたら、手紙の番号を入力してください。" in one_line(
        client.get("/my/")
    )


def test_where_no_letter_can_go_the_counter_is_named_and_stands_first(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    shop = unprove(application)
    Organisation.objects.filter(pk=shop.pk).update(kind="corporation", corporate_number=NUMBER)
    client.force_login(person)
    number = application.case.number
    pages = ("/my/", f"/apply/{number}/", f"/apply/{number}/review/", f"/organisations/{shop.pk}/")
    for page in pages:
        shown = one_line(client.get(page))
        assert "確認の手紙を送れないので、窓口で確認を受けてください。" in shown, page
        assert "1週間ほど" not in shown, page
    proof = one_line(client.get(f"/organisations/{shop.pk}/proof/"))
    assert "次の方法で確かめます" in proof
    assert "1週間ほど" not in proof
    assert proof.index('id="way-counter"') < proof.index('id="way-letter"')
    assert "確認の手紙は使えません" in proof
    registered()
    for page in pages:
        shown = one_line(client.get(page))
        assert "手紙での確認は1週間ほどかかるので、早めに始めてください。" in shown, page
    proof = one_line(client.get(f"/organisations/{shop.pk}/proof/"))
    assert proof.index('id="way-letter"') < proof.index('id="way-counter"')
