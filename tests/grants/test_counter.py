"""A case entered at the counter: the office reports, claims and declares the account for an applicant who has only paper."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.urls import reverse

from grants.applications import instead, submit
from grants.applications.models import Application
from grants.awards.acts import award_preview
from grants.awards.models import Award
from grants.completion.models import CompletionReport
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment
from portal import clock
from portal.accounts import demo, roles
from portal.accounts.models import Organisation, StaffRole, User
from portal.approvals.models import Approval
from portal.audit.models import Event
from portal.cases.models import Case
from portal.days import moment_said
from portal.documents.models import Document
from portal.notices import posting
from portal.notices.models import Notice
from portal.types import Given
from portal.ui.templatetags.ui import moment, short_moment
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.graph import LifeCycle
from tests.beginning import begins
from tests.conftest import World, set_costs
from tests.grants.test_completion import awarded, inspected, reported
from tests.grants.test_payments import answer, batched, confirmed, taken_in
from tests.ledger import all_clear
from tests.markup import one_line
from tools.demonstration import simulation

ACCOUNT = {
    "bank_code": "0116",
    "branch_code": "101",
    "kind": "1",
    "number": "1234567",
    "holder": "架空商店",
}


def decided(world: World, act: str, subject: LifeCycle) -> None:
    """Drafted by an officer other than the one who typed the case in."""
    drafter, steps = world.staff["second_officer"], [("decide", world.director)]
    draft = begin(Approval, by=drafter, act=act, title="件名", rows=[(subject, {})], steps=steps)
    perform(perform(draft, "circulate", by=drafter), "approve", by=world.director)


def begun(world: World, firm: Organisation) -> Application:
    return begin(
        Application,
        by=world.officer,
        call=world.calls["telework"],
        organisation=firm,
        on_paper=True,
        paper_consent="窓口",
        paper_received_at=clock.now(),
    )


def typed_in(world: World) -> Application:
    """Accepted, on paper: nobody of the firm has an account at the portal."""
    firm, person = simulation.organisation(world.sim)
    firm.memberships.filter(user=person).delete()
    application = begun(world, firm)
    simulation.fill(world.sim, application, world.officer, complete=True)
    set_costs(application, world.officer, 420_000)
    application = submit.submit(application, by=world.officer)
    all_clear(application, by=world.staff["second_officer"])
    return perform(application, "accept", by=world.staff["second_officer"])


def entered(world: World) -> Award:
    application = typed_in(world)
    decided(world, "award", application)
    return Award.objects.get(application=application)


def account_of(award: Award, by: User) -> BankAccount:
    kana = "カブシキガイシャ カクウショウテン"
    return begin(
        BankAccount, by=by, organisation=award.case.organisation, holder_kana=kana, **ACCOUNT
    )


def test_a_case_on_paper_is_reported_claimed_and_paid_by_the_office(world: World) -> None:
    award = entered(world)
    report = inspected(world, reported(world, award, world.officer))
    decided(world, "fix", report)
    award = Award.objects.get(pk=award.pk)
    confirmed(world, account_of(award, world.officer))
    claim = begin(Claim, by=world.officer, award=award, kind="settlement", amount=award.payable)
    claim = perform(claim, "examine", by=world.staff["accountant"])
    sent = batched(world, begin(Payment, by=world.staff["treasurer"], claim=claim))
    with clock.at(simulation.at(sent.pay_on, 18)):
        taken_in(world, sent, answer(sent))
    award = Award.objects.get(pk=award.pk)
    assert (award.state, Payment.objects.get(award=award).state) == ("closed", "paid")


def test_the_pages_of_the_applicants_side_open_for_the_officer_at_the_counter_alone(
    world: World, client: Client
) -> None:
    award = entered(world)
    begin(CompletionReport, by=world.officer, award=award)
    home = f"/cases/{award.case.number}/"
    pages = [
        f"{home}report/",
        f"{home}change/",
        f"/organisations/{award.case.organisation_id}/account/",
    ]
    client.force_login(world.officer)
    assert [client.get(page).status_code for page in pages[:2]] == [200, 200]
    assert client.get(pages[2]).status_code in (200, 302)  # asks once more who it is
    for name in ("inspector", "accountant", "approver"):
        client.force_login(world.staff[name])
        assert all(client.get(page).status_code in (302, 404) for page in pages)
        assert client.get(pages[0]).status_code == 302  # to the case
    client.force_login(world.outsider)
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]


def test_whoever_types_account_or_claim_does_not_order_to_it(world: World, client: Client) -> None:
    """The officer at the counter is finance, too; of two in finance one would be left."""
    officer = also(world.officer, "finance_officer", world)
    award = entered(world)
    report = inspected(world, reported(world, award, officer))
    decided(world, "fix", report)
    award = Award.objects.get(pk=award.pk)
    warned = "入力した職員は、確認も支出命令もできません"
    claim_page = f"/cases/{award.case.number}/claims/new/"
    client.force_login(officer)
    account = confirmed(world, account_of(award, officer))
    assert account.typed_by == officer
    assert warned not in client.get(claim_page).content.decode()  # two others are left
    with transaction.atomic():
        role = world.staff["treasurer"].staff_roles.get()
        roles.end_role(role, by=world.staff["administrator"], reason="異動")
        page = client.get(claim_page).content.decode()
        transaction.set_rollback(True)
    assert warned in page
    assert f"残る経理担当：{world.staff['accountant'].name}" in page
    claim = begin(Claim, by=world.officer, award=award, kind="settlement", amount=award.payable)
    claim = perform(claim, "examine", by=world.staff["accountant"])
    with pytest.raises(Forbidden, match="あなたは、同じ案件の支出命令はできません") as refused:
        begin(Payment, by=officer, claim=claim)
    assert [reason[:5] for reason in refused.value.reasons] == ["口座の変更", "請求の提出"]
    assert begin(Payment, by=world.staff["treasurer"], claim=claim).state == "ordered"


def test_of_what_came_on_paper_an_officer_of_another_programme_writes_nothing(
    world: World, client: Client
) -> None:
    firm, _person = simulation.organisation(world.sim)
    application = begun(world, firm)
    Case.objects.filter(pk=application.case_id).update(is_draft=False)  # as the counter's page does
    page = f"/apply/{application.case.number}/documents/"
    client.force_login(world.officer)
    assert client.get(page).status_code == 200
    both = also(world.approver, "programme_officer", world, programme_code="no_such")
    client.force_login(both)
    assert client.get(application.case.get_absolute_url()).status_code == 200
    assert [client.get(page).status_code, client.post(page, {}).status_code] == [404, 404]


def also(person: User, role: str, world: World, **terms: str) -> User:
    StaffRole.objects.create(
        person=person,
        role=role,
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
        **terms,
    )
    return User.objects.get(pk=person.pk)


@begins(awarded)
def test_of_a_case_filed_online_the_office_writes_nothing_for_the_applicant(world: World) -> None:
    award, _person = world.begun(awarded)
    with pytest.raises(Forbidden, match="申請をした方ではありません"):
        begin(CompletionReport, by=world.officer, award=award)
    with pytest.raises(Forbidden):
        account_of(award, world.officer)
    with pytest.raises(Forbidden):
        perform(award, "withdraw", by=world.officer)


PAPER: Given = {
    "paper": "取下届　12月2日　代表者が窓口に持参",
    "reason": "資金の都合がつかないため。",
}


def test_the_applicant_at_the_counter_may_withdraw(world: World, client: Client) -> None:
    """From the applicant's own paper, and with a letter that waits to be posted."""
    award = entered(world)
    act = f"/do/award/{award.pk}/withdraw/"
    client.force_login(world.officer)
    page = client.get(act).content.decode()
    assert "申請者から届いた書面" in page
    attempts: list[Given] = [{}, {"reason": "x"}, {"paper": "x"}]
    for typed in attempts:
        with pytest.raises(NotReady, match="申請者から届いた書面"):
            perform(award, "withdraw", by=world.officer, **typed)
        answer = client.post(act, typed | {"seen": award.version, "key": "k"})
        assert answer.status_code == 422
    assert Award.objects.get(pk=award.pk).state == "active"
    assert client.post(act, PAPER | {"seen": award.version, "key": "k"}).status_code == 302
    assert Award.objects.get(pk=award.pk).state == "withdrawn"
    letter = Notice.objects.get(case=award.case, kind="withdrawal")
    for said in (["届いた書面", PAPER["paper"]], ["理由", PAPER["reason"]]):
        assert said in letter.facts["items"]
    letter = perform(letter, "deliver", by=User.objects.system())
    assert letter in posting.waiting(world.officer)
    done = Event.objects.get(action="award.withdraw")
    given = done.payload.data()["given"]
    assert isinstance(given, dict)
    assert (done.capacity, given["paper"]) == ("counter", PAPER["paper"])


