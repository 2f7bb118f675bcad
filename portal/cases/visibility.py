"""Who of the office sees a case, and what of it: role × scope × assignment, in one place.

Within its programme and municipality, a role sees:

- programme officer: every case handed in; where the role says so (`StaffRole.assigned_only`), of
  these the cases that they have in hand
- approver: every case handed in; outside the scope also the cases of an approval in which a step
  is theirs
- auditor: every case handed in, and writes nothing (`portal.workflow.access`)
- reviewer: cases they review, once they declared that they have no interest; as the advisory
  board, pilots to be evaluated
- inspector: cases with an award
- finance officer: cases with an award, and roll-outs
- accounting officer: cases with an award
- challenge owner: proposals with a match at their municipality, and its pilots, roll-outs and
  support money
- concierge: proposals, pilots, roll-outs and support money
- administrator: no case

A step in an approval lets an inspector, a finance or an accounting officer see its cases too. Whoever has an
interest in a case sees nothing of it. Of a case from whose reviewers the applicant is hidden
(`portal.cases.ports.veils`) they see what the room of reviews shows them, and no other page. What
brings a case before a role is said by the room that knows it (`portal.cases.ports.assignments`); a
role that no room speaks for sees nothing. A part of the case page names the roles that read it
(`Panel.readers`); the common sets stand below.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from portal.accounts.models import Delegation, Membership, StaffRole, User
from portal.accounts.permissions import any_of, scope_of, staff_scope
from portal.cases.ports import assignments, closed_matters, veils
from portal.together import Ask, together

if TYPE_CHECKING:
    from portal.cases.models import Case, CaseQuerySet

FEW = 1_000  # cases that a list names one by one
BY_SCOPE = ("programme_officer", "approver", "auditor")
# who decides, keeps or audits the file: its checks (tax, organised crime) and who scored what
DECIDERS = BY_SCOPE
# who works on the case with the applicant: conversation with its memos, letters, the record but for
# what is closed (`closed_matters`)
WORKERS = (
    *BY_SCOPE,
    "inspector",
    "finance_officer",
    "accounting_officer",
    "challenge_owner",
    "concierge",
)
# claims, accounts and payments, money to come back
MONEY = (*BY_SCOPE, "finance_officer", "accounting_officer")
# suspicions, and what other bodies paid to the firm
WATCHERS = (*BY_SCOPE, "inspector")


def scope_of_role(role: StaffRole) -> Q:
    """The cases that one role brings before its person.

    No join, so that rows stay single: `pk__in` of what rooms know.
    """
    return _by_roles([role])


def _by_roles(roles: Iterable[StaffRole]) -> Q:
    """What a person's roles bring together. Where one of them sees everything, nothing more is asked."""
    held = [role for role in roles if role.role != "administrator"]
    if any(role.role in BY_SCOPE and role.is_everywhere for role in held):
        return Q(pk__isnull=False)
    own = [_within(role) if role.within is None else Q(pk__in=role.within) for role in held]
    return any_of([*own, *_from_beyond(held)])


def _from_beyond(roles: Iterable[StaffRole]) -> list[Q]:
    """What is brought from anywhere: a room that is asked by several of the roles answers once."""
    kept, rooms = [], dict[str, Q]()
    for role in roles:
        if role.beyond is not None:
            kept.append(Q(pk__in=role.beyond))
            continue
        for name, room in assignments.items():
            if room.anywhere and role.role in room.roles and name not in rooms:
                rooms[name] = room.cases(role)
    return [*kept, *rooms.values()]


def _within(role: StaffRole) -> Q:
    """The cases within its scope that a role brings."""
    scope = staff_scope(role)
    return scope if role.role in BY_SCOPE else scope & _brought_by(role, anywhere=False)


def _brought_by(role: StaffRole, *, anywhere: bool) -> Q:
    rooms = [room for room in assignments.values() if role.role in room.roles]
    return any_of([room.cases(role) for room in rooms if room.anywhere is anywhere])


