"""A correction, remark by remark: changed, answered in words, or untouched; and an account that is declared anew."""

from datetime import timedelta

import pytest
from django.test import Client

from grants.applications import correcting, drafts, formal, submit
from grants.applications.models import Application
from grants.payments.accounts import BankAccount
from portal import clock
from portal.accounts.models import User
from portal.correspondence.models import Mail
from portal.documents import archive, dossier
from portal.documents.models import Document
from portal.notices.models import Notice
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.errors import NotReady
from tests.conftest import World, check_files, set_costs
from tests.grants.test_payments import confirmed
from tests.markup import one_line
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach


def returned(world: World, *parts: str) -> tuple[Application, User]:
    application, person = world.submitted()
    for part in parts:
        formal.raise_defect(
            application,
            by=world.officer,
            part=part,
            part_label=part,
            cite="要綱 第6条",
            text=f"{part}を直してください",
        )
    return perform(application, "return_for_correction", by=world.officer), person


def typed(application: Application, person: User, key: str, **change: str) -> None:
    section = drafts.stored(application, key)
    assert section is not None
    drafts.save(
        application, key, section.data | change, by=person, page=drafts.Page(section.version)
    )


def states(application: Application) -> dict[str, str]:
    return {remark.defect.part: remark.state for remark in correcting.remarks(application)}


def test_a_request_for_correction_is_read_before_it_goes_out(world: World, client: Client) -> None:
    application, _person = world.submitted()
    formal.raise_defect(
        application,
        by=world.officer,
        part="plan.title",
        part_label="事業の名称",
        cite="要綱 第6条",
        text="名称を直してください",
    )
    client.force_login(world.officer)
    address = f"/do/application/{application.pk}/return_for_correction/"
    sent = {"seen": str(Application.objects.get(pk=application.pk).version), "key": "k"}
    stood = (Mail.objects.count(), Notice.objects.count())
    looked = one_line(client.post(address, sent | {"look": "1"}))
    for words in ("送られる文面（まだ送られていません）", "申請者の代表者", "名称を直してください"):
        assert words in looked
    assert (Mail.objects.count(), Notice.objects.count()) == stood
    assert Application.objects.get(pk=application.pk).state == "submitted"
    assert client.post(address, sent).status_code == 302
    assert Application.objects.get(pk=application.pk).state == "returned"


def test_only_what_was_touched_counts_as_answered(world: World) -> None:
    application, person = returned(world, "plan.title", "organisation.address", "contact")
    assert set(states(application).values()) == {"untouched"}
    typed(application, person, "plan", title="在宅勤務の導入")
    correcting.answer(application, 2, "登記のとおりです。", by=person)
    assert states(application) == {
        "plan.title": "changed",
        "organisation.address": "answered",
        "contact": "untouched",
    }
    with pytest.raises(NotReady, match="指摘が1件残っています"):
        submit.submit(application, by=person)
    typed(application, person, "contact", name="三上 健")
    application = submit.submit(application, by=person)
    assert states(application) == {
        "plan.title": "changed",
        "organisation.address": "answered",
        "contact": "changed",
    }
    assert application.defects.filter(answered_at=None).count() == 0


def test_resubmitting_unchanged_is_refused_and_the_section_is_not_done(
    world: World, client: Client
) -> None:
    application, person = returned(world, "plan.title")
    found = {task.key: task.state for task in correcting.tasks(application)}
    assert (found["plan"], found["review"]) == ("remark", "locked")
    with pytest.raises(NotReady):
        submit.submit(application, by=person)
    assert Application.objects.get(pk=application.pk).state == "returned"
    client.force_login(person)
    page = client.get(f"/apply/{application.case.number}/").content.decode()
    assert "指摘あり" in page
    assert "まだそのままです" in page


def test_a_remark_sent_again_wants_a_new_answer(world: World) -> None:
    application, person = returned(world, "plan.title")
    typed(application, person, "plan", title="在宅勤務の導入")
    application = perform(
        submit.submit(application, by=person), "return_for_correction", by=world.officer
    )
    assert states(application) == {"plan.title": "untouched"}


def test_files_and_cost_items_are_compared_by_what_they_are(world: World) -> None:
    application, person = world.submitted()
    document = Document.objects.live().filter(case=application.case).first()
    assert document is not None
    for part in (f"documents.{document.key}", "costs.items.1"):
        formal.raise_defect(
            application, by=world.officer, part=part, part_label=part, cite="x", text="x"
        )
    application = perform(application, "return_for_correction", by=world.officer)
    attach(application.case, key=document.key, name="直した.pdf", data=paper("mended"), by=person)
    assert states(application) == {
        f"documents.{document.key}": "changed",
        "costs.items.1": "untouched",
    }
    set_costs(application, person, 1_234_000)
    assert states(application)["costs.items.1"] == "changed"