@pytest.mark.parametrize("by_firm", [True, False])
def test_a_letter_goes_out_for_what_the_office_took_in_and_for_nothing_else(
    world: World, by_firm: bool
) -> None:
    firm, person = simulation.organisation(world.sim)
    application = begun(world, firm)
    simulation.fill(world.sim, application, world.officer, complete=True)
    set_costs(application, world.officer, 420_000)
    application = submit.submit(application, by=world.officer)
    given: Given = {} if by_firm else PAPER
    by = person if by_firm else world.officer
    assert perform(application, "withdraw", by=by, **given).state == "withdrawn"
    letters = Notice.objects.filter(case=application.case, kind="withdrawal")
    assert letters.count() == (not by_firm)


def test_whoever_typed_the_application_in_does_not_draft_its_decision(world: World) -> None:
    award = entered(world)
    with pytest.raises(Forbidden, match="申請の提出をしたあなたは、同じ案件の起案はできません"):
        world.approval("cancel", [award], {"reason": "x"})


def test_who_ranks_and_who_decides_read_that_a_moment_was_typed(
    world: World, client: Client
) -> None:
    application = typed_in(world)
    since = short_moment(application.case.opened_at)
    client.force_login(world.staff["second_officer"])
    page = one_line(client.get(reverse("ranking", args=[application.call_id])))
    assert f"{since}から職員が入力" in page
    rows = {what: after for what, _before, after in award_preview(application, {})}
    assert moment_said(application.paper_received_at or clock.now()) in rows["紙の申請"]
    online, _person = world.accepted("telework")
    assert "紙の申請" not in {what for what, *_rest in award_preview(online, {})}


