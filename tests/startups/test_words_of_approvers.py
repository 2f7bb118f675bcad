"""Why a draft was sent back is said beside its turn to who opens the draft, and to nobody else."""

import pytest
from django.test import Client

from portal.approvals.models import Approval
from portal.workflow.door import begin, perform
from startups.pilots.models import Pilot
from tests.conftest import World
from tests.markup import one_line
from tests.startups.test_pilots import running as running
from tools.demonstration.rooms import pilots

SAID = "警察の回答を先に確かめること"


@pytest.mark.parametrize(
    ("name", "opens"), [("owner", False), ("officer", True), ("approver", True), ("auditor", True)]
)
def test_in_the_inbox(world: World, running: Pilot, name: str, opens: bool) -> None:
    staff = world.staff
    application = pilots.applied(running, world.sim)
    steps = [("agree", staff["approver"]), ("decide", staff["director"])]
    approval = begin(
        Approval, by=staff["officer"], act="award", title="x", rows=[(application, {})], steps=steps
    )
    approval = perform(approval, "circulate", by=staff["officer"])
    approval = perform(approval, "send_back", by=staff["approver"], reason=SAID)
    approval = perform(approval, "circulate", by=staff["officer"])
    client = Client()
    client.force_login(staff[name])
    inbox = "".join(one_line(client.get(f"/inbox/?tab={tab}")) for tab in ("mine", "others"))
    case = one_line(client.get(application.case.get_absolute_url()))
    assert application.case.number in inbox  # the turn stands there for all
    assert (client.get(approval.get_absolute_url()).status_code == 200) is opens
    assert (SAID in inbox) is opens
    if not opens:
        assert SAID not in case
