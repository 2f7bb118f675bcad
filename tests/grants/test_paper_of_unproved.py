"""What the counter types in for a firm that nobody proved is closed to whoever registered its number."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from grants.applications import discarding, drafts, submit
from grants.applications.models import Application
from portal import clock
from portal.accounts import people, proving
from portal.accounts.models import Organisation, User
from portal.accounts.permissions import Applicant
from portal.cases.models import Case
from portal.correspondence import reminders, talk
from portal.documents.models import Document
from portal.workflow.door import begin
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World, check_files
from tests.grants.test_counter import paper
from tests.markup import one_line
from tools.demonstration import simulation

Post = Callable[[], list[EmailMessage]]


@pytest.fixture
def typed(world: World, client: Client, post: Post) -> Application:
    """Somebody registered a number; the true firm comes to the counter with its paper."""
    held, person = simulation.organisation(world.sim)
    Organisation.objects.filter(pk=held.pk).update(
        proved_how="", proved_at=None, proved_by=None, proof_ground=""
    )
    held.memberships.filter(user=person).update(user=world.outsider)
    member = User.objects.create_user("member@firms.example", None, name="社員")
    held.memberships.create(user=member, role="member")
    adviser = User.objects.create_user("adviser@firms.example", None, name="代理人")
    today = clock.today()
    people.delegate(held, adviser=adviser, by=world.outsider, starts_on=today, ends_on=today)
    post()
    client.force_login(world.officer)
    sent = paper(world, clock.now() - timedelta(hours=1)) | {
        "corporate_number": str(held.corporate_number)
    }
    assert client.post("/staff/paper/", sent).status_code == 302
    application = Application.objects.get(case__organisation=held)
    simulation.fill(world.sim, application, world.officer, complete=True)
    check_files()
    return application


def strangers(world: World) -> list[User]:
    others = User.objects.filter(email__in=["member@firms.example", "adviser@firms.example"])
    return [world.outsider, *others]


def pages(application: Application) -> list[str]:
    number = application.case.number
    files = Document.objects.filter(case=application.case)
    return [
        f"/cases/{number}/",
        f"/apply/{number}/",
        f"/apply/{number}/contact/",
        f"/apply/{number}/documents/",
        f"/apply/{number}/review/",
        f"/apply/{number}/discard/",
        *[f"/documents/{file.pk}/original" for file in files],
        *[f"/documents/{file.pk}/" for file in files],
    ]


def test_who_registered_the_number_neither_sees_writes_nor_erases_it(
    world: World, client: Client, typed: Application
) -> None:
    before = typed.sections.get(key="contact").data
    for person in strangers(world):
        client.force_login(person)
        assert {client.get(page).status_code for page in pages(typed)} == {404}
        sent = {"email": "thief@evil.example", "name": "x"}
        assert client.post(pages(typed)[2], sent).status_code == 404
        assert client.post(pages(typed)[5], {"is_sure": "on"}).status_code == 404
        assert typed.case.number not in client.get("/my/").content.decode()
        assert Applicant().reasons(person, typed) == ["この申請をした方ではありません。"]
        with pytest.raises(Forbidden):
            discarding.discard(typed, by=person)
    assert typed.sections.get(key="contact").data == before


def test_nothing_is_mailed_to_them_before_it_is_proved(
    world: World, typed: Application, post: Post
) -> None:
    done = submit.submit(typed, by=world.officer)
    talk.write(done.case, body="連絡", by=world.officer)
    done.case.turns.create(
        side="applicant", what="x", due_on=clock.today() + timedelta(days=3), since=clock.now()
    )
    reminders.remind()
    to = {address for mail in post() for address in mail.to}
    assert to.isdisjoint({person.email for person in strangers(world)})
    proving.prove(done.case.organisation, "officer", by=world.officer, ground="見た")
    fresh = Case.objects.get(pk=done.case_id)
    talk.write(fresh, body="連絡", by=world.officer)
    assert {person.email for person in strangers(world)} <= {a for m in post() for a in m.to}


def test_once_it_is_proved_its_people_read_it_and_still_do_not_erase_it(
    world: World, client: Client, typed: Application
) -> None:
    proving.prove(typed.case.organisation, "officer", by=world.officer, ground="見た")
    page, erase = f"/apply/{typed.case.number}/", f"/apply/{typed.case.number}/discard/"
    client.force_login(world.outsider)
    shown = client.get(page)
    assert (shown.status_code, erase in shown.content.decode()) == (200, False)
    sure = {"is_sure": "on", "seen": typed.version}
    assert client.post(erase, sure).status_code == 403
    client.force_login(world.officer)
    assert erase in client.get(page).content.decode()
    assert client.post(erase, sure).status_code == 302


def test_the_counter_reads_that_nobody_proved_who_holds_the_number(
    world: World, client: Client, typed: Application
) -> None:
    client.force_login(world.officer)
    page, said = (
        f"/apply/{typed.case.number}/",
        "この法人番号は、確認の済んでいない方が登録しています",
    )
    shown = one_line(client.get(page))
    assert said in shown
    assert f'href="/staff/firms/{typed.case.organisation_id}/"' in shown
    assert world.outsider.name not in shown
    proving.prove(typed.case.organisation, "officer", by=world.officer, ground="見た")
    assert said not in one_line(client.get(page))


def test_a_strangers_draft_and_the_paper_do_not_stop_each_other(
    world: World, client: Client, typed: Application
) -> None:
    """Nor does either learn of the other; once the firm is proved, one of them is handed in."""
    held = typed.case.organisation
    client.force_login(world.outsider)
    call = typed.call
    begun = client.post(f"/programmes/{call.code}/apply/", {"organisation": held.pk})
    own = Application.objects.filter(case__organisation=held, case__on_paper=False).get()
    assert begun["Location"].startswith(f"/apply/{own.case.number}/")
    with pytest.raises(NotReady, match="すでに申請があります"):
        begin(Application, by=world.outsider, call=call, organisation=held)
    client.force_login(world.officer)
    again = paper(world, clock.now() - timedelta(hours=1)) | {
        "corporate_number": str(held.corporate_number)
    }
    assert client.post("/staff/paper/", again).status_code == 422  # its first paper is there
    proving.prove(held, "officer", by=world.officer, ground="見た")
    own = Application.objects.get(pk=own.pk)
    own.sections.all().delete()  # what its beginning took from the record; all is typed anew here
    simulation.fill(world.sim, own, world.outsider, complete=True)
    check_files()
    submit.submit(typed, by=world.officer)
    with pytest.raises(NotReady, match="すでに申請があります"):
        submit.submit(own, by=world.outsider)


def test_an_account_that_the_counter_declared_is_not_shown_to_them(
    world: World, client: Client, typed: Application
) -> None:
    held = Organisation.objects.get(pk=typed.case.organisation_id)
    held.bank_accounts.create(
        bank_code="0116",
        branch_code="101",
        kind="1",
        number="1234567",
        holder="本当の会社",
        holder_kana="ホントウ",
        state="declared",
    )
    client.force_login(world.outsider)
    page = client.get(f"/organisations/{held.pk}/account/", follow=True).content.decode()
    assert "本当の会社" not in page


def test_what_the_paper_says_of_its_firm_is_not_written_into_their_record(
    world: World, typed: Application
) -> None:
    section = typed.sections.get(key="organisation")
    section.data |= {"representative_name": "本当の 代表", "address": "本当の所1丁目"}
    section.save()
    drafts.learn(typed, by=world.officer)
    submit.submit(Application.objects.get(pk=typed.pk), by=world.officer)
    kept = Organisation.objects.get(pk=typed.case.organisation_id)
    assert "本当の" not in f"{kept.representative_name}{kept.address}"
    kept.memberships.update(left_at=clock.now())  # nobody reads it there: nothing is typed twice
    drafts.learn(Application.objects.get(pk=typed.pk), by=world.officer)
    kept.refresh_from_db()
    assert kept.representative_name == "本当の 代表"
