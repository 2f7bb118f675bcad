"""One act on many cases: looked over, done case by case, reported."""

from collections.abc import Callable, Sequence

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from grants.applications import formal, inquiring, many
from grants.applications.models import Application, Check
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.audit.models import Event
from portal.bulk import running
from portal.bulk.jobs import carry_on
from portal.bulk.models import Bulk, Outcome
from portal.cases import assignment, interests
from portal.cases.models import Case
from portal.correspondence.models import Message
from portal.workflow.door import perform
from tests.conftest import World
from tests.ledger import all_clear
from tests.markup import mark_on, one_line
from tests.roles import never_granted


@pytest.fixture
def checked(world: World, client: Client) -> list[Application]:
    """Three applications with every check noted, nothing else; the officer is signed in."""
    client.force_login(world.officer)
    return [_checked(world) for _n in range(3)]


def _checked(world: World) -> Application:
    application, _person = world.submitted()
    all_clear(application, by=world.officer)
    return application


def planned(client: Client, name: str, rows: Sequence[Application], **more: str) -> Bulk:
    picked = [row.case.number for row in rows]
    answer = client.post("/cases/bulk/", {"do": name, "pick": picked, "next": "/cases/", **more})
    assert answer.status_code == 302
    bulk = Bulk.objects.latest("pk")
    assert answer["Location"] == bulk.get_absolute_url()
    return bulk


def press(
    client: Client, bulk: Bulk, *, page: HttpResponseBase | None = None, **typed: object
) -> HttpResponseBase:
    """What was looked over is sent back: that of `page`, or of the page as it is now."""
    sent = typed | {"seen": mark_on(page or client.get(bulk.get_absolute_url()))}
    return client.post(bulk.get_absolute_url(), sent)


def outcomes(bulk: Bulk) -> list[str]:
    return list(bulk.rows.values_list("outcome", flat=True))


def test_what_cannot_be_done_is_said_before_and_the_rest_is_done_once(
    world: World, client: Client, checked: list[Application]
) -> None:
    formal.raise_defect(
        checked[1],
        by=world.officer,
        part="plan.title",
        part_label="事業の名称",
        cite="要綱 第6条",
        text="具体的に",
    )
    bulk = planned(client, "accept", checked)
    page = one_line(client.get(bulk.get_absolute_url()))
    assert "<strong>2件</strong>に行います" in page
    assert "<strong>1件</strong>には行えません" in page
    assert "直っていない不備が1件あります" in page
    assert {row.state for row in Application.objects.all()} == {"submitted"}  # nothing yet
    for _twice in range(2):
        assert press(client, bulk).status_code in (200, 302)
    assert [Application.objects.get(pk=row.pk).state for row in checked] == [
        "accepted",
        "submitted",
        "accepted",
    ]
    assert outcomes(bulk) == [Outcome.DONE, Outcome.REFUSED, Outcome.DONE]
    assert Event.objects.filter(action="application.accept").count() == 2
    report = one_line(client.get(bulk.get_absolute_url()))
    assert "3件のうち<strong>2件</strong>を行いました。" in report
    assert f'href="{bulk.back}"' in report  # back to the list it came from
    went = html.fromstring(report).xpath("//input[@name='pick']/@value")
    assert went == [checked[0].case.number, checked[2].case.number]  # the draft that follows
    further = {"do": "act:award", "pick": went, "next": bulk.back}
    assert "act=award" in client.post("/cases/bulk/", further).headers["Location"]
    lines = client.get(f"{bulk.get_absolute_url()}report.csv").content.decode("utf-8-sig")
    assert [line.split(",")[2] for line in lines.splitlines()[1:]] == [
        "行いました",
        "行えませんでした",
        "行いました",
    ]
    assert "まとめて行ったこと" in one_line(client.get("/cases/bulk/"))


