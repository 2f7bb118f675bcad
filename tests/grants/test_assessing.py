"""査定 by cost item: what is accepted feeds the same formula, stands in the letter, and begins the report."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grants.applications import submit
from grants.applications.models import Application, ApplicationVersion
from grants.awards import assessing
from grants.awards.assessed import AssessedItem, Assessment
from grants.awards.models import Award
from grants.completion import reporting
from portal import clock
from portal.accounts.models import User
from portal.notices.models import Notice
from portal.workflow.door import perform
from portal.workflow.errors import Changed, Forbidden, NotReady
from reports.papers.notice import draw
from tests.beginning import begins
from tests.conftest import World, set_costs
from tests.grants.test_approval_document import text_of
from tests.ledger import all_clear
from tests.markup import one_line


def two_items(world: World) -> tuple[Application, User]:
    """300,000 yen asked for, two thirds of 450,000 yen."""
    application, person = world.draft()
    set_costs(application, person, 250_000, 200_000)
    application = submit.submit(application, by=person)
    all_clear(application, by=world.officer)
    return perform(application, "accept", by=world.officer), person


CUT = [(250_000, ""), (50_000, "要綱 別表1：パソコン本体は対象外")]


@begins(two_items)
def test_the_award_follows_from_the_assessed_items(world: World, client: Client) -> None:
    application, person = world.begun(two_items)
    assert application.requested_amount == 300_000
    assessing.assess(application, [(0, "x"), (0, "y")], by=world.officer)
    made = assessing.assess(application, CUT, by=world.officer)  # put right: the last one stands
    assert (made.eligible_amount, made.amount) == (300_000, 200_000)
    assert AssessedItem.objects.count() == 2
    world.decided("award", [Application.objects.get(pk=application.pk)])
    award = Award.objects.get()
    assert (award.eligible_amount, award.awarded_amount) == (300_000, 200_000)
    assert sum(row.accepted for row in made.items.all()) == award.eligible_amount
    notice = Notice.objects.get(case=application.case, kind="award")
    items, table = dict(notice.facts["items"]), notice.facts["table"]
    assert items["経費の査定"] == "別紙2のとおり"
    assert [row[1:] for row in table["rows"]] == [
        ["250,000", "250,000", "0"],
        ["200,000", "50,000", "150,000"],
        ["450,000", "300,000", "150,000"],
        ["", "300,000", ""],
    ]
    assert table["rows"][1][0].endswith("（要綱 別表1：パソコン本体は対象外）")
    written = text_of(draw(notice))
    for said in ("別紙1", "別紙2", "要綱別表1：パソコン本体は", "補助対象経費"):
        assert said in written
    assert "経費の査定によります" in items["減額の理由"]
    assert [row["amount"] for row in reporting.starting_rows(award)] == [250_000, 50_000]
    client.force_login(person)
    page = one_line(client.get(application.case.get_absolute_url()))
    assert "パソコン本体は対象外" in page


@begins(two_items)
def test_what_does_not_fit_is_refused(world: World) -> None:
    application, _person = world.begun(two_items)
    for accepted, words in (
        ([(250_001, ""), (200_000, "")], "経費1は、0円から申請の250,000円まで"),
        ([(250_000, ""), (100_000, "")], "経費2を減らす理由"),
        ([(250_000, "")], "経費が変わっています"),
    ):
        with pytest.raises(NotReady, match=words):
            assessing.assess(application, accepted, by=world.officer)
    with pytest.raises(Forbidden):
        assessing.assess(application, CUT, by=world.director)
    assert not Assessment.objects.exists()
    made = assessing.assess(application, CUT, by=world.officer)
    for wrong in ({"accepted": 250_001}, {"accepted": -1}, {"accepted": 1, "reason": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            made.items.filter(n=1).update(**wrong)


@begins(two_items)
def test_no_more_is_awarded_than_the_assessed_items_come_to(world: World) -> None:
    application, _person = world.begun(two_items)
    assessing.assess(application, CUT, by=world.officer)
    fresh = Application.objects.get(pk=application.pk)
    with pytest.raises(NotReady, match="査定した経費による額（200,000円）まで"):
        world.approval("award", [fresh], {"amount": 250_000, "cut_reason": "x"})
    approval = world.approval("award", [fresh])
    with pytest.raises(NotReady, match="回議中"):
        assessing.assess(fresh, CUT, by=world.officer)
    perform(approval, "approve", by=world.director)
    with pytest.raises(NotReady, match="受理してから決定するまで"):
        assessing.assess(fresh, CUT, by=world.officer)


@begins(two_items)
def test_the_page_keeps_what_is_accepted(world: World, client: Client) -> None:
    application, person = world.begun(two_items)
    address = f"/cases/{application.case.number}/assessment/"
    client.force_login(world.officer)
    assert address in client.get(application.case.get_absolute_url()).content.decode()
    typed = {"item-0-accepted": "25万円", "item-0-reason": "", "item-1-accepted": "50,000"}
    typed["seen"] = assessing.basis(application)
    answer = client.post(address, typed | {"item-1-reason": ""})
    assert (answer.status_code, "経費2を減らす理由" in one_line(answer)) == (422, True)
    assert client.post(address, typed | {"item-1-reason": "対象外の品"}).status_code == 302
    assert Assessment.objects.get().amount == 200_000
    assert "対象外の品" in one_line(client.get(application.case.get_absolute_url()))
    client.force_login(person)  # nothing is told before the decision
    assert "対象外の品" not in one_line(client.get(application.case.get_absolute_url()))


@begins(two_items)
def test_a_page_drawn_before_somebody_else_assessed_writes_nothing(
    world: World, client: Client
) -> None:
    application, _person = world.begun(two_items)
    address = f"/cases/{application.case.number}/assessment/"
    drawn = assessing.basis(application)
    assessing.assess(application, CUT, by=world.officer)
    client.force_login(world.officer)
    typed = {"item-0-accepted": "1", "item-0-reason": "x"}
    typed |= {"item-1-accepted": "1", "item-1-reason": "x"}
    for seen in ({"seen": drawn}, {}):
        late = client.post(address, typed | seen)
        assert (late.status_code, "いまの内容に入力し直して" in one_line(late)) == (409, True)
        assert 'value="50,000"' in one_line(late)  # what stands now, not what was typed over it
    assert Assessment.objects.get().amount == 200_000


@begins(two_items)
def test_a_page_of_another_version_writes_nothing_though_it_has_as_many_items(
    world: World, client: Client
) -> None:
    application, person = world.begun(two_items)
    drawn = assessing.basis(application)
    version = application.last_version
    assert version is not None
    content = version.content
    content["costs"]["items"].reverse()
    ApplicationVersion.objects.create(
        application=application,
        n=version.n + 1,
        content=content,
        submitted_at=clock.now(),
        submitted_by=person,
    )
    with pytest.raises(Changed):
        assessing.assess(application, CUT, by=world.officer, seen=drawn)
    assert not Assessment.objects.exists()
