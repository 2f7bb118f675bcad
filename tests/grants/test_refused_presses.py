"""Whoever may not hand in presses "submit", and no officer takes that for a fault of ours."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import drafts, submit
from grants.applications.attempts import STOPPED, SubmissionAttempt
from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User
from portal.workflow.errors import Forbidden, NotReady, Stale
from tests.conftest import World
from tests.grants.test_amending import begun
from tests.portal.test_firms import unprove


def of_stranger(world: World) -> tuple[Application, User]:
    """Somebody who typed the number of a firm that nobody proved to be theirs."""
    application, person = world.draft()
    unprove(application)
    return Application.objects.get(pk=application.pk), person


def of_member(world: World) -> tuple[Application, User]:
    application, _representative = world.draft()
    member = world.people["member"]
    member.memberships.create(organisation=application.case.organisation, role="member")
    return application, member


def of_adviser(world: World) -> tuple[Application, User]:
    """One who was entrusted with drafting alone."""
    application, representative = world.draft()
    application.case.organisation.delegations.create(
        adviser=world.outsider,
        granted_by=representative,
        programme_code="",
        may_submit=False,
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=30),
    )
    return application, world.outsider


PLEDGED = dict.fromkeys(("truth", "rules", "antisocial"), "on")
PRESSED_BY = {"stranger": of_stranger, "member": of_member, "adviser": of_adviser}


@pytest.mark.parametrize("who", PRESSED_BY)
def test_what_may_not_be_handed_in_is_no_fault_of_ours(
    world: World, client: Client, who: str
) -> None:
    application, person = PRESSED_BY[who](world)
    with pytest.raises(Forbidden):
        submit.submit(application, by=person)
    client.force_login(person)
    at = reverse("application_review", args=[application.case.number])
    seen = drafts.draft_hash(application)
    assert client.post(at, PLEDGED | {"seen": seen}).status_code == 422
    assert not SubmissionAttempt.objects.exists()


def test_of_two_mandates_the_one_that_may_hand_in_is_enough(world: World) -> None:
    application, adviser = of_adviser(world)
    mandate = adviser.delegations.get()
    assert Application.specs()["submit"].permission.reasons(adviser, application)
    adviser.delegations.create(
        organisation=mandate.organisation,
        granted_by=mandate.granted_by,
        programme_code=application.case.programme_code,
        may_submit=True,
        starts_on=mandate.starts_on,
        ends_on=mandate.ends_on,
    )
    assert not Application.specs()["submit"].permission.reasons(adviser, application)


@pytest.mark.parametrize("who", PRESSED_BY)
def test_nor_does_an_officer_honour_it(world: World, who: str) -> None:
    """As rows say that were kept before."""
    application, person = PRESSED_BY[who](world)
    attempt = application.attempts.create(
        arrived_at=clock.now(),
        by=person,
        draft_hash=drafts.draft_hash(application),
        outcome="failed",
    )
    with pytest.raises(NotReady, match="この申請を提出できません"):
        submit.honour(attempt, by=world.officer, reason="障害")
    assert Application.objects.get(pk=application.pk).state == "draft"


def test_what_the_door_refuses_is_no_fault_of_ours_either(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = world.draft()

    def refuse(*_row: object, **_given: object) -> None:
        raise Stale("その間に書き換えられました。")

    monkeypatch.setattr(submit, "perform", refuse)
    with pytest.raises(Stale):
        submit.submit(application, by=person)
    assert application.attempts.get().outcome == "refused"
    assert "refused" not in STOPPED


def test_a_version_anew_that_we_stopped_is_honoured(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = begun(world)

    def down(_documents: object) -> None:
        raise OSError("storage is down")

    with monkeypatch.context() as patch:
        patch.setattr(submit, "demand_ready", down)
        with pytest.raises(OSError, match="down"):
            submit.submit(application, by=person)
    attempt = SubmissionAttempt.objects.stopped().get()
    done = submit.honour(attempt, by=world.officer, reason="保管庫の障害")
    assert (done.state, done.amended_at) == ("submitted", attempt.arrived_at)
