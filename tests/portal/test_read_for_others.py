"""Whom a draft brings its cases before: whoever has a step of its route as it is now, whoever decided one,
and a deputy exactly while they may act (decision 0137).
"""

from datetime import timedelta

import pytest

from portal import clock
from portal.accounts import absences
from portal.accounts.models import Deputy, User
from portal.approvals.models import Approval
from portal.cases.models import Case
from portal.workflow.door import perform
from tests.absences import away, named
from tests.conftest import World
from tests.portal.test_approval_rounds import again
from tests.portal.test_approvals import drafted, limited
from tests.portal.test_standing_in import in_days, waits_at_most
from tests.roles import without_triggers


def reads(person: User, approval: Approval) -> tuple[bool, bool]:
    """Does the person read the draft, and its case?"""
    fresh = User.objects.get(pk=person.pk)
    cases = Case.objects.visible_to(fresh).filter(pk=approval.items.get().case_id)
    return Approval.objects.visible_to(fresh).filter(pk=approval.pk).exists(), cases.exists()


def consulted(world: World, *more: tuple[str, User]) -> Approval:
    """A draft about a case that only its draft brings before finance."""
    steps = [("consult", world.staff["accountant"]), *more, ("decide", world.director)]
    return perform(drafted(world, 1, "award", *steps), "circulate", by=world.officer)


@pytest.mark.parametrize(
    ("how", "is_read"),
    [
        ("away", True),
        ("waited", True),
        ("there", False),
        ("not yet away", False),
        ("ended", False),
        ("not confirmed", False),
        ("of another role", False),
        ("scope", False),
        ("role over", False),
    ],
)
def test_a_deputy_reads_a_draft_exactly_while_they_may_act(
    world: World, how: str, is_read: bool
) -> None:
    accountant, treasurer = world.staff["accountant"], world.staff["treasurer"]
    if how == "not confirmed":
        absences.name(accountant, "finance_officer", treasurer, by=world.staff["administrator"])
    else:
        [deputy] = named(accountant, treasurer, role="finance_officer")
        if how == "ended":
            absences.end(deputy, by=accountant)
        elif how == "of another role":
            with without_triggers():
                Deputy.objects.filter(pk=deputy.pk).update(role="inspector")
    if how == "waited":
        waits_at_most(world, 2)
    elif how != "there":
        away(accountant, first=1 if how == "not yet away" else 0)
    approval = consulted(world)
    if how == "scope":
        limited(treasurer, programme_code="dx_promotion")
    elif how == "role over":
        limited(treasurer, ends_on=clock.today() - timedelta(days=1))
        treasurer.staff_roles.create(
            role="inspector", starts_on=clock.today(), granted_by=world.staff["administrator"]
        )
    with in_days(2 if how == "waited" else 0):
        assert reads(treasurer, approval) == (is_read, is_read)


def test_whoever_stood_in_reads_on_what_they_decided(world: World) -> None:
    accountant, treasurer = world.staff["accountant"], world.staff["treasurer"]
    [deputy] = named(accountant, treasurer, role="finance_officer")
    absence = away(accountant)
    approval = perform(consulted(world), "agree_as_deputy", by=treasurer)
    absences.take_back(absence, by=accountant)
    absences.end(deputy, by=accountant)
    assert reads(treasurer, approval) == (True, True)


def test_whoever_is_asked_no_more_reads_no_more(world: World) -> None:
    """A route without them, before they had said anything."""
    treasurer = world.staff["treasurer"]
    approval = consulted(world, ("consult", treasurer))
    assert reads(treasurer, approval) == (True, True)
    approval = perform(approval, "send_back", by=world.staff["accountant"], reason="x")
    approval = again(world, approval)
    assert reads(treasurer, approval) == (False, False)
    assert reads(world.staff["accountant"], approval) == (True, True)