def look_beyond(user: User, cases: "CaseQuerySet") -> None:
    """Before a list: what roles bring from beyond their scope, and what is closed to the person, is
    looked up once and kept with them, where it is little. A few keys are found by their index, as the
    scope is by its own, and most people have none; for a query in their place PostgreSQL asks every
    row of the list, and takes the list for a short one.
    """
    ways = {
        role: cases.filter(_brought_by(role, anywhere=True)).exclude(_within(role))
        for role in user.roles()
        if role.role != "administrator" and not (role.role in BY_SCOPE and role.is_everywhere)
    }
    inside = {role: _within(role) for role in ways if role.role not in BY_SCOPE}
    with together() as ask:
        closed = _ask_closed(ask, user, cases)
        beyond = {role: ask(_few(rows)) for role, rows in ways.items()}
        within = {role: ask(_few(cases.filter(own))) for role, own in inside.items()}
    for role, keys in beyond.items():
        role.beyond = keys if len(keys) <= FEW else None
    for role, keys in within.items():
        role.within = keys if len(keys) <= FEW else None
    closed()


def look_for_closed(user: User, cases: "CaseQuerySet") -> None:
    """Before a list in which what roles bring from beyond their scope is asked of few rows: what is closed
    to the person alone.
    """
    with together() as ask:
        closed = _ask_closed(ask, user, cases)
    closed()


def _ask_closed(ask: Ask, user: User, cases: "CaseQuerySet") -> Callable[[], None]:
    shut = {"interests": _interests(user), "veils": _veils(user)}
    closed = {
        name: [ask(_few(cases.filter(condition))) for condition in conditions]
        for name, conditions in shut.items()
    }

    def keep() -> None:
        user.closed_cases = {
            name: {key for keys in found for key in keys}
            for name, found in closed.items()
            if all(len(keys) <= FEW for keys in found)
        }

    return keep


def _few(cases: "CaseQuerySet") -> "QuerySet[Case, int]":
    return cases.order_by().values_list("pk", flat=True)[: FEW + 1]


def by_columns(user: User) -> Q | None:
    """What the person sees of all that was handed in, where programme, municipality and whose hand it
    is in say all of it; None where a room must be asked, or a case is closed to them. After
    `look_beyond`.
    """
    roles = [role for role in user.roles() if role.role != "administrator"]
    by_scope = [role for role in roles if role.role in BY_SCOPE]
    if user.closed_cases is None or len(user.closed_cases) < 2 or any(user.closed_cases.values()):
        return None
    if not any(role.is_everywhere for role in by_scope) and (
        len(by_scope) < len(roles) or any(role.beyond != [] for role in by_scope)
    ):
        return None
    return any_of([staff_scope(role) for role in by_scope])


def of_office(user: User, by: Collection[str] = ()) -> Q:
    """Cases that the person's roles (those of `by`; without it, any) bring before them."""
    return _by_roles(role for role in user.roles() if not by or role.role in by)


def seen(user: User, by: Collection[str] = (), *, blindly: bool = False) -> Q:
    """What `CaseQuerySet.visible_to` asks of a case for somebody of the office."""
    found = Q(disposed_on=None, is_draft=False) & of_office(user, by) & ~interested(user)
    return found if blindly else found & ~veiled(user)


def interested(user: User) -> Q:
    """Cases in which the person declared an interest, or has a known one: the firm is or was
    theirs, or advised by them.
    """
    return _closed(user, "interests", _interests(user))


def _closed(user: User, name: str, conditions: list[Q]) -> Q:
    """As `look_beyond` found it, or as a question."""
    known = (user.closed_cases or {}).get(name)
    return any_of(conditions if known is None else [Q(pk__in=known)] if known else [])


def _interests(user: User) -> list[Q]:
    return [
        Q(interests__person=user),
        Q(organisation__in=Membership.objects.filter(user=user).values("organisation")),
        Q(organisation__in=Delegation.objects.filter(adviser=user).values("organisation")),
    ]


