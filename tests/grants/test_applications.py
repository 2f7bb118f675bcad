"""The draft, the submission, the formal check."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from grants.applications import (
    comparing,
    correcting,
    drafts,
    formal,
    inquiring,
    instead,
    officer_list,
    rules,
    submit,
)
from grants.applications.content import Officer, Sum
from grants.applications.models import Application, ApplicationVersion, OfficerList
from grants.applications.task_list import tasks
from grants.programmes import loading
from grants.programmes.parameters import read
from portal import clock
from portal.accounts.models import Membership, Organisation
from portal.correspondence.models import Mail
from portal.documents.models import Document
from portal.documents.store import faults
from portal.notices.models import Notice
from portal.types import Given
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World, costs_of, set_costs
from tests.ledger import all_clear
from tests.markup import one_line
from tests.roles import granted
from tools.demonstration.simulation import parts


def test_a_new_draft_knows_the_organisation(world: World) -> None:
    application, _person = world.draft(complete=False)
    assert (
        drafts.form_of(application, "organisation").initial["name"]
        == application.case.organisation.name
    )


def test_the_founding_day_is_asked_once_and_read_by_the_officer(
    world: World, client: Client
) -> None:
    application, _ = world.submitted()
    firm = application.case.organisation
    day = firm.established_on
    assert day is not None
    client.force_login(world.officer)
    page = client.get(application.case.get_absolute_url()).content.decode()
    assert f"{day.year}年{day.month}月{day.day}日" in page
    again, person = world.draft(complete=False)
    typed = dict(drafts.stored(application, "organisation").data)  # type: ignore[union-attr]
    drafts.save(
        again,
        "organisation",
        typed | parts("established_on", date(1999, 4, 1)),
        by=person,
        page=drafts.Page(0),
    )
    drafts.learn(again, by=person)
    assert Organisation.objects.get(pk=again.case.organisation_id).established_on == date(
        1999, 4, 1
    )
    tomorrow = clock.today() + timedelta(days=1)
    drafts.save(
        again,
        "organisation",
        typed | parts("established_on", tomorrow),
        by=person,
        page=drafts.Page(1),
    )
    assert drafts.form_of(again, "organisation").errors["established_on"] == [
        "今日までの日を入力してください。"
    ]


def test_whom_to_ask_begins_with_the_one_person_of_the_firm(world: World) -> None:
    application, person = world.draft(complete=False)
    firm = application.case.organisation
    assert drafts.form_of(application, "contact").initial == {
        "name": person.name,
        "email": person.email,
        "phone": firm.phone,
    }
    Membership.objects.create(user=world.outsider, organisation=firm, role="member")
    assert drafts.form_of(application, "contact").initial == {"phone": firm.phone}


def test_what_is_typed_is_kept_even_when_wrong(world: World) -> None:
    application, person = world.draft(complete=False)
    drafts.save(
        application,
        "contact",
        {"name": "三上", "phone": "電話はない", "email": "x"},
        by=person,
        page=drafts.Page(0),
    )
    form = drafts.form_of(application, "contact")
    assert set(form.errors) == {"phone", "email"}
    assert form["phone"].value() == "電話はない"


def test_a_second_writer_gets_a_conflict_and_loses_nothing(world: World) -> None:
    application, person = world.draft(complete=False)
    drafts.save(application, "contact", {"name": "三上"}, by=person, page=drafts.Page(0))
    with pytest.raises(drafts.Conflict) as caught:
        drafts.save(
            application,
            "contact",
            {"name": "代理人の入力"},
            by=world.people["adviser"],
            page=drafts.Page(0),
        )
    assert caught.value.differences == {"name": ("三上", "代理人の入力")}
    assert application.sections.get(key="contact").data == {"name": "三上"}


@pytest.mark.parametrize(
    ("amounts", "aid"),
    [((149_999,), 0), ((150_000,), 100_000), ((420_000, 90_000), 340_000), ((9_000_000,), 400_000)],
)
def test_the_amount_is_the_servers_own_formula(
    world: World, amounts: tuple[int, ...], aid: int
) -> None:
    application, person = world.draft()
    set_costs(application, person, *amounts)
    assert drafts.aid(application).amount == aid


def test_an_order_before_the_decision_is_refused_on_its_field(world: World) -> None:
    application, person = world.draft()
    typed = dict(application.sections.get(key="costs").data) | {
        "item-0-order_on_y": str(clock.today().year - 1)
    }
    drafts.save(application, "costs", typed, by=person, page=drafts.Page(1))
    items = drafts.items_of(application)
    assert not items.is_valid()
    assert list(items.forms[0].errors) == ["order_on"]


def test_submitting_freezes_the_version_and_issues_a_receipt(world: World) -> None:
    application, _person = world.submitted()
    version = ApplicationVersion.objects.get(application=application)
    notice = Notice.objects.get(case=application.case, kind="receipt")
    assert (application.state, version.n) == ("submitted", 1)
    assert application.case.receipt_number
    assert [row[2] for row in notice.facts["files"]] == [
        d["sha256"] for d in version.content["documents"]
    ]
    assert version.content["aid"]["amount"] == application.requested_amount


def test_one_second_late_is_late_and_the_attempt_is_on_record(world: World) -> None:
    application, person = world.draft()
    closes = application.call.periods.get().closes_at
    with clock.at(closes + timedelta(seconds=1)), pytest.raises(submit.Late):
        submit.submit(application, by=person)
    assert application.attempts.get().outcome == "late"
    with clock.at(closes):
        assert submit.submit(application, by=person).state == "submitted"


@pytest.mark.parametrize(
    ("area", "agreed", "missing"),
    [
        ("011011", "yes", []),  # 中央区
        ("011011", "no", ["市税の納税証明書"]),
        ("012033", "yes", ["市税の納税証明書"]),  # 小樽市: not in Sapporo's hands
    ],
)
def test_the_tax_certificate_is_left_out_only_where_the_city_can_look(
    world: World, area: str, agreed: str, missing: list[str]
) -> None:
    application, person = world.draft()
    Document.objects.filter(case=application.case, key="tax_certificate").delete()
    for key, change in (("organisation", {"area": area}), ("consent", {"tax_lookup": agreed})):
        kept = drafts.stored(application, key)
        assert kept is not None
        drafts.save(application, key, kept.data | change, by=person, page=drafts.Page(kept.version))
    assert instead.missing(application) == missing


def test_the_page_of_the_officers_list_says_whom_it_goes_to_and_under_what(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    page = client.get(f"/apply/{application.case.number}/officers/").content.decode()
    assert inquiring.ADDRESSEE in page
    assert inquiring.ORDINANCE in page


def test_whoever_added_an_officer_too_many_takes_that_one_out(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    path = f"/apply/{application.case.number}/officers/"
    typed = {"p-TOTAL_FORMS": "1", "p-INITIAL_FORMS": "0", "p-0-name": "甲"}
    two = client.post(path, typed | {"add": "1"})
    assert "2人目を外す" in two.content.decode()
    typed |= {"p-TOTAL_FORMS": "2", "p-1-name": "乙"}
    for gone, left in (("0", "乙"), ("1", "甲")):
        one = client.post(path, typed | {"del": gone})
        assert [row["name"].value() for row in one.context["rows"]] == [left]
    assert "を外す" not in one.content.decode()


def test_an_incomplete_draft_says_what_is_missing(world: World) -> None:
    application, person = world.draft(complete=False)
    with pytest.raises(NotReady) as caught:
        submit.submit(application, by=person)
    assert len(caught.value.reasons) == 8


def test_no_application_is_accepted_without_its_stored_files(world: World) -> None:
    application, person = world.draft()
    document = Document.objects.filter(case=application.case).first()
    assert document is not None
    default_storage.delete(document.file.key)
    with pytest.raises(NotReady, match="保管庫"):
        submit.submit(application, by=person)
    assert Application.objects.get(pk=application.pk).state == "draft"
    assert any("missing" in fault for fault in faults())


def test_a_fault_of_ours_can_be_honoured_with_a_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = world.draft()
    closes = application.call.periods.get().closes_at

    def down(_documents: Any) -> Any:
        raise OSError("storage is down")

    with monkeypatch.context() as patch, clock.at(closes):
        patch.setattr("portal.documents.store.missing", down)
        with pytest.raises(OSError, match="down"):
            submit.submit(application, by=person)
    attempt = application.attempts.get()
    assert attempt.outcome == "failed"
    with clock.at(closes + timedelta(hours=3)):
        done = submit.honour(attempt, by=world.officer, reason="保管庫の障害")
    assert (done.state, done.arrived_at) == ("submitted", closes)


def test_an_honoured_draft_must_be_the_one_that_was_pressed(world: World) -> None:
    application, person = world.draft()
    closes = application.call.periods.get().closes_at
    attempt = application.attempts.create(
        arrived_at=closes, by=person, draft_hash=drafts.draft_hash(application), outcome="failed"
    )
    set_costs(application, person, 300_000)
    with pytest.raises(NotReady, match="書き換えられています"):
        submit.honour(attempt, by=world.officer, reason="障害")


def test_a_member_drafts_but_only_the_representative_submits(world: World) -> None:
    application, _person = world.draft()
    member = world.people["member"]
    member.memberships.create(organisation=application.case.organisation, role="member")
    with pytest.raises(Forbidden, match="代表者"):
        submit.submit(application, by=member)


def test_a_remark_sent_twice_is_one_until_it_is_resolved(world: World) -> None:
    application, _person = world.submitted()
    given = {"part": "plan.title", "part_label": "名称", "cite": "第6条", "text": "直す"}
    first, second = [formal.raise_defect(application, by=world.officer, **given) for _ in range(2)]
    assert first == second
    formal.resolve_defect(first, by=world.officer)
    assert formal.raise_defect(application, by=world.officer, **given).n == 2


def test_correction_goes_out_in_one_pass_and_comes_back_as_a_second_version(world: World) -> None:
    application, person = world.submitted()
    formal.raise_defect(
        application,
        by=world.officer,
        part="plan.title",
        part_label="事業の名称",
        cite="要綱 第6条",
        text="わかる名前に",
    )
    application = perform(application, "return_for_correction", by=world.officer)
    assert application.correct_by is not None
    assert application.correct_by >= clock.today() + timedelta(days=14)
    plan = drafts.stored(application, "plan")
    assert plan is not None
    drafts.save(
        application,
        "plan",
        plan.data | {"title": "在宅勤務の導入"},
        by=person,
        page=drafts.Page(plan.version),
    )
    application = submit.submit(application, by=person)
    new, old = application.versions.order_by("-n")
    changes = comparing.differences(application, old.content, new.content)
    assert ("事業の名称", "在宅勤務の導入") in [(label, after) for label, _before, after in changes]
    assert new.n == 2


def test_a_part_once_accepted_and_unchanged_needs_a_supervisors_reason(world: World) -> None:
    application, person = world.submitted()
    formal.raise_defect(
        application,
        by=world.officer,
        part="plan.title",
        part_label="名称",
        cite="第6条",
        text="直す",
    )
    application = perform(application, "return_for_correction", by=world.officer)
    correcting.answer(application, 1, "登記のとおりです。", by=person)
    application = submit.submit(application, by=person)
    given = {"part": "organisation.name", "part_label": "名称", "cite": "第3条", "text": "違う"}
    with pytest.raises(NotReady, match="上司の理由"):
        formal.raise_defect(application, by=world.officer, **given)
    formal.raise_defect(
        application, by=world.officer, supervisor_reason="登記の変更がわかったため", **given
    )


def test_an_open_defect_blocks_acceptance(world: World) -> None:
    application, _person = world.submitted()
    all_clear(application, by=world.officer)
    defect = formal.raise_defect(
        application, by=world.officer, part="x", part_label="x", cite="x", text="x"
    )
    with pytest.raises(NotReady, match="1件"):
        perform(application, "accept", by=world.officer)
    formal.resolve_defect(defect, by=world.officer)
    assert perform(application, "accept", by=world.officer).state == "accepted"


def test_lapse_waits_for_the_day(world: World) -> None:
    application, _person = world.submitted()
    formal.raise_defect(application, by=world.officer, part="x", part_label="x", cite="x", text="x")
    application = perform(application, "return_for_correction", by=world.officer)
    with pytest.raises(NotReady, match="期限を過ぎると"):
        world.approval("lapse", [application], {"reason": "補正がなかった"})
    with clock.at(clock.now() + timedelta(days=40)):
        world.decided("lapse", [application], {"reason": "補正がなかった"})
    assert Application.objects.get(pk=application.pk).state == "lapsed"


def test_the_officers_list_is_encrypted_and_erased_when_its_purpose_ends(world: World) -> None:
    application, _person = world.submitted()
    found = OfficerList.objects.get(application=application)
    assert "ヤマダ".encode() not in bytes(found.sealed or b"")
    assert formal.erase_officer_lists() == 0
    rows = formal.inquiry_rows([application], by=world.officer)
    assert rows[0][2] == "ヤマダ タロウ"
    formal.check(
        application.checks.get(kind="antisocial"), by=world.officer, result="clear", evidence="回答"
    )
    assert formal.erase_officer_lists() == 1
    assert OfficerList.objects.get(application=application).sealed is None


def test_a_list_of_officers_that_a_colleague_kept_meanwhile_is_not_written_over_unasked(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    path = f"/apply/{application.case.number}/officers/"
    client.force_login(person)
    opened = client.get(path).context["there"].seen
    there = Officer(name="先", kana="サキ", born_on="1970-01-01", sex="X", address="札幌市")
    officer_list.save(application, [there, there])
    mine = {
        "p-TOTAL_FORMS": "1",
        "p-INITIAL_FORMS": "0",
        "p-0-name": "後",
        "p-0-kana": "アト",
        "p-0-born_on_y": "1971",
        "p-0-born_on_m": "2",
        "p-0-born_on_d": "3",
        "p-0-sex": "X",
        "p-0-address": "札幌市北区",
        "seen": opened,
    }
    refused = client.post(path, mine)
    page = one_line(refused)
    assert (refused.status_code, "2人分の一覧が保存されました" in page) == (409, True)
    assert 'value="札幌市北区"' in page  # what was typed still stands
    assert "サキ" not in page
    assert OfficerList.objects.get(application=application).people == 2
    assert client.post(path, mine | {"seen": refused.context["there"].seen}).status_code == 302
    assert OfficerList.objects.get(application=application).people == 1


def test_nothing_is_kept_in_a_draft_that_was_handed_in_meanwhile(world: World) -> None:
    """Not even what was typed into a page opened before."""
    application, person = world.draft()
    opened = Application.objects.get(pk=application.pk)
    submit.submit(application, by=person)
    there = Officer(name="後", kana="アト", born_on="1970-01-01", sex="X", address="札幌市")
    with pytest.raises(Forbidden, match="提出したあと"):
        officer_list.save(opened, [there])
    with pytest.raises(Forbidden, match="提出したあと"):
        drafts.save(opened, "plan", {"x": "y"}, by=person, page=drafts.Page(seen=0))


def test_mail_carries_a_link_and_no_personal_data(world: World) -> None:
    application, person = world.accepted()
    mail = Mail.objects.filter(to=person).latest("pk")
    assert application.case.get_absolute_url() in mail.body
    assert person.name not in mail.body + mail.subject
    assert application.case.organisation.name not in mail.body + mail.subject


def test_autosave_answers_with_the_amount_and_a_conflict_with_409(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    url = f"/apply/{application.case.number}/costs/autosave/"
    data = dict(application.sections.get(key="costs").data) | {
        "version": "1",
        "item-0-amount": "450000",
    }
    first = client.post(url, data)
    assert (first.status_code, first.json()["version"]) == (200, 2)
    second = client.post(url, data | {"item-0-amount": "460000"})
    assert (second.status_code, second.json()["differences"]["item-0-amount"]) == (
        409,
        ["450000", "460000"],
    )


def test_an_expired_session_leads_back_to_the_same_field(world: World, client: Client) -> None:
    application, _person = world.draft()
    answer = client.get(f"/apply/{application.case.number}/plan/")
    assert answer.url == f"/accounts/login/?next=/apply/{application.case.number}/plan/"  # type: ignore[attr-defined]


def test_the_live_sum_reads_a_new_row_before_the_rest_of_it_is_typed(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    where = f"/apply/{application.case.number}/costs/"
    whole = costs_of(application, 300_000)
    more = {
        "item-TOTAL_FORMS": "2",
        "item-1-category": "equipment",
        "item-1-amount": "1,200,000",
    }
    version = application.sections.get(key="costs").version
    sent = whole | more | {"version": str(version), "editor": "a", "stroke": "1"}
    answer = client.post(f"{where}autosave/", sent).json()
    page = one_line(client.get(where))
    for told in ("1,500,000円", "税込1,320,000円"):  # the row's sum, and what is said about it
        assert told in answer["calculation"]
        assert told in page
    task = next(task for task in tasks(application) if task.key == "costs")
    assert task.state == "fix"  # a sum alone is no item


def test_the_look_over_asks_for_a_second_quote_where_one_is_needed(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    where = f"/apply/{application.case.number}/review/"
    assert "見積書が2社分要ります" not in one_line(client.get(where))
    set_costs(application, person, 1_200_000)
    page = one_line(client.get(where))
    assert "見積書が2社分要ります" in page
    assert "税込1,320,000円です" in page
    assert "いま付いている見積書のファイルは1つです。" in page
    assert "一緒に選んだ写真は1つのPDFになり、1つと数えます。" in page
    like = Document.objects.filter(case=application.case)[0]
    Document.objects.create(
        case=application.case, key="quote", name="二社目.pdf", file=like.file, uploaded_by=person
    )
    page = one_line(client.get(where))
    assert "見積書が2社分要ります" not in page
    assert "見積書のファイルが2つ付いています。" in page


def test_the_look_over_asks_whether_several_costs_are_one_order(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    client.force_login(person)
    where = f"/apply/{application.case.number}/review/"
    assert "同じ会社への注文ですか" not in one_line(client.get(where))
    set_costs(application, person, 800_000, 240_000)
    page = one_line(client.get(where))
    assert "同じ会社への注文ですか" in page
    assert "を合わせると、税込1,144,000円です。" in page
    assert "見積書が2社分要ります" not in page
    like = Document.objects.filter(case=application.case)[0]
    Document.objects.create(
        case=application.case, key="quote", name="二社目.pdf", file=like.file, uploaded_by=person
    )
    assert "同じ会社への注文ですか" not in one_line(client.get(where))


@pytest.mark.parametrize(
    ("limit", "sums", "alone", "together"),
    [
        (1_000_000, [800_000, 240_000], False, True),
        (1_000_000, [500_000, 400_000], False, False),
        (1_000_000, [1_000_000, 10_000], True, False),
        (1_000_000, [909_091], False, False),
        (0, [1_000_000, 1_000_000], False, False),
    ],
)
def test_what_needs_two_quotes_alone_and_what_may_together(
    limit: int, sums: list[int], alone: bool, together: bool
) -> None:
    text = (loading.DATA / "telework.toml").read_text(encoding="utf-8")
    stated = read(text).model_copy(update={"two_quotes_above": limit})
    items: list[Sum] = [{"category": "equipment", "amount": yen} for yen in sums]
    assert any(rules.needs_two_quotes(stated, item) for item in items) is alone
    assert rules.may_be_one_order(stated, items) is together


def test_a_page_never_conflicts_with_its_own_autosave_nor_is_overwritten_by_a_late_one(
    world: World,
) -> None:
    application, person = world.draft(complete=False)
    page: Given = {"seen": 0, "editor": "tab-1"}
    drafts.save(
        application, "contact", {"name": "三"}, by=person, page=drafts.Page(**page, stroke=1)
    )
    drafts.save(
        application, "contact", {"name": "三上 遥"}, by=person, page=drafts.Page(**page, stroke=3)
    )
    late = drafts.save(
        application, "contact", {"name": "三上"}, by=person, page=drafts.Page(**page, stroke=2)
    )
    assert late.data == {"name": "三上 遥"}
    with pytest.raises(drafts.Conflict):
        drafts.save(
            application, "contact", {"name": "別のタブ"}, by=person, page=drafts.Page(0, "tab-2", 1)
        )


@pytest.mark.parametrize("outcome", ["begun", "failed", "late"])
def test_an_officer_reaches_and_honours_every_press_that_did_not_become_a_submission(
    world: World, client: Client, outcome: str
) -> None:
    application, person = world.draft()
    late = application.call.periods.get().closes_at + timedelta(seconds=11)
    attempt = application.attempts.create(
        arrived_at=late, by=person, draft_hash=drafts.draft_hash(application), outcome=outcome
    )
    client.force_login(world.officer)
    path = f"/cases/{application.case.number}/attempts/{attempt.pk}/honour/"
    assert path in client.get("/staff/attempts/").content.decode()
    assert client.post(path, {"reason": ""}).status_code == 422
    assert client.post(path, {"reason": "受付サーバーの混雑のため"}).status_code == 302
    fresh = Application.objects.get(pk=application.pk)
    assert (fresh.state, fresh.arrived_at) == ("submitted", late)
    now = path.replace(application.case.number, fresh.case.number)
    page = client.get("/staff/attempts/").content.decode()
    assert (path in page, now in page) == (False, False)
    assert client.get(path, follow=True).status_code == 404


def test_presses_are_shown_to_officers_of_the_programme_alone(world: World, client: Client) -> None:
    application, person = world.draft()
    attempt = application.attempts.create(
        arrived_at=clock.now(), by=person, draft_hash=drafts.draft_hash(application), outcome="late"
    )
    path = f"/cases/{application.case.number}/attempts/{attempt.pk}/honour/"
    granted(world.officer.staff_roles.all(), programme_code="iot")
    client.force_login(world.officer)
    assert path not in client.get("/staff/attempts/").content.decode()
    assert client.get(path).status_code == 404
    client.force_login(world.director)
    assert client.get("/staff/attempts/").status_code == 403
