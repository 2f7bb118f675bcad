"""The fictitious year's money back:
of the paid cases one is revoked in part, one in whole and pays back half.
"""

from datetime import timedelta

from grants.applications.models import Application
from grants.awards.models import Award
from grants.recovery import broken, collecting
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.types import Given
from portal.workflow.door import begin, perform
from tools.demonstration.simulation import World


def run(world: World, applications: list[Application]) -> None:
    """Needs two closed awards that nothing is asked back of; does nothing where there are fewer."""
    closed = list(
        Award.objects.filter(application__in=applications, state="closed", recoveries=None)
        .select_related("application__call", "case")
        .order_by("-pk")[:2]
    )
    if len(closed) < 2:
        return
    given: Given = {
        "broken": [_number_of(closed[0], "目的外に使い、貸し")],
        "reason": "補助金で買った機器を、承認を受けずに貸し付けていたため",
        "how": "written",
        "asked_on": f"{clock.today() - timedelta(days=45)}",
        "answer_by": f"{clock.today() - timedelta(days=25)}",
        "heard": "管理の誤りであり、二度と行わないとの弁明があった。",
        "with_surcharge": True,
    }
    with clock.at(clock.now() - timedelta(days=15)):
        decide(
            world.staff,
            "revoke_part",
            closed[0],
            given | {"amount": (closed[0].fixed_amount or 2) // 2},
        )
        decide(
            world.staff,
            "revoke",
            closed[1],
            given
            | {
                "broken": [_number_of(closed[1], "偽りその他不正")],
                "reason": "事業を行ったように見せかけていたため",
            },
        )
    with clock.at(clock.now() - timedelta(days=5)):
        recovery = Recovery.objects.get(award=closed[1])
        half = recovery.principal // 2
        collecting.receive(
            recovery,
            amount=half,
            paid_on=clock.today(),
            by=world.staff["accountant"],
            note="納付書 1",
        )


def _number_of(award: Award, words: str) -> str:
    """The number of the condition that says so; the whole rule on revocation where none does."""
    rows = broken.announced(award)
    return next((row.number for row in rows if words in row.text), rows[-1].number)


def decide(staff: dict[str, User], act: str, award: Award, given: Given) -> None:
    title = f"{award.case.programme_name}　{award.case.organisation.name}"
    approval = begin(
        Approval,
        by=staff["officer"],
        act=act,
        title=title,
        rows=[(award, given)],
        steps=[("decide", staff["director"])],
    )
    perform(perform(approval, "circulate", by=staff["officer"]), "approve", by=staff["director"])