def test_a_job_goes_on_with_what_is_left_also_after_a_kill(
    client: Client, checked: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)
    bulk = planned(client, "accept", checked)
    press(client, bulk)
    assert outcomes(bulk) == [Outcome.DONE, Outcome.OPEN, Outcome.OPEN]
    page = one_line(client.get(bulk.get_absolute_url()))
    assert "残りは<strong>2件</strong>です" in page
    assert 'max="3" value="1"' in page
    with connection.cursor() as cursor:
        cursor.execute("SELECT args->>'bulk' FROM procrastinate_jobs WHERE task_name = 'carry_on'")
        assert cursor.fetchall() == [(str(bulk.pk),)]

    monkeypatch.setattr(many, "perform", _killed)
    with pytest.raises(KeyboardInterrupt):
        carry_on(bulk.pk)
    assert outcomes(bulk) == [Outcome.DONE, Outcome.OPEN, Outcome.OPEN]
    monkeypatch.setattr(many, "perform", perform)
    carry_on(bulk.pk)
    carry_on(bulk.pk)
    assert outcomes(bulk) == [Outcome.DONE] * 3
    assert Event.objects.filter(action="application.accept").count() == 3
    assert Bulk.objects.get(pk=bulk.pk).ended_at is not None


def test_a_role_that_ends_meanwhile_acts_on_no_further_case(
    client: Client, checked: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)
    bulk = planned(client, "accept", checked)
    press(client, bulk)

    def ended(obj: Application, name: str, *, by: User, **_given: object) -> Application:
        done = perform(obj, name, by=by)
        never_granted(StaffRole.objects.filter(person=by))
        return done

    monkeypatch.setattr(many, "perform", ended)
    carry_on(bulk.pk)
    assert outcomes(bulk) == [Outcome.DONE, Outcome.DONE, Outcome.REFUSED]


def _killed(*_given: object, **_named: object) -> None:
    raise KeyboardInterrupt


def test_a_row_that_somebody_moved_is_reported_and_not_done(
    world: World, client: Client, checked: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)
    mine, other = (planned(client, "accept", checked) for _n in range(2))
    press(client, mine)
    running.start(other, {})  # a colleague's, at the same time
    perform(checked[1], "accept", by=world.officer)
    carry_on(mine.pk)
    carry_on(other.pk)
    assert outcomes(mine) == [Outcome.DONE, Outcome.MOVED, Outcome.DONE]
    assert outcomes(other) == [Outcome.MOVED] * 3
    assert Event.objects.filter(action="application.accept").count() == 3
    assert "先に進んでいました" in one_line(client.get(mine.get_absolute_url()))


def test_what_moved_before_the_press_is_looked_over_again(
    world: World, client: Client, checked: list[Application]
) -> None:
    bulk = planned(client, "accept", checked)
    page = client.get(bulk.get_absolute_url())
    perform(checked[0], "accept", by=world.officer)
    again = press(client, bulk, page=page)
    assert again.status_code == 200
    assert "<strong>2件</strong>に行います" in one_line(again)
    assert "確かめたあとに変わった案件があります" in one_line(again)
    assert press(client, bulk, page=page).status_code == 200  # the page is still the old one
    assert press(client, bulk, page=again).status_code == 302
    assert outcomes(bulk) == [Outcome.REFUSED, Outcome.DONE, Outcome.DONE]


def test_what_was_shown_as_blocked_is_not_done_when_it_is_free_meanwhile(
    world: World, client: Client, checked: list[Application]
) -> None:
    given = {"part": "plan.title", "part_label": "事業の名称", "cite": "要綱 第6条", "text": "x"}
    defect = formal.raise_defect(checked[1], by=world.officer, **given)
    bulk = planned(client, "accept", checked)
    page = client.get(bulk.get_absolute_url())
    formal.resolve_defect(defect, by=world.officer)
    again = press(client, bulk, page=page)
    assert "<strong>3件</strong>に行います" in one_line(again)
    assert outcomes(bulk) == [Outcome.OPEN] * 3


