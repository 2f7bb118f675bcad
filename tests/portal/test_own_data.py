"""Everybody reads what the portal keeps of them, and of nobody else."""

import json
import time

import pytest
from django.test import Client

from grants.programmes.models import Programme
from portal.accounts import demo
from portal.accounts.models import FormerAddress, Membership, SignIn
from portal.clock import now
from portal.correspondence.models import Message
from portal.documents.models import Document
from portal.workflow.door import begin, perform
from startups.concierge.models import Consultation
from tests.conftest import World


def copy_of(client: Client) -> dict[str, list[dict[str, str]]]:
    session = client.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time(), "reauthenticated": True}
        for method in ("password", "mfa")
    ]
    session.save()
    found: dict[str, list[dict[str, str]]] = json.loads(client.get("/my-data/copy.json").content)
    return found


def test_the_file_holds_what_is_kept_of_the_person(world: World, client: Client) -> None:
    application, person = world.submitted()
    FormerAddress.objects.create(person=person, email="former@example.com")
    SignIn.objects.create(person=person, network="192.0.2.1", how="password", worked=True)
    Message.objects.create(
        case=application.case, side="applicant", author=person, body="お尋ねします"
    )
    begin(Consultation, by=person, kind="pitch", title="雪の重さを量る", text="x")
    client.force_login(person)
    copy = copy_of(client)
    assert [row["件名"] for row in copy["相談と提案"]] == ["雪の重さを量る"]
    account = {row["項目"]: row["内容"] for row in copy["登録"]}
    assert account["お名前"] == person.name
    assert account["以前のメールアドレス"] == "former@example.com"
    assert copy["事業者との関わり"][0]["事業者"] == application.case.organisation.name
    assert "192.0.2.1" in [row["場所（ネットワーク）"] for row in copy["ログインの記録"]]
    assert [row["内容"] for row in copy["書いたメッセージ"]] == ["お尋ねします"]
    names = set(Document.objects.filter(uploaded_by=person).values_list("name", flat=True))
    assert {row["名前"] for row in copy["送った書類"]} == names != set()


def test_nothing_of_a_case_that_the_person_no_longer_sees(world: World, client: Client) -> None:
    application, person = world.submitted()
    Message.objects.create(case=application.case, side="applicant", author=person, body="秘密の話")
    Membership.objects.filter(user=person).update(left_at=now())
    client.force_login(person)
    copy = copy_of(client)
    assert "書いたメッセージ" not in copy
    assert "送った書類" not in copy


def test_nothing_that_the_office_wrote_or_somebody_else(world: World, client: Client) -> None:
    application, person = world.submitted()
    perform(application, "withdraw", by=person)
    for author, side in ((world.officer, "office"), (world.outsider, "applicant")):
        Message.objects.create(case=application.case, side=side, author=author, body="他人の文")
    client.force_login(person)
    assert "他人の文" not in json.dumps(copy_of(client), ensure_ascii=False)
    client.force_login(world.officer)
    assert "書いたメッセージ" not in copy_of(client)


def test_the_file_asks_anew_who_it_is(world: World, client: Client) -> None:
    world.outsider.set_password(demo.PASSWORD)
    world.outsider.save()
    client.force_login(world.outsider)
    answer = client.get("/my-data/copy.json")
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]


def test_a_long_table_says_that_the_file_has_all(world: World, client: Client) -> None:
    SignIn.objects.bulk_create(
        SignIn(person=world.outsider, network="192.0.2.1", how="password", worked=True)
        for _n in range(60)
    )
    client.force_login(world.outsider)
    page = client.get("/my-data/").content.decode()
    assert "50件を示しています" in page
    assert len(copy_of(client)["ログインの記録"]) >= 60


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("page", ["privacy", "terms", "accessibility", "contact"])
def test_what_the_portal_says_of_itself_is_open_to_all(
    world: World, client: Client, language: str, page: str
) -> None:
    answer = client.get(f"{language}/about/{page}/")
    assert answer.status_code == 200
    assert client.get(f"{language}/about/nothing/").status_code == 404


def test_whom_to_ask_is_said_of_each_programme(world: World, client: Client) -> None:
    page = client.get("/about/contact/").content.decode()
    stated = Programme.objects.get(code="telework").stated
    assert stated.phone in page
    assert f">{stated.office.ja}<" in page
    english = client.get("/en/about/contact/").content.decode()
    assert f">{stated.office.en}<" in english