def test_whoever_filed_for_the_applicant_does_not_look_it_over(world: World) -> None:
    award = entered(world)
    report = reported(world, award, world.officer)
    for role in ("inspector", "finance_officer"):
        world.officer.staff_roles.create(
            role=role, starts_on="2020-01-01", granted_by=world.director
        )
    world.officer.forget_roles()
    seen: Given = {
        "inspected_on": award.awarded_on,
        "inspection_kind": "paper",
        "inspection_note": "見た",
    }
    with pytest.raises(Forbidden, match="実績報告の提出をしたあなたは"):
        perform(report, "inspect", by=world.officer, **seen)
    decided(world, "fix", inspected(world, report))
    account_of(award, world.officer)
    claim = begin(
        Claim,
        by=world.officer,
        award=Award.objects.get(pk=award.pk),
        kind="settlement",
        amount=1_000,
    )
    with pytest.raises(Forbidden, match="請求の提出をしたあなたは"):
        perform(claim, "examine", by=world.officer)


def paper(world: World, moment: datetime) -> dict[str, str]:
    """What the officer types of a paper that reached the counter at `moment`."""
    local = moment.astimezone(clock.JST)
    day = {
        f"received_on_{part}": str(n)
        for part, n in (("y", local.year), ("m", local.month), ("d", local.day))
    }
    call = str(world.calls["telework"].pk)
    return day | {
        "name": "架空商店",
        "call": call,
        "received_time": f"{local:%H:%M}",
        "consent": "窓口で書面",
    }


def test_a_paper_arrives_when_it_reached_the_counter_though_typed_in_later(
    world: World, client: Client
) -> None:
    period = world.calls["telework"].periods.get()
    number = {"corporate_number": str(simulation.organisation(world.sim)[0].corporate_number)}
    received = period.closes_at.replace(second=0, microsecond=0) - timedelta(minutes=5)
    with clock.at(period.closes_at + timedelta(days=3)):
        client.force_login(world.officer)
        assert client.post("/staff/paper/", paper(world, received) | number).status_code == 302
        application = Application.objects.get(paper_received_at=received)
        simulation.fill(world.sim, application, world.officer, complete=True)
        done = submit.submit(application, by=world.officer)
    version = done.last_version
    assert version is not None
    assert (done.arrived_at, done.case.submitted_at, version.submitted_at) == (
        received,
        received,
        received,
    )


def test_a_paper_outside_the_intake_or_of_a_call_long_closed_is_refused(
    world: World, client: Client
) -> None:
    period = world.calls["telework"].periods.get()
    client.force_login(world.officer)
    with clock.at(period.closes_at + timedelta(days=3)):
        late = client.post("/staff/paper/", paper(world, period.closes_at + timedelta(hours=1)))
        ahead = client.post("/staff/paper/", paper(world, clock.now() + timedelta(hours=1)))
    assert (late.status_code, ahead.status_code) == (422, 422)
    assert "受付期間に入っていません" in late.content.decode()
    assert (
        "いまより後の時刻です" in ahead.content.decode() or "今日までの日" in ahead.content.decode()
    )
    with clock.at(period.closes_at + timedelta(days=61)):
        page = client.post("/staff/paper/", paper(world, period.closes_at - timedelta(hours=1)))
    assert page.status_code == 422
    assert not Application.objects.filter(case__on_paper=True).exists()


