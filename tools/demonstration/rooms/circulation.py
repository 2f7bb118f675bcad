"""Who decides up to which sum in Sapporo, and drafts that wait at each step of their way. Fictitious."""

from datetime import timedelta

from grants.applications.models import Application
from grants.programmes.models import Call
from portal import clock
from portal.accounts import roles
from portal.accounts.models import User
from portal.approvals import rules
from portal.approvals.models import Approval
from portal.approvals.models.rules import RuleTable
from portal.approvals.ruling import Rule
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow.door import begin, perform
from tools.demonstration import simulation
from tools.demonstration.simulation import World

RANKS = {"approver": "section_chief", "director": "department_head"}
RULES = (Rule("", 3_000_000, "section_chief"), Rule("", None, "department_head"))
ROUTE = (
    ("agree", "approver"),
    ("consult", "accountant"),
    ("consult", "inspector"),
    ("decide", "director"),
)
# how many stations have agreed of each draft that circulates; the first is not sent on yet
AGREED = ((), ("approver",), ("approver", "accountant", "inspector"))


def run(world: World, _applications: object) -> None:
    if RuleTable.objects.exists():
        return
    with clock.at(clock.now() - timedelta(days=1)):  # other rooms work some hours ago
        for name, rank in RANKS.items():
            _rank(world, world.staff[name], rank)
    table = rules.propose(
        Municipality.objects.get(pk=SAPPORO), list(RULES), by=world.staff["administrator"]
    )
    rules.confirm(table, by=world.staff["second_administrator"])
    _drafts(world)


def _rank(world: World, person: User, rank: str) -> None:
    """A role stays as it was granted: it ends, and one with a rank begins."""
    first, second = world.staff["administrator"], world.staff["second_administrator"]
    for role in person.staff_roles.filter(role="approver"):
        roles.end_role(role, by=first, reason="異動")
    ranked = roles.propose(person, "approver", by=first, starts_on=clock.today(), rank=rank)
    roles.confirm(ranked, by=second)


def _drafts(world: World) -> None:
    """One that is still with its drafter, one at each station, and one that was sent back."""
    call = next((call for call in world.calls if _takes_as_they_come(call)), None)
    if call is None:
        return
    for agreed in (None, *AGREED, "sent back"):
        _draft(world, simulation.one_case(world, call, "decided"), agreed)


def _takes_as_they_come(call: Call) -> bool:
    """Is a subsidy of it decided case by case, and now?"""
    stated = call.stated
    by_arrival = (stated.kind, stated.selection) == ("subsidy", "first_come")
    return by_arrival and not simulation.is_over(call)


def _draft(world: World, application: Application, agreed: tuple[str, ...] | str | None) -> None:
    officer = world.staff["officer"]
    approval = begin(
        Approval,
        by=officer,
        act="award",
        title=f"{application.stated.name.ja}　交付決定",
        rows=[(application, {})],
        steps=[(kind, world.staff[name]) for kind, name in ROUTE],
    )
    if agreed is None:
        return
    approval = perform(approval, "circulate", by=officer)
    if agreed == "sent back":
        reason = "見積書の宛名を確かめてください。"
        perform(approval, "send_back", by=world.staff["approver"], reason=reason)
        return
    for name in agreed:
        approval = perform(approval, "agree", by=world.staff[name])
