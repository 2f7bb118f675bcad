"""What the pages of those who decide, review and audit say, as strangers found it missing."""

from datetime import date, timedelta

from django.test import Client
from django.urls import reverse

from grants.applications.models import Application
from grants.payments.models import Claim
from grants.programmes.models import Call, Programme
from grants.reviews.models import Review, ReviewPanel
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.approvals import rules
from portal.approvals.ruling import Rule
from portal.cases.models import Turn
from portal.cases.proof import of_case
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow.door import begin, perform
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.markup import one_line
from tests.roles import granted


def read(person: User, address: str) -> str:
    client = Client()
    client.force_login(person)
    return one_line(client.get(address))


def reviewed(world: World, count: int) -> tuple[Call, list[Review]]:
    """A call that is scored, with as many applications before one reviewer."""
    stated = Programme.objects.get(code="sales_channel", state="approved").stated
    frame = stated.frames[0].key
    call = world.call("sales_channel", budgets=[(frame, "yen", 50_000_000), (frame, "slots", 2)])
    rows = [world.accepted("sales_channel", call=call)[0] for _n in range(count)]
    begin(
        ReviewPanel,
        by=world.officer,
        call=call,
        applications=rows,
        members=[world.staff["reviewer"]],
        due_on=clock.today() + timedelta(days=14),
    )
    return call, list(Review.objects.order_by("pk"))


def test_open_reviews_stand_before_those_that_are_over(world: World) -> None:
    _call, reviews = reviewed(world, 3)
    Review.objects.filter(pk=reviews[0].pk).update(state="scored")
    client = Client()
    client.force_login(world.staff["reviewer"])
    page = client.get(reverse("review_list"))
    shown = [[row.pk for row in page.context[name]] for name in ("mine", "over")]
    assert shown == [[reviews[1].pk, reviews[2].pk], [reviews[0].pk]]
    assert "終わった審査（1件）" in one_line(page)


def test_a_reviewer_reads_the_weights_while_scoring_and_who_steps_back(world: World) -> None:
    call, [review] = reviewed(world, 1)
    assert "教え子" in read(review.reviewer, review.get_absolute_url())
    perform(review, "declare", by=review.reviewer)
    text = read(review.reviewer, review.get_absolute_url())
    for criterion in call.stated.criteria:
        assert f"重み{criterion.weight}。" in text


def test_the_head_of_a_case_says_what_was_awarded(world: World) -> None:
    application, _person = world.accepted()
    cut = {"amount": 200_000, "cut_reason": "対象外の機器を除いた"}
    address = application.case.get_absolute_url()
    assert "決定額</dt>" not in read(world.officer, address)
    world.decided("award", [application], cut)
    head = read(world.officer, address).split("</dl>")[0]
    assert '決定額</dt><dd class="num">200,000円</dd>' in head


def test_now_to_do_says_whose_role_it_is_and_that_there_is_nothing_here(world: World) -> None:
    application, _person = world.submitted()
    text = read(world.staff["auditor"], application.case.get_absolute_url())
    now = text.split('id="now"')[1].split("</section>")[0]
    assert f"{Turn.objects.get(case=application.case).role_label}" in now
    assert "いま、あなたがここで行えることはありません" in text
    own = read(world.officer, application.case.get_absolute_url())
    assert "いま、あなたがここで行えることはありません" not in own


def test_now_to_do_leads_to_the_part_where_it_is_done(world: World) -> None:
    award, person = payments.fixed(world)
    payments.account(world, person)
    claim = begin(Claim, by=person, award=award, kind="settlement", amount=award.payable)
    text = read(world.staff["accountant"], award.case.get_absolute_url())
    now = text.split('id="now"')[1].split("</section>")[0]
    assert "あなたの番です。「請求と支払い」で行います。" in now
    assert 'href="#payments"' in now
    assert "行えることはありません" not in text
    seen = read(world.staff["auditor"], award.case.get_absolute_url())
    assert "行えることはありません" in seen
    Turn.objects.filter(case=claim.case, side="office").update(due_on=date(2020, 3, 4))
    late = read(world.staff["accountant"], award.case.get_absolute_url())
    assert "2020年3月4日（水）まで（期限を過ぎています）" in late
    inbox = read(world.staff["accountant"], "/inbox/")
    assert '<span class="inbox__over">期限超過</span>' in inbox


def test_duties_kept_apart_name_the_version_of_a_programme(world: World) -> None:
    application, _person = world.accepted()
    case = Application.objects.get(pk=application.pk).case
    named = {str(row.subject) for row in of_case(case)[0]}
    assert (
        f"{application.call.programme.name}（第{application.call.programme.revision}版）" in named
    )


def test_a_draft_says_why_it_goes_higher_than_its_rule(world: World) -> None:
    city = Municipality.objects.get(pk=SAPPORO)
    chief, other = world.staff["administrator"], world.staff["second_administrator"]
    granted(StaffRole.objects.filter(role="approver"), rank="mayor")
    table = rules.propose(city, [Rule("", None, "section_chief")], by=chief)
    rules.confirm(table, by=other)
    application, _person = world.accepted()
    asked = f"/approvals/new/?act=award&case={application.case.number}"
    text = read(world.officer, asked)
    assert f"1件でいちばん大きい額（{application.requested_amount:,}円）で決まります。" in text
    assert "規則では課長で足りますが" in text
    approval = world.approval("award", [application])
    assert "規則では課長で足りますが" in read(world.officer, approval.get_absolute_url())