def test_the_case_page_and_the_record_say_that_it_was_entered_at_the_counter(
    world: World, client: Client
) -> None:
    award = entered(world)
    reported(world, award, world.officer)
    Application.objects.filter(pk=award.application_id).update(paper_consent="窓口で署名")
    received = award.application.paper_received_at
    for person in (world.officer, User.objects.filter(staff_roles__role="auditor")[0]):
        client.force_login(person)
        page = client.get(award.case.get_absolute_url(), follow=True).content.decode()
        facts = page.partition('id="counter-h"')[2].partition("</section>")[0]
        assert "窓口で受け付けた案件（代行入力）" in facts
        assert all(said in facts for said in ("窓口で署名", moment(received), world.officer.name))
        log = page.partition('id="log"')[2]
        assert f"{world.officer.name}（窓口で代行）" in "".join(log.split("\n")).replace("  ", "")
    filed = Event.objects.filter(action__in=["application.submit", "completionreport.submit"])
    assert set(filed.values_list("capacity", flat=True)) == {"counter"}
    assert Event.objects.get(action="application.accept").capacity == "office"


def test_nothing_on_paper_is_submitted_without_a_copy_of_the_paper(world: World) -> None:
    firm = simulation.organisation(world.sim)[0]
    application = begun(world, firm)
    simulation.fill(world.sim, application, world.officer, complete=True)
    Document.objects.filter(case=application.case, key="paper_scan").update(removed_at=clock.now())
    with pytest.raises(NotReady, match="書類"):
        submit.submit(application, by=world.officer)
    assert instead.missing(application) == ["紙の申請書の写し"]


def test_the_applicant_who_came_online_later_reads_that_the_counter_did_it(
    world: World, client: Client
) -> None:
    award = entered(world)
    person = User.objects.create_user("later@example.jp", name="後から 登録")
    award.case.organisation.memberships.create(user=person, role="representative")
    client.force_login(person)
    page = client.get(award.case.get_absolute_url()).content.decode().partition("これまでの記録")[2]
    assert "札幌市（窓口で代行）" in page
    assert world.officer.name not in page


def test_an_invented_paper_opens_no_account_and_is_told_to_the_firm(
    world: World, client: Client, post: Callable[[], list[EmailMessage]]
) -> None:
    """Of a firm with people online the counter sees no account, and they hear of a paper."""
    firm, person = simulation.organisation(world.sim)
    client.force_login(world.officer)
    client.post("/accounts/reauthenticate/", {"password": demo.PASSWORD})
    number = {"corporate_number": str(firm.corporate_number)}
    sent = client.post("/staff/paper/", paper(world, clock.now() - timedelta(hours=1)) | number)
    assert sent.status_code == 302
    assert firm.cases.filter(on_paper=True).count() == 1
    told = [(mail.to, "紙の申請書" in mail.subject) for mail in post()]
    assert told == [([person.email], True)]
    page = reverse("bank_account", args=[firm.pk])
    assert client.get(page).status_code == 404
    firm.memberships.update(left_at=clock.now())
    assert client.get(page).status_code == 200


def test_the_counter_reads_no_link_to_an_account_that_is_the_firms_own(
    world: World, client: Client
) -> None:
    award = entered(world)
    report = inspected(world, reported(world, award, world.officer))
    decided(world, "fix", report)
    firm = award.case.organisation
    link = f'href="{reverse("bank_account", args=[firm.pk])}"'
    pages = [award.case.get_absolute_url(), f"/cases/{award.case.number}/claims/new/"]
    client.force_login(world.officer)
    assert [link in client.get(page).content.decode() for page in pages] == [True, True]
    firm.memberships.create(user=world.outsider, role="representative")
    assert [link in client.get(page).content.decode() for page in pages] == [False, False]
    assert "この事業者の方が、ポータルで届け出ます" in client.get(pages[1]).content.decode()


def test_whoever_hands_a_claim_in_again_does_not_check_it(world: World) -> None:
    award = entered(world)
    report = inspected(world, reported(world, award, world.officer))
    decided(world, "fix", report)
    confirmed(world, account_of(award, world.officer))
    award = Award.objects.get(pk=award.pk)
    claim = begin(Claim, by=world.officer, award=award, kind="settlement", amount=award.payable)
    claim = perform(claim, "send_back", by=world.staff["accountant"], reason="x")
    both = world.staff["treasurer"]
    both.staff_roles.create(
        role="programme_officer", starts_on=clock.today(), granted_by=world.officer
    )
    both.forget_roles()
    claim = perform(claim, "claim_again", by=both)
    with pytest.raises(Forbidden, match="請求の提出をしたあなた"):
        perform(claim, "examine", by=both)


def test_the_counter_corrects_an_account_that_it_declared(world: World) -> None:
    award = entered(world)
    first = account_of(award, world.officer)
    kana = "カブシキガイシャ カクウショウテン"
    corrected = begin(
        BankAccount,
        by=world.officer,
        organisation=award.case.organisation,
        holder_kana=kana,
        **ACCOUNT | {"number": "7654321"},
    )
    before = BankAccount.objects.get(pk=first.pk)
    assert (before.state, corrected.state) == ("replaced", "declared")
