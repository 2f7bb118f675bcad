"""Which turns of the office a person may not take, though their role asks for them: because of what
they did on the case before (the table of duties), or since the act binds municipalities that their
roles do not cover. Asked of many turns at once for lists, and of those of one case for its page.
"""

from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.db.models.lookups import IsNull

from portal import clock
from portal.accounts.every_town import each_town_q
from portal.accounts.models import User
from portal.accounts.permissions import NOBODY, any_of, covers_each_town
from portal.cases.models import Case, Turn
from portal.cases.ports import joint_turns, turn_duties
from portal.workflow import duties
from portal.workflow.models import Duty
from portal.workflow.ports import excepted_places

# whose turns take a duty that another one forbids; nobody else's inbox asks for exceptions
TAKERS = ("programme_officer", "inspector", "finance_officer", "accounting_officer")


def forbidden(user: User) -> Q:
    """The turns of role that somebody else takes; not where an exception lets the person do both."""
    ways = [_beyond(user, role) for role in sorted(set(joint_turns.values()))]
    if user.has_role(*TAKERS):
        ways += [_kept_apart(user, duty) for duty in sorted(set(_by_duty()))]
    return any_of(ways)


def _beyond(user: User, role: str) -> Q:
    """Of the turns of this role for all municipalities of a case, those about one that the person's
    roles do not cover together.
    """
    held = [each for each in user.roles() if each.role == role]
    if not held or any(each.is_everywhere for each in held):
        return NOBODY
    named = [what for what, taken_by in joint_turns.items() if taken_by == role]
    return Q(what__in=named) & ~each_town_q(held)


def _by_duty() -> dict[str, list[str]]:
    """Duty → what the turns are called that take it."""
    found: dict[str, list[str]] = {}
    for what, duty in turn_duties.items():
        found.setdefault(duty, []).append(what)
    return found


def _kept_apart(user: User, duty: str) -> Q:
    """Looked up for each turn, as a value: what merely exists PostgreSQL would gather of all that the
    person ever did, for each figure of the inbox, and each counts a thousand turns at most.
    """
    subject = Concat(Value("case:"), Cast(OuterRef("case"), CharField()))
    did = Duty.objects.filter(person=user, subject=subject)
    now, ways = clock.now(), list[Q]()
    for other in sorted(duties.against(duty)):
        way = Q(IsNull(Subquery(did.filter(duty=other).values("pk")[:1]), False))
        free = ArraySubquery(excepted_places.value(duties.Clash("", other, duty).pair, now))
        excepted = Q(municipality_codes__contained_by=free, municipality_codes__len__gt=0)
        ways.append(way & ~excepted)
    return Q(what__in=_by_duty()[duty]) & any_of(ways)


def open_to(user: User, case: Case, turns: Iterable[Turn]) -> list[Turn]:
    """Of the turns of one case, those that no duty done before forbids the person, nor a municipality
    that their roles do not cover.
    """
    found = [
        turn
        for turn in turns
        if turn.what not in joint_turns
        or not user.is_office
        or covers_each_town(user, case, joint_turns[turn.what])
    ]
    if not user.is_office or not any(turn.what in turn_duties for turn in found):
        return found
    subject = f"case:{case.pk}"
    done = duties.done(user, [subject])
    return [
        turn
        for turn in found
        if turn.what not in turn_duties
        or not duties.conflicts(user, [subject], turn_duties[turn.what], done)
    ]