def test_all_that_match_are_those_of_the_list_across_its_pages(
    client: Client, checked: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.ui.paging.PER_PAGE", 1)
    case = checked[1].case
    case.amount = 123
    case.save()
    page = one_line(client.get("/cases/", {"open_only": "on"}))
    assert "この条件に合う3件すべて" in page
    sent = {"do": "accept", "all": "on"}
    client.post("/cases/bulk/", sent | {"next": "/cases/?open_only=on&order=amount"})
    rows = Bulk.objects.latest("pk").rows
    assert rows.count() == 3
    assert rows.order_by("pk")[0].case == case  # in the order of the list
    client.post("/cases/bulk/", sent | {"next": "/cases/?most=123"})
    assert [row.case for row in Bulk.objects.latest("pk").rows.all()] == [case]
    client.post("/cases/bulk/", sent | {"next": "/inbox/?tab=applicant"})
    assert Bulk.objects.count() == 2  # nothing matches: nothing planned


@pytest.mark.parametrize("planner", ["", "/en"])
def test_each_reads_in_their_own_language_why_it_was_not_done(
    world: World,
    client: Client,
    checked: list[Application],
    monkeypatch: pytest.MonkeyPatch,
    planner: str,
) -> None:
    """One was blocked beforehand, one moved while the others were done; whoever planned it."""
    formal.raise_defect(
        checked[0],
        by=world.officer,
        part="plan.title",
        part_label="事業の名称",
        cite="要綱 第6条",
        text="具体的に",
    )
    monkeypatch.setattr(running, "AT_ONCE", 0)
    bulk = planned(client, "accept", checked)
    path = bulk.get_absolute_url()
    client.post(f"{planner}{path}", {"seen": mark_on(client.get(f"{planner}{path}"))})
    perform(checked[1], "accept", by=world.officer)
    carry_on(bulk.pk)
    assert outcomes(bulk) == [Outcome.REFUSED, Outcome.MOVED, Outcome.DONE]
    japanese, english = (
        (
            one_line(client.get(f"{way}{path}")),
            client.get(f"{way}{path}report.csv").content.decode(),
        )
        for way in ("", "/en")
    )
    for said in japanese:
        assert "直っていない不備が1件あります" in said
        assert "この案件は先に進んでいます" in said
    for said in english:
        assert "Open defects: 1" in said
        assert "has moved on" in said
        assert "不備が" not in said
        assert "先に進んで" not in said


def test_what_was_typed_and_no_longer_holds_is_done_to_no_further_case(
    world: World, client: Client, checked: list[Application], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "AT_ONCE", 1)
    colleague = world.staff["second_officer"]
    bulk = planned(client, "assign", checked)
    press(client, bulk, person=str(colleague.pk))
    never_granted(StaffRole.objects.filter(person=colleague))
    carry_on(bulk.pk)
    assert outcomes(bulk) == [Outcome.DONE, Outcome.REFUSED, Outcome.REFUSED]
    last = bulk.rows.get(case=checked[2].case)
    assert last.reasons
    assert last.reasons_en
    assert last.reasons != last.reasons_en
    assert Bulk.objects.get(pk=bulk.pk).ended_at is not None


def test_each_row_asks_right_scope_and_interest(
    world: World, client: Client, checked: list[Application]
) -> None:
    other = world.staff["approver"]
    never_granted(other.staff_roles.filter(role="programme_officer"))
    client.force_login(other)  # sees the cases, but accepts none
    bulk = planned(client, "accept", checked[:1])
    assert "職務です" in one_line(client.get(bulk.get_absolute_url()))
    assert client.get(bulk.get_absolute_url()).context["able"] == []

    client.force_login(world.officer)
    assert client.get(bulk.get_absolute_url()).status_code == 404  # somebody else's
    bulk = planned(client, "accept", checked)
    client.post(f"/cases/{checked[2].case.number}/interest/", {"detail": "親族"})
    page = one_line(client.get(bulk.get_absolute_url()))
    assert checked[2].case.organisation.name not in page
    running.start(bulk, {})
    running.carry_on(bulk)
    assert outcomes(bulk) == [Outcome.DONE, Outcome.DONE, Outcome.REFUSED]


def test_a_new_officer_must_be_free_of_interest_too(
    world: World, client: Client, checked: list[Application]
) -> None:
    colleague, known = world.staff["second_officer"], checked[2].case
    interests.declare(known, by=colleague, detail="親族")
    bulk = planned(client, "assign", checked)
    assert press(client, bulk).status_code == 422  # nobody chosen
    again = press(client, bulk, person=str(colleague.pk))
    assert "利益相反の申告か登録がある案件です" in one_line(again)
    assert press(client, bulk, person=str(colleague.pk)).status_code == 302
    assert [Case.objects.get(pk=row.case_id).assigned_to for row in checked] == [
        colleague,
        colleague,
        None,
    ]


def test_a_note_goes_along_with_the_cases_and_only_the_office_reads_it(
    world: World, client: Client, checked: list[Application]
) -> None:
    client.force_login(world.officer)
    first, second = world.staff["second_officer"], world.officer
    bulk = planned(client, "assign", checked[:2])
    done = press(client, bulk, person=str(first.pk), note="先方は月曜だけ電話に出ます")
    assert done.status_code == 302
    page = checked[0].case.get_absolute_url()
    client.force_login(first)
    now = one_line(client.get(page)).partition('id="now"')[2].partition("</section>")[0]
    assert "先方は月曜だけ電話に出ます" in now
    assert world.officer.name in now
    firm = checked[0].case.organisation.memberships.get(role="representative").user
    client.force_login(firm)
    assert "先方は月曜" not in one_line(client.get(page))
    # whoever gets it next without a word reads nothing of an older one
    assert assignment.assign(checked[0].case, second, by=first) == []
    client.force_login(second)
    assert "先方は月曜" not in one_line(client.get(page)).partition("</section>")[0]


def test_checks_are_noted_together_and_accepted_in_one_go(world: World, client: Client) -> None:
    client.force_login(world.officer)
    clean, named = (world.submitted()[0] for _n in range(2))
    clean.officer_list.sent_at = named.officer_list.sent_at = clock.now()
    clean.officer_list.save()
    bulk = planned(client, "check", [clean, named])
    every = ["tax", "antisocial", "registration", "repeat", "double_funding"]
    again = press(client, bulk, kinds=every, evidence="照会の回答", accept="on")
    page = one_line(again)
    assert again.status_code == 200  # now that it is known what is to be noted
    assert "照会の名簿をまだ取り出していません" in page
    assert press(client, bulk, kinds=every, evidence="照会の回答", accept="on").status_code == 302
    assert outcomes(bulk) == [Outcome.DONE, Outcome.REFUSED]
    assert Application.objects.get(pk=clean.pk).state == "accepted"
    assert set(clean.checks.values_list("result", "evidence")) == {("clear", "照会の回答")}
    assert set(named.checks.values_list("result", flat=True)) == {""}
    assert Bulk.objects.get(pk=bulk.pk).given == {}  # it stands in the cases now


def test_what_no_case_allows_is_put_right_in_the_same_form(world: World, client: Client) -> None:
    client.force_login(world.officer)
    named, _person = world.submitted()  # its officers are not inquired about yet
    bulk = planned(client, "check", [named])
    refused = press(client, bulk, kinds=["tax", "antisocial"], evidence="照会の回答")
    boxes = html.fromstring(one_line(refused)).xpath("//input[@name='kinds'][@checked]/@value")
    assert boxes == ["tax", "antisocial"]
    # as the button says: looked over once more
    again = press(client, bulk, page=refused, kinds=["tax"], evidence="照会の回答")
    assert "<strong>1件</strong>に行います" in one_line(again)
    pressed = press(client, bulk, page=again, kinds=["tax"], evidence="照会の回答")
    assert pressed.status_code == 302
    assert outcomes(bulk) == [Outcome.DONE]
    assert named.checks.get(kind="tax").result == "clear"


def test_one_remark_returns_many_and_each_is_told_once(
    world: World, client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    client.force_login(world.officer)
    rows = [world.submitted()[0] for _n in range(2)]
    bulk = planned(client, "return", rows)
    assert "事業の名称" in one_line(client.get(bulk.get_absolute_url()))
    before = len(post())
    text = "何をするかが分かる名称に"
    pressed = press(client, bulk, part="plan.title", cite="要綱 第6条", text=text)
    assert pressed.status_code == 302
    assert {Application.objects.get(pk=row.pk).state for row in rows} == {"returned"}
    for row in rows:
        defect = row.defects.get()
        assert (defect.part, defect.part_label) == ("plan.title", "事業の名称")
    assert len(post()) - before == 2


def test_one_message_goes_to_many(world: World, client: Client) -> None:
    client.force_login(world.officer)
    rows = [world.submitted()[0] for _n in range(2)]
    bulk = planned(client, "message", rows)
    assert press(client, bulk, body="年末の窓口のお知らせです。").status_code == 302
    assert set(Message.objects.values_list("case", "body")) == {
        (row.case_id, "年末の窓口のお知らせです。") for row in rows
    }


def test_what_can_be_drafted_goes_on_to_one_draft(world: World, client: Client) -> None:
    client.force_login(world.officer)
    ready, early = world.accepted()[0], world.submitted()[0]
    bulk = planned(client, "act:reject", [ready, early])
    page = one_line(client.get(bulk.get_absolute_url()))
    assert "行える1件で起案に進む" in page
    draft = client.get(f"{reverse('approval_draft')}?act=reject&bulk={bulk.pk}")
    assert [row.case for row in draft.context["rows"]] == [ready.case]
    client.force_login(world.approver)
    other = client.get(f"{reverse('approval_draft')}?act=reject&bulk={bulk.pk}")
    assert other.status_code == 404
    for nonsense in ("9" * 5_000, "²", "x"):
        none = client.get(f"{reverse('approval_draft')}?act=reject&bulk={nonsense}")
        assert none.status_code == 404


def test_a_plan_asks_as_much_of_few_cases_as_of_many(
    world: World, checked: list[Application]
) -> None:
    def asked(count: int) -> int:
        cases = list(Case.objects.filter(application__in=checked[:count]))
        with CaptureQueriesContext(connection) as queries:
            many.ACCEPT.look(world.officer, cases, None)
        return len(queries)

    assert asked(3) == asked(1)


def test_nothing_chosen_leads_back(client: Client, checked: list[Application]) -> None:
    for sent in ({"do": "accept"}, {"do": "nonsense"}, {"do": "accept", "pick": ["CHO-X"]}):
        answer = client.post("/cases/bulk/", sent | {"next": "/cases/"})
        assert answer["Location"] == "/cases/"
    assert Bulk.objects.count() == 0


def test_what_its_form_may_refuse_is_named_before_and_what_was_typed_is_kept(
    world: World, client: Client
) -> None:
    client.force_login(world.officer)
    clean, named = (world.submitted()[0] for _n in range(2))
    clean.officer_list.sent_at = clock.now()
    clean.officer_list.save()
    bulk = planned(client, "check", [clean, named])
    before = client.get(bulk.get_absolute_url())
    page = one_line(before)
    assert "うち<strong>1件</strong>は、入力の内容によっては行えません" in page
    assert "照会の名簿をまだ取り出していません" in page
    assert [bool(row.hints) for row in before.context["page"]] == [True, False]

    press(client, bulk, kinds=["antisocial", "tax"], evidence="11月の照会の回答")
    later = client.get(bulk.get_absolute_url())  # gone away and come back
    assert later.status_code == 200
    words = html.fromstring(one_line(later)).xpath("//input[@name='evidence']/@value")
    assert words == ["11月の照会の回答"]
    running.start(bulk, {})
    assert "入力によります" not in one_line(client.get(bulk.get_absolute_url()))


def test_a_plan_that_no_case_allows_keeps_its_form_after_a_reload(
    world: World, client: Client
) -> None:
    client.force_login(world.officer)
    named, _person = world.submitted()
    bulk = planned(client, "check", [named])
    press(client, bulk, kinds=["antisocial"], evidence="照会の回答")
    page = one_line(client.get(bulk.get_absolute_url()))
    assert 'name="evidence"' in page
    assert "書き直して、もう一度確かめる" in page


def test_of_the_ticked_cases_it_is_said_what_fits_and_how_many(
    world: World, client: Client, checked: list[Application]
) -> None:
    """Two can be accepted, one waits for a decision: each act names with how many it can be done."""
    waiting = perform(checked[2], "accept", by=world.officer)
    picked = [row.case.number for row in checked]
    answer = client.post("/cases/bulk/", {"do": "", "pick": picked, "next": "/cases/"})
    assert answer.status_code == 200
    offered = {name: n for name, _label, n in answer.context["acts"]}
    assert (offered["accept"], offered["message"]) == (2, 3)
    assert "act:revoke" not in offered
    assert not Bulk.objects.exists()
    tree = html.fromstring(answer.content)
    assert tree.xpath("//input[@name='pick']/@value") == picked
    assert {button.get("value") for button in tree.xpath("//button[@name='do']")} == set(offered)
    alone = client.post("/cases/bulk/", {"pick": waiting.case.number, "next": "/cases/"})
    assert "accept" not in {name for name, _label, _n in alone.context["acts"]}


@pytest.mark.parametrize("asked", ["", "sent", "open"])
@pytest.mark.parametrize("reason", ["", "上場している法人のため"])
def test_one_case_is_cleared_by_the_rule_that_many_are(
    world: World, client: Client, asked: str, reason: str
) -> None:
    """What the act on many refuses, the page of the case refuses, whatever was written as evidence."""
    client.force_login(world.officer)
    alone, among = (world.submitted()[0] for _n in range(2))
    for row in (alone, among) if asked else ():
        inquire = formal.inquiry_rows if asked == "sent" else asked_of_police
        inquire([row], by=world.officer)
    kinds = [kind for kind, _label in Check.KINDS]
    bulk = planned(client, "check", [among])
    press(client, bulk, kinds=kinds, evidence="照会の回答", unasked=reason, accept="on")
    press(client, bulk, kinds=kinds, evidence="照会の回答", unasked=reason, accept="on")
    one = {f"evidence-{kind}": "照会の回答" for kind in kinds}
    one |= {f"result-{kind}": "clear" for kind in kinds} | {"accept": "on"}
    if reason:
        one |= {"result-antisocial": "not_needed", "evidence-antisocial": reason}
    client.post(f"/cases/{alone.case.number}/checks/", one)
    may = asked == "sent" or (asked == "" and bool(reason))
    for row in (alone, among):
        assert Application.objects.get(pk=row.pk).state == ("accepted" if may else "submitted")
        done = ("not_needed", reason) if reason else ("clear", "照会の回答")
        noted = row.checks.get(kind="antisocial")
        assert (noted.result, noted.evidence) == (done if may else ("", ""))


def asked_of_police(rows: list[Application], *, by: User) -> None:
    inquiring.send(rows, addressee="北海道警察本部", ordinance="条例", number="第1号", by=by)


def test_what_ones_own_input_rules_out_is_said_as_such(world: World, client: Client) -> None:
    """Not as what somebody changed meanwhile: nobody did."""
    application, _person = world.submitted()
    client.force_login(world.officer)
    sent = {"pick": [application.case.number], "do": "check", "next": "/inbox/"}
    client.post("/cases/bulk/", sent)
    [bulk] = Bulk.objects.all()
    page = client.get(bulk.get_absolute_url())
    assert [row.reasons for row in page.context["able"]] == [[]]
    words = {"kinds": ["tax"], "evidence": "x", "accept": "on", "seen": page.context["mark"]}
    said = one_line(client.post(bulk.get_absolute_url(), words))
    assert "入力した内容によって、行えるかどうかが変わった案件が1件あります" in said
    assert "確かめたあとに変わった案件があります" not in said
