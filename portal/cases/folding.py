"""Which parts of a case page are open for whom; all others are one press away."""

from collections.abc import Iterable, Mapping

from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case, Turn
from portal.cases.ports import applicant_ways

APPLICANT = "applicant"
# part → for whom it is open: what this role does, or decides from. A role that stands nowhere sees
# the turn and the names of the parts
OPEN: Mapping[str, tuple[str, ...]] = {
    "answers": ("programme_officer", "approver", "challenge_owner", "concierge", "reviewer"),
    "challenges": ("challenge_owner", "concierge", "reviewer", APPLICANT),
    "ledger": ("programme_officer",),
    "reviews": ("approver", "reviewer"),
    "registry": ("programme_officer",),
    "signals": ("programme_officer",),
    "outside": (),
    "assessment": ("programme_officer", "approver", APPLICANT),
    "award": (APPLICANT,),
    "completion": ("inspector", APPLICANT),
    "payments": ("finance_officer", "accounting_officer", APPLICANT),
    "recovery": ("finance_officer", APPLICANT),
    "followup": (APPLICANT,),
    "seats": (APPLICANT,),
    "matches": ("challenge_owner", "concierge", APPLICANT),
    "pilots": ("challenge_owner", "concierge", APPLICANT),
    "rollouts": ("challenge_owner", "concierge", APPLICANT),
    "talk": (APPLICANT,),
    "said": (),
    "mails": (),
    "record": (),
}
# row that makes a turn → the part in which it is done: open for whose turn it is
DONE_IN: Mapping[str, str] = {
    "application": "answers",
    "check": "ledger",
    "award": "completion",
    "changerequest": "award",
    "completionreport": "completion",
    "claim": "payments",
    "payment": "payments",
    "paymentbatch": "payments",
    "bankaccount": "payments",
    "recovery": "recovery",
    "filing": "followup",
    "match": "matches",
    "enrolment": "seats",
    "": "talk",
}
# part → another in which its turn may be done as well: a proposal goes on to the review or to matching
BESIDE: Mapping[str, str] = {"answers": "matches"}


def unfolded(user: User, case: Case, turns: Iterable[Turn]) -> frozenset[str]:
    """The parts that are open for the person: by role, and where it is their turn."""
    roles = visibility.capacities(user, case) if user.is_office else frozenset({APPLICANT})
    by_role = {part for part, readers in OPEN.items() if not roles.isdisjoint(readers)}
    return frozenset(by_role | own_parts(user, case, turns))


def own_parts(user: User, case: Case, turns: Iterable[Turn]) -> frozenset[str]:
    """The parts in which the person does what is their turn."""
    roles = visibility.capacities(user, case) if user.is_office else frozenset({APPLICANT})
    own = {part_of(turn) for turn in turns if _is_theirs(turn, user, roles)}
    beside = {BESIDE[part] for part in own if part in BESIDE}
    return frozenset(part for part in own | beside if part)


def part_of(turn: Turn) -> str:
    """The part in which a turn is done; "" where it has a page of its own."""
    return DONE_IN.get(turn.subject.partition(":")[0], "")


def way_of(turn: Turn) -> str:
    """Where an applicant does what is their turn: on a page of its own, or in its part of the case."""
    model = turn.subject.partition(":")[0]
    if model in applicant_ways:
        return applicant_ways[model](turn.case)
    return f"#{part_of(turn) or 'award'}"


def _is_theirs(turn: Turn, user: User, roles: frozenset[str]) -> bool:
    if not user.is_office:
        return turn.side == "applicant"
    by_role = turn.person_id is None and turn.role in roles
    return turn.side == "office" and (turn.person_id == user.pk or by_role)