def of_interest(user: User, cases: "CaseQuerySet") -> "QuerySet[Case, int]":
    """The keys of these cases, for what hangs on cases. Each way begins at the person; all three in
    one condition begin at every case.
    """
    first, *others = [cases.filter(way).values_list("pk", flat=True) for way in _interests(user)]
    return first.union(*others, all=True)


def unseen(user: User, cases: "CaseQuerySet") -> frozenset[int]:
    """The keys of those of these cases that the person does not see."""
    seen = cases.visible_to(user).order_by().values("pk")
    return frozenset(cases.exclude(pk__in=seen).order_by().values_list("pk", flat=True))


def veiled(user: User) -> Q:
    """Cases whose applicants are hidden from the person now."""
    return _closed(user, "veils", _veils(user))


def _veils(user: User) -> list[Q]:
    return [room(user) for room in veils.values()]


def is_veiled(user: User, case: "Case") -> bool:
    """Is the applicant of this case hidden from the person? Kept with the case."""
    if case.veiled_for is None or case.veiled_for[0] != user.pk:
        veil(user, [case])
    return case.veiled_for is not None and case.veiled_for[1]


def veil(user: User, cases: Sequence["Case"]) -> None:
    """Find for several cases at once which of their applicants are hidden from the person, before
    a page names them (`Case.shown_applicant`).
    """
    pks = [case.pk for case in cases]
    rows = type(cases[0])._default_manager.filter(veiled(user), pk__in=pks) if cases else []
    hidden = {case.pk for case in rows}
    for case in cases:
        case.veiled_for = (user.pk, case.pk in hidden)


def capacities(user: User, case: "Case") -> frozenset[str]:
    """The roles of the office by which the person sees this case; kept with the case."""
    if case.seen_by is None or case.seen_by[0] != user.pk:
        keep(user, [case])
    return case.seen_by[1] if case.seen_by is not None else frozenset()


def keep(user: User, cases: Sequence["Case"]) -> None:
    """Find for several cases at once by which roles the person sees each, and keep it with them."""
    found: dict[int, set[str]] = {case.pk: set() for case in cases}
    for role in user.roles():
        for pk in _brought(role, cases):
            found[pk].add(role.role)
    for case in cases:
        case.seen_by = (user.pk, frozenset(found[case.pk]))


def _brought(role: StaffRole, cases: Sequence["Case"]) -> set[int]:
    """The cases that one role brings: no query where it sees all of them by scope, one where it
    sees by assignment.
    """
    covered = {case.pk for case in cases if role.role in BY_SCOPE and role.covers(*scope_of(case))}
    rest = [case.pk for case in cases if case.pk not in covered]
    if not rest:
        return covered
    seen = type(cases[0])._default_manager.filter(scope_of_role(role), pk__in=rest)
    return covered | set(seen.values_list("pk", flat=True))


def reads(user: User, case: "Case", readers: Iterable[str]) -> bool:
    """May the person read a part of the case that is for `readers` of the office?

    The applicant's side is not asked here.
    """
    return not user.is_office or sees_as(user, case, *readers)


def closed_to(user: User, case: "Case") -> frozenset[str]:
    """By what the acts and rows begin that this person, who reads the case, does not hear of."""
    return frozenset(
        name
        for names, readers in closed_matters.values()
        if not reads(user, case, readers)
        for name in names
    )


def closed_everywhere(user: User) -> list[str]:
    """By what the rows begin that none of the person's roles hears of, whatever the case."""
    return [
        name
        for names, readers in closed_matters.values()
        if not user.has_role(*readers)
        for name in names
    ]


def of_closed_matters(user: User, column: str = "subject") -> Q:
    """The turns, or other rows by the key in their `column`, of matters that none of the person's roles
    hears of, wherever.
    """
    return any_of([Q(**{f"{column}__startswith": f"{name}:"}) for name in closed_everywhere(user)])


def sees_as(user: User, case: "Case", *roles: str) -> bool:
    """Is it by one of these roles of the office that the person sees the case? A role in another
    programme is none here.
    """
    return user.is_office and not capacities(user, case).isdisjoint(roles)
