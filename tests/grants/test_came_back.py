"""What comes back after it was to be put right: the inbox says so, when it came, and what it answers."""

import re

from django.test import Client

from grants.applications.models import Application
from grants.awards.models import Award
from grants.completion import reporting
from grants.completion.models import CompletionReport
from grants.followup import filing as writing
from grants.payments.models import Claim
from portal import clock
from portal.accounts.models import User
from portal.days import day_said
from portal.workflow.door import begin, perform
from portal.workflow.drafts import keep
from tests.beginning import begins
from tests.conftest import World
from tests.grants import test_changes, test_followup
from tests.grants.test_completion import awarded, reported
from tests.grants.test_filing_time import put_right, sent_back
from tests.grants.test_payments import account, fixed
from tests.grants.test_recovery import paid
from tests.markup import one_line


def told(person: User, **chosen: str) -> list[str]:
    """What the rows of a person's inbox say of having come back."""
    client = Client()
    client.force_login(person)
    return re.findall(r'class="inbox__back">([^<]+)<', one_line(client.get("/inbox/", chosen)))


def test_a_correction_is_no_new_application(world: World) -> None:
    application, person = world.submitted()
    world.submitted()
    assert told(world.officer) == []
    sent_back(application, world.officer)
    assert told(world.officer, tab="applicant") == []
    back = put_right(Application.objects.get(pk=application.pk), person)
    day = day_said(back.corrected_at or clock.now())
    assert told(world.officer) == [f"出し直し（{day}）：指摘1（名称）への対応"]


def test_a_draft_that_goes_round_again_says_what_it_answers(world: World) -> None:
    approval = world.approval("award", [world.accepted()[0]])
    assert told(world.director) == []
    approval = perform(approval, "send_back", by=world.director, reason="根拠を足してください")
    assert told(world.officer) == []
    client = Client()
    client.force_login(world.officer)
    page = one_line(client.get(approval.get_absolute_url()))
    assert (
        page.index("差し戻された理由") < page.index("根拠を足してください") < page.index("文書番号")
    )
    approval = perform(approval, "circulate", by=world.officer)
    assert "差し戻された理由" not in one_line(client.get(approval.get_absolute_url()))
    day = day_said(approval.state_since or clock.now())
    assert told(world.director) == [f"出し直し（{day}）：「根拠を足してください」への対応"]


@begins(awarded)
def test_a_report_that_was_put_right_names_the_reason(world: World) -> None:
    award, person = world.begun(awarded)
    report = reported(world, award, person)
    assert told(world.staff["inspector"]) == []
    long = "請求書の日付が読めません。" * 20
    perform(report, "return_for_correction", by=world.officer, reason=long)
    again = reporting.submit(CompletionReport.objects.get(pk=report.pk), by=person)
    [said] = told(world.staff["inspector"])
    assert said.startswith(f"出し直し（{day_said(again.submitted_at or clock.now())}）：「請求書の")
    assert "…" in said
    assert len(said) < 100


def test_a_change_that_was_filed_again_names_the_reason(world: World) -> None:
    award, person = awarded(world, 300_000, 120_000)
    change = test_changes.file(award, person, ("別の物", "equipment", 420_000))
    assert told(world.officer) == []
    perform(change, "send_back", by=world.officer, reason="見積書を付けてください。")
    test_changes.file(award, person, ("ほかの物", "equipment", 400_000))
    [said] = told(world.officer)
    assert said.endswith("：「見積書を付けてください。」への対応")


@begins(paid)
def test_a_later_report_that_was_put_right_names_the_reason(world: World) -> None:
    award, person = world.begun(paid)
    award = Award.objects.select_related("completion_report", "case__organisation").get(pk=award.pk)
    filing = test_followup.use(world, award)
    assert told(world.officer) == []
    filing = perform(
        filing, "return_for_correction", by=world.officer, reason="写真がぼやけています。"
    )
    filing = writing.submit(keep(filing, filing.typed, seen=filing.version), by=person)
    day = day_said(filing.submitted_at or clock.now())
    assert told(world.officer) == [f"出し直し（{day}）：「写真がぼやけています。」への対応"]


@begins(fixed)
def test_a_claim_that_was_made_again_says_when(world: World) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    treasurer = world.staff["accountant"]
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    assert told(treasurer) == []
    claim = perform(claim, "send_back", by=treasurer, reason="口座の確認")
    claim = perform(claim, "claim_again", by=person)
    assert told(treasurer) == [f"出し直し（{day_said(claim.state_since or clock.now())}）"]