def test_the_remark_stands_beside_its_field(world: World, client: Client) -> None:
    application, person = returned(world, "plan.title")
    client.force_login(person)
    page = client.get(f"/apply/{application.case.number}/plan/").content.decode()
    assert page.index("plan.titleを直してください") < page.index('name="title"')


def test_a_change_of_the_aid_is_said_before_sending_and_to_the_officer(
    world: World, client: Client
) -> None:
    application, person = returned(world, "plan.title")
    before = application.requested_amount or 0
    typed(application, person, "plan", title="在宅勤務の導入")
    set_costs(
        application, person, *[item["amount"] // 2 for item in drafts.cost_items(application)]
    )
    after = drafts.aid(application).amount
    assert after != before
    client.force_login(person)
    page = client.get(f"/apply/{application.case.number}/review/").content.decode()
    assert f"{before:,}円から{after:,}円に変わります" in page
    assert "指摘のほかに変わったところ" in page
    submit.submit(application, by=person)
    client.force_login(world.officer)
    page = client.get(application.case.get_absolute_url()).content.decode()
    assert f"{before:,}円から{after:,}円に変わりました" in page
    assert "指摘のほかに変わったところ" in page
    assert "直したとの返答" not in page


def test_the_officer_sees_what_became_of_each_remark(world: World, client: Client) -> None:
    application, person = returned(world, "plan.title", "organisation.address")
    typed(application, person, "plan", title="在宅勤務の導入")
    client.force_login(person)
    answer = {"text": "登記のとおりです。"}
    assert client.post(f"/apply/{application.case.number}/remarks/2/", answer).status_code == 302
    submit.submit(application, by=person)
    client.force_login(world.officer)
    page = one_line(client.get(application.case.get_absolute_url()))
    assert "<ins>在宅勤務の導入</ins>" in page
    assert "登記のとおりです。" in page
    assert page.count("申請者の答え") == 1


def test_overdue_is_said_first_on_every_page_of_the_correction(
    world: World, client: Client
) -> None:
    application, person = returned(world, "plan.title")
    client.force_login(person)
    number = application.case.number
    assert application.correct_by is not None
    with clock.at(clock.now() + timedelta(days=40)):
        for where in (
            f"/apply/{number}/",
            f"/apply/{number}/review/",
            f"/apply/{number}/plan/",
            application.case.get_absolute_url(),
        ):
            page = client.get(where).content.decode()
            assert "を過ぎました" in page
            assert "あと-" not in page
            assert application.call.stated.phone in page
        assert 'name="truth"' not in client.get(f"/apply/{number}/review/").content.decode()


@pytest.mark.parametrize("page", ["", "plan/", "documents/", "review/", "officers/"])
def test_pages_of_a_submitted_draft_say_so_and_where_it_is(
    world: World, client: Client, page: str
) -> None:
    application, person = world.submitted()
    client.force_login(person)
    found = client.get(f"/apply/{application.case.number}/{page}")
    assert found.status_code == 200
    assert "すでに提出しています" in found.content.decode()
    assert application.case.get_absolute_url() in found.content.decode()
    again = client.post(f"/apply/{application.case.number}/{page}", {"title": "x"})
    assert again.status_code == 409
    client.force_login(world.outsider)
    assert client.get(f"/apply/{application.case.number}/{page}").status_code == 404


def test_a_conflict_names_the_control_not_its_key(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    typed(application, person, "plan", title="ほかの人の名前")
    page = client.post(
        f"/apply/{application.case.number}/plan/",
        {"version": "0", "editor": "other", "title": "わたしの名前"},
    )
    text = one_line(page)
    assert page.status_code == 409
    assert "<dt>事業の名称</dt>" in text
    assert "<dt>title</dt>" not in text


def declared(person: User, **change: str) -> BankAccount:
    firm = person.memberships.get().organisation
    given: Given = {
        "bank_code": "0116",
        "branch_code": "101",
        "kind": "1",
        "number": "1234567",
        "holder": firm.name,
        "holder_kana": "アオバ",
    }
    return begin(BankAccount, by=person, organisation=firm, **(given | change))


def test_a_mistyped_account_is_declared_anew_before_it_is_confirmed(world: World) -> None:
    _application, person = world.submitted()
    wrong = declared(person, number="1234568")
    right = declared(person)
    assert (BankAccount.objects.get(pk=wrong.pk).state, right.state) == ("replaced", "declared")
    confirmed(world, right)


def test_finance_refuses_an_account_with_a_reason_that_the_firm_reads(
    world: World, client: Client
) -> None:
    _application, person = world.submitted()
    firm = person.memberships.get().organisation
    refused = perform(
        declared(person), "refuse", by=world.staff["accountant"], reason="名義が申請者と違います。"
    )
    assert (refused.state, refused.refusal) == ("refused", "名義が申請者と違います。")
    client.force_login(person)
    page = client.get(f"/organisations/{firm.pk}/account/", follow=True).content.decode()
    assert (
        "名義が申請者と違います。" in page or "パスワード" in page
    )  # the account's page asks again who one is
    again = declared(person, number="7654321")
    assert (BankAccount.objects.get(pk=refused.pk).state, again.state) == ("replaced", "declared")


def removal(application: Application, document: Document) -> str:
    return f"/apply/{application.case.number}/documents/{document.pk}/remove/"


def test_what_was_handed_in_stays_with_the_office_when_the_applicant_takes_it_out(
    world: World, client: Client
) -> None:
    application, person = returned(world, "plan.title")
    check_files()
    document = application.case.documents.filter(frozen=True).first()
    assert document is not None
    later = attach(application.case, key="other", name="新.pdf", data=paper("new"), by=person)
    check_files()
    client.force_login(person)
    for taken_out in (document, later):
        assert client.post(removal(application, taken_out)).status_code == 302
        assert client.get(f"/documents/{taken_out.pk}/").status_code == 404
    assert document not in correcting.live_documents(application)
    client.force_login(world.officer)
    assert client.get(f"/documents/{later.pk}/").status_code == 404  # nobody received it
    viewer = client.get(f"/documents/{document.pk}/")
    assert (viewer.status_code, "以前の版" in viewer.content.decode()) == (200, True)
    assert client.get(f"/documents/{document.pk}/original").status_code == 200
    page = client.get(f"/cases/{application.case.number}/").content.decode()
    assert "以前の版" in page
    assert f"/documents/{document.pk}/" in page
    names = [name for name, _read in archive.files(application.case, world.officer)]
    assert f"documents/earlier/{document.key}_{document.download_name}" in names
    assert not [
        name for name, _read in archive.files(application.case, person) if "earlier" in name
    ]
    bound = [paper.title for paper in dossier.papers(application.case, world.officer)]
    assert f"{document.name}（以前の版）" in bound


def test_nothing_is_taken_out_of_a_draft_that_is_late_or_closed(
    world: World, client: Client
) -> None:
    application, person = returned(world, "plan.title")
    Application.objects.filter(pk=application.pk).update(correct_by=clock.today())
    document = Document.objects.live().filter(case=application.case).first()
    assert document is not None
    path = removal(application, document)
    with clock.at(clock.now() + timedelta(days=1)):
        client.force_login(person)
        late = client.post(path, follow=True).content.decode()
    assert "補正の期限を過ぎている" in late
    assert Document.objects.live().filter(pk=document.pk).exists()
    Application.objects.filter(pk=application.pk).update(state="submitted")
    with pytest.raises(NotReady, match="すでに提出"):  # handed in while the press was on its way
        correcting.take_out(application, document, by=person)
    Application.objects.filter(pk=application.pk).update(state="returned")
    correcting.take_out(application, document, by=person)
    assert not Document.objects.live().filter(pk=document.pk).exists()


def test_an_answer_counts_whatever_the_clock_said_when_the_remark_went_out(world: World) -> None:
    """It stood a day ahead for a moment: the answer of a minute later was before the remark by its
    words, and nobody could hand in until the next day.
    """
    application, person = world.submitted()
    said = {
        "part": "organisation.name",
        "part_label": "名称",
        "cite": "要綱 第3条",
        "text": "登記名に",
    }
    formal.raise_defect(application, by=world.officer, **said)
    with clock.at(clock.now() + timedelta(days=1)):
        application = perform(application, "return_for_correction", by=world.officer)
    correcting.answer(application, 1, "登記のとおりです。", by=person)
    application = submit.submit(application, by=person)
    assert application.state == "submitted"


def test_an_answer_written_ahead_of_time_is_none_to_a_remark_that_goes_out_again(
    world: World,
) -> None:
    application, person = world.submitted()
    said = {
        "part": "organisation.name",
        "part_label": "名称",
        "cite": "要綱 第3条",
        "text": "登記名に",
    }
    formal.raise_defect(application, by=world.officer, **said)
    application = perform(application, "return_for_correction", by=world.officer)
    with clock.at(clock.now() + timedelta(days=1)):
        correcting.answer(application, 1, "登記のとおりです。", by=person)
        application = submit.submit(application, by=person)
    application = perform(application, "return_for_correction", by=world.officer)
    with pytest.raises(NotReady, match="指摘が1件残っています"):
        submit.submit(application, by=person)
