"""Confirming the tests of a route."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record_about
from portal.workflow import duties
from portal.workflow.door import door, touch
from portal.workflow.errors import NotReady
from startups.rollouts.models import Confirmation, Rollout
from startups.rollouts.states import BEFORE_CONTRACT


def confirm(rollout: Rollout, key: str, *, note: str, by: User) -> None:
    """Confirm one test of the route, until the contract.

    Raises Forbidden, or NotReady for a test that the route does not have.
    """
    demand(by, rollout, "challenge_owner")
    with door(by, [rollout.case, rollout]):
        fresh = Rollout.objects.get(pk=rollout.pk)
        if fresh.state not in BEFORE_CONTRACT:
            raise NotReady(_("契約のあとは、要件の記録を変えられません。"))
        if key not in dict(fresh.tests):
            raise NotReady(_("この方法の要件ではありません。"))
        duties.take_all(by, fresh.duty_subjects(), "specify_contract")
        said = {"note": note, "by": by, "on": clock.today()}
        Confirmation.objects.update_or_create(rollout=fresh, key=key, defaults=said)
        record_about(
            rollout,
            "rollout.confirm",
            by=by,
            capacity=by.capacity_for(rollout),
            label=gettext_noop("契約の方法の要件を確かめました"),
            text=f"{dict(fresh.tests)[key]}　{note}",
        )
        touch(rollout.case)
