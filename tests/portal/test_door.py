"""The one door: nothing else runs a transition; it refuses, records, and is all or nothing."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django_fsm import TransitionNotAllowed

from grants.applications.models import Application
from portal.approvals.models import Approval
from portal.audit.models import Event
from portal.cases.interests import declare
from portal.cases.models import Turn
from portal.workflow.door import actions, begin, perform
from portal.workflow.errors import Forbidden, NotReady, Refused, Stale, WrongState
from portal.workflow.models import Duty
from tests.beginning import begins
from tests.conftest import World


def test_a_direct_call_of_a_transition_is_refused(world: World) -> None:
    application, _person = world.submitted()
    with pytest.raises(TransitionNotAllowed):
        application.accept()


def test_the_state_cannot_be_assigned(world: World) -> None:
    application, _person = world.draft()
    with pytest.raises(AttributeError):
        application.state = "awarded"


def test_an_unknown_state_is_refused_by_the_database(world: World) -> None:
    application, _person = world.draft()
    with pytest.raises(IntegrityError, match="applications_state"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(state="nonsense")


def test_perform_records_who_when_why_and_bumps_the_version(world: World) -> None:
    application, person = world.submitted()
    done = perform(application, "withdraw", by=person, reason="計画を見直すため")
    event = Event.objects.filter(chain=f"case:{application.case_id}").latest("pk")
    assert (event.actor, event.before, event.after, event.capacity) == (
        person,
        "submitted",
        "withdrawn",
        "representative",
    )
    assert event.payload.data()["reason"] == "計画を見直すため"
    assert done.version == application.version + 1


def test_a_stale_version_is_refused(world: World) -> None:
    application, person = world.submitted()
    with pytest.raises(Stale):
        perform(application, "withdraw", by=person, seen=application.version - 1)


def test_the_same_key_gets_the_first_result(world: World) -> None:
    application, person = world.submitted()
    first = perform(application, "withdraw", by=person, key="k1")
    again = perform(application, "withdraw", by=person, key="k1")
    assert (first.pk, first.version) == (again.pk, again.version)


def test_a_wrong_state_is_refused_in_words(world: World) -> None:
    application, _person = world.draft()
    with pytest.raises(WrongState, match="下書き"):
        perform(application, "accept", by=world.officer)


def test_an_outsider_is_refused(world: World) -> None:
    application, _person = world.submitted()
    with pytest.raises(Forbidden):
        perform(application, "withdraw", by=world.outsider)


def test_a_requirement_names_what_is_missing(world: World) -> None:
    application, _person = world.submitted()
    with pytest.raises(NotReady, match="確認が終わっていません"):
        perform(application, "accept", by=world.officer)
    assert Application.objects.get(pk=application.pk).state == "submitted"


def test_the_button_is_shown_with_its_reason(world: World) -> None:
    application, _person = world.submitted()
    shown = {
        action.spec.name: bool(action.reasons) for action in actions(world.officer, application)
    }
    assert shown == {"accept": True, "return_for_correction": True}


@begins(World.accepted)
def test_a_failure_in_the_middle_leaves_nothing(world: World) -> None:
    application, _person = world.begun(World.accepted)
    approval = world.approval("award", [application])
    Application.objects.filter(pk=application.pk).update(
        requested_amount=1
    )  # the draft's row says more than that
    approval.items.update(given={"amount": 2, "cut_reason": "x"})
    before = (Event.objects.count(), Turn.objects.count(), Duty.objects.count())
    with pytest.raises(Refused), transaction.atomic():
        perform(approval, "approve", by=world.director)
    assert (Event.objects.count(), Turn.objects.count(), Duty.objects.count()) == before
    assert Application.objects.get(pk=application.pk).state == "accepted"


def test_one_live_application_per_call_and_organisation(world: World) -> None:
    application, person = world.draft()
    with pytest.raises(NotReady, match="すでに申請"):
        begin(
            Application,
            by=person,
            call=application.call,
            organisation=application.case.organisation,
        )


@begins(World.accepted)
@pytest.mark.parametrize("name", ["director", "approver"])
def test_nobody_drafts_and_approves_the_same_case(world: World, name: str) -> None:
    application, _person = world.begun(World.accepted)
    drafter = world.staff[name]
    with pytest.raises(NotReady, match="受け持てません"):
        begin(
            Approval,
            by=drafter,
            act="award",
            title="t",
            rows=[(application, {})],
            steps=[("decide", drafter)],
        )


def test_a_declared_interest_forbids_every_duty(world: World) -> None:
    application, _person = world.submitted()
    declare(application.case, by=world.officer, detail="親族")
    assert actions(world.officer, application) == []


def test_a_key_is_good_for_one_transition_of_one_row_alone(world: World) -> None:
    """A key that answered one form is no answer to another: nothing is called done that was not."""
    first, person = world.draft(complete=False)
    begun = begin(
        Application,
        by=person,
        call=world.call("telework", round_no=9),
        organisation=first.case.organisation,
        key="k",
    )
    assert perform(first, "discard", by=person, key="k").state == "withdrawn"
    assert perform(begun, "discard", by=person, key="k").state == "withdrawn"
    assert (
        perform(begun, "discard", by=person, key="k").pk == begun.pk
    )  # the second press gets the first result


def test_reading_a_button_presses_nothing(world: World, client: Client) -> None:
    application, _person = world.submitted()
    client.force_login(world.officer)
    for name in application.specs():
        client.get(f"/do/application/{application.pk}/{name}/")
    fresh = type(application).objects.get(pk=application.pk)
    assert (fresh.state, fresh.version) == (application.state, application.version)
