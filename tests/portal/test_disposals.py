"""Records whose time is over are destroyed, handed to the archives or kept longer, by decision alone."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grants.applications.models import Application
from portal import clock
from portal.approvals.models import Approval
from portal.audit.models import Payload
from portal.cases import retention
from portal.cases.models import Case
from portal.disposals import jobs
from portal.disposals.forms import FateForm
from portal.disposals.models import Disposal
from portal.types import Given
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from reports.disclosure.models import Disclosure
from reports.disclosure.receiving import receive
from tests.conftest import World
from tests.portal.test_retention import long_after
from tools.demonstration.simulation import at

DESTROYED = {"fate": "destroy", "until": "", "reason": "保存期間が満了したため。"}
SET_ASIDE = {"fate": "set_aside", "until": "", "reason": "市の歴史に関わるため。"}


@pytest.fixture
def over(world: World) -> Iterator[Disposal]:
    """Years after a withdrawal, on the morning after the job of records."""
    application, person = world.submitted()
    application = perform(application, "withdraw", by=person)
    with clock.at(at(long_after())):
        jobs.note_records_over(0)
        yield Disposal.objects.get(case=application.case)


def decide(world: World, disposal: Disposal, given: Given) -> Disposal:
    world.decided("dispose", [disposal], given)
    return Disposal.objects.get(pk=disposal.pk)


def test_a_case_waits_once_and_keeps_everything_until_somebody_decides(over: Disposal) -> None:
    jobs.note_records_over(0)
    jobs.dispose_records(0)
    assert Disposal.objects.get().state == "due"
    assert over.kept_until < clock.today()
    assert Case.objects.get(pk=over.case_id).disposed_on is None
    assert Application.objects.get(case=over.case_id).case.title


def test_what_is_destroyed_leaves_a_line_with_its_decision(
    world: World, over: Disposal, client: Client
) -> None:
    over = decide(world, over, DESTROYED)
    assert over.state == "destroyed"
    assert Case.objects.get(pk=over.case_id).disposed_on is None  # the job erases, not the request
    jobs.dispose_records(0)
    case = Case.objects.get(pk=over.case_id)
    assert (case.disposed_on, case.title) == (clock.today(), "")
    client.force_login(world.staff["auditor"])
    page = client.get("/staff/disposals/register/").content.decode()
    approval = over.approval
    assert approval is not None
    for said in (case.number, approval.number, "保存期間が満了したため。"):
        assert said in page
    table = b"".join(client.get("/staff/disposals/register.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert approval.number in table
    assert case.organisation.name not in page + table


def test_the_decision_outlives_the_records_it_erases(world: World, over: Disposal) -> None:
    earlier = Approval.objects.count()
    over = decide(world, over, DESTROYED)
    jobs.dispose_records(0)
    approval = Approval.objects.get(items__case=over.case_id)
    assert earlier == 0
    assert approval.title not in ("", "―")
    item = approval.items.get()
    assert item.given["fate"] == "destroy"
    assert item.changes


def test_what_goes_to_the_archives_is_erased_once_they_have_it(
    world: World, over: Disposal
) -> None:
    over = decide(world, over, SET_ASIDE)
    jobs.dispose_records(0)
    assert Case.objects.get(pk=over.case_id).disposed_on is None
    given: Given = {"receipt": "2036-15", "received_on": clock.today()}
    over = perform(over, "hand_over", by=world.officer, **given)
    jobs.dispose_records(0)
    assert Case.objects.get(pk=over.case_id).disposed_on is None  # one alone has said so
    with pytest.raises(Forbidden):
        perform(over, "confirm_hand_over", by=world.officer)
    another = world.staff["second_officer"]
    over = perform(over, "not_handed_over", by=another, reason="受入番号が違う")
    assert (over.state, over.receipt, over.received_on) == ("to_archives", "", None)
    over = perform(over, "hand_over", by=world.officer, **given)
    perform(over, "confirm_hand_over", by=another)
    jobs.dispose_records(0)
    assert Case.objects.get(pk=over.case_id).disposed_on == clock.today()


@pytest.mark.parametrize("when", ["before the draft", "before the decision", "after it"])
def test_what_somebody_asked_to_read_is_kept(world: World, over: Disposal, when: str) -> None:
    def asked() -> None:
        receive(
            over.case,
            by=world.officer,
            request_number="情第3号",
            asked="決定の書類",
            received_on=clock.today(),
        )

    if when == "before the draft":
        asked()
        with pytest.raises(NotReady, match="保存する期間"):
            world.approval("dispose", [over], DESTROYED)
        return
    approval = world.approval("dispose", [over], DESTROYED)
    if when == "before the decision":
        asked()
        with pytest.raises(NotReady, match="保存する期間"):
            perform(approval, "approve", by=world.director)
        return
    perform(approval, "approve", by=world.director)
    asked()
    jobs.dispose_records(0)
    assert Case.objects.get(pk=over.case_id).disposed_on is None
    perform(Disclosure.objects.get(), "withdraw", by=world.officer, reason="取下げ")
    jobs.dispose_records(0)
    assert Case.objects.get(pk=over.case_id).disposed_on == clock.today()


def test_what_is_kept_longer_waits_again_when_its_new_day_is_over(
    world: World, over: Disposal
) -> None:
    until = clock.today() + timedelta(days=400)
    over = decide(world, over, DESTROYED | {"fate": "extend", "until": until.isoformat()})
    assert (over.state, retention.keep_until(over.case)) == ("extended", until)
    with clock.at(at(until)):
        jobs.note_records_over(0)
        assert Disposal.objects.get().state == "extended"
    with clock.at(at(until + timedelta(days=1))):
        jobs.note_records_over(0)
        assert Disposal.objects.get().state == "due"
        assert Disposal.objects.get().approval is None


def test_nothing_is_drafted_about_a_case_that_must_be_kept_again(
    world: World, over: Disposal
) -> None:
    Case.objects.filter(pk=over.case_id).update(closed_at=clock.now())
    Application.objects.filter(case=over.case_id).update(state_since=clock.now())
    over = Disposal.objects.get(pk=over.pk)
    assert retention.keep_until(over.case) is not None
    with pytest.raises(NotReady, match="まだ保存する期間"):
        world.approval("dispose", [over], DESTROYED)


def test_no_state_without_a_decision(over: Disposal) -> None:
    for state in ("destroyed", "to_archives", "handed_over", "extended"):
        with pytest.raises(IntegrityError), transaction.atomic():
            Disposal.objects.filter(pk=over.pk).update(state=state)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"fate": "extend"}, "until"),
        ({"fate": "extend", "until_y": "2000", "until_m": "1", "until_d": "1"}, "until"),
        ({"fate": "destroy", "reason": ""}, "reason"),
        ({"fate": ""}, "fate"),
    ],
)
def test_what_is_typed_of_an_end_is_whole(typed: dict[str, str], field: str) -> None:
    form = FateForm({"reason": "期間の満了", **typed})
    assert list(form.errors) == [field]


def test_the_record_says_why_a_case_was_erased(world: World, over: Disposal) -> None:
    retention.dispose(over.case, by=world.officer, label="申請者が下書きを捨てた")
    [payload] = Payload.objects.filter(
        event__action="case.dispose", event__chain=f"case:{over.case_id}"
    )
    assert payload.data()["label"] == "申請者が下書きを捨てた"
    assert "title" not in payload.data()


def test_an_officer_is_told_and_drafts_from_the_list(
    world: World, over: Disposal, client: Client
) -> None:
    client.force_login(world.officer)
    assert "扱いを待っています" in client.get("/inbox/").content.decode()
    page = client.get("/staff/disposals/").content.decode()
    assert over.case.number in page
    draft = client.get(f"/approvals/new/?act=dispose&case={over.case.number}")
    assert draft.status_code == 200
    assert "公文書館へ移管する" in draft.content.decode()
    client.force_login(world.outsider)
    assert client.get("/staff/disposals/").status_code == 404
