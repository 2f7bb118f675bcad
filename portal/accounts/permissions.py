"""Who may: permission objects that answer for one row (with reasons) and for a set of rows (a Q on
`case`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from allauth.mfa.utils import is_mfa_enabled
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import StaffRole, User, in_force
from portal.accounts.ports import hanging_cases
from portal.accounts.unproved import OPEN_TO_PEOPLE, kept_from_people, unproved
from portal.types import Row
from portal.workflow.errors import Forbidden
from portal.workflow.graph import Permission
from portal.workflow.ports import known_interests

if TYPE_CHECKING:
    from portal.types import Case

NOBODY = Q(pk__in=[])


class Scope(NamedTuple):
    """Where a row lies, and who has its case in hand: a key, None where nobody has or there is no
    case.
    """

    programme_code: str
    municipality_codes: list[str]
    officer: int | None = None


def _case_of(obj: Model) -> Case:
    """The case of a row, or the case itself."""
    return getattr(obj, "case", None) or cast("Case", obj)


def scope_of(obj: Model) -> Scope:
    """Where a row lies: what it says itself, else its case's, else its own columns."""
    own: Scope | None = getattr(obj, "own_scope", None)
    if own is not None:
        return own
    home = _case_of(obj)  # or a row with the same columns
    officer = getattr(home, "assigned_to_id", None)
    return Scope(home.programme_code, list(home.municipality_codes), officer)


def scopes_of(obj: Model) -> list[Scope]:
    """Every scope that a role has to cover: those of its cases where a row is about several, else
    its own.
    """
    several: list[Scope] | None = getattr(obj, "own_scopes", None)
    return [scope_of(obj)] if several is None else several


def each_town(scopes: Iterable[Scope]) -> list[Scope]:
    """The same scopes, each once per municipality. What decides about a row of several asks for a
    role over every one of them, or over all: no town decides for another (docs/decisions/0011).
    """
    return [
        part
        for scope in scopes
        for part in [scope._replace(municipality_codes=[code]) for code in scope.municipality_codes]
        or [scope]
    ]


def covers_all(roles: Iterable[StaffRole], scopes: Iterable[Scope]) -> bool:
    """True when each of `scopes` lies in that of one of `roles` at least."""
    held = list(roles)
    return all(any(role.covers(*scope) for role in held) for scope in scopes)


def staff_scope(role: StaffRole) -> Q:
    """Cases that one role covers, as `StaffRole.covers` says of one."""
    reach = reach_of(role)
    return reach & Q(assigned_to=role.person_id) if role.assigned_only else reach


def rows_scope(role: StaffRole) -> Q:
    """The same of rows that are no cases: nobody has them in hand."""
    return NOBODY if role.assigned_only else reach_of(role)


def reach_of(role: StaffRole) -> Q:
    """Rows with the columns of a case that lie in the scope of one role, whoever has them in hand."""
    found = Q()
    if role.programme_code:
        found &= Q(programme_code=role.programme_code)
    if role.municipality_id:
        found &= Q(municipality_codes__contains=[role.municipality_id])
    return found or Q(pk__isnull=False)


def any_of(conditions: list[Q]) -> Q:
    found = NOBODY
    for condition in conditions:
        found |= condition
    return found


def prefixed(condition: Q, prefix: str, own: Collection[str] = ()) -> Q:
    """The same Q, asked through a relation; of the columns `own`, which the row carries itself, at
    the row.
    """
    if not prefix:
        return condition
    children: list[Q | tuple[str, object]] = []
    for child in condition.children:
        if isinstance(child, Q):
            children.append(prefixed(child, prefix, own))
        elif isinstance(child, tuple):
            lookup, value = child
            carried = lookup.partition("__")[0] in own
            children.append((lookup if carried else f"{prefix}__{lookup}", value))
    new = Q(*children, _connector=condition.connector)
    new.negated = condition.negated
    return new


def covers_whole(user: User, obj: Model, *roles: str) -> bool:
    """Do the person's `roles` cover every scope of the row?"""
    return covers_all([role for role in user.roles() if role.role in roles], scopes_of(obj))


def covers_each_town(user: User, obj: Model, *roles: str) -> bool:
    """The same of each municipality of it: may the person decide for all of them?"""
    return covers_all(
        [role for role in user.roles() if role.role in roles], each_town(scopes_of(obj))
    )


class OfEveryTown:
    """A row that is decided for all of its municipalities: each of them has to be covered."""

    @property
    def own_scopes(self) -> list[Scope]:
        return each_town([scope_of(cast("Model", self))])


@dataclass(frozen=True)
class Office:
    """Staff with one of `roles` whose scope covers the row; with `every_town`, of a row that several
    municipalities share, each of them: what binds them all.
    """

    roles: tuple[str, ...]
    every_town: bool = False

    def reasons(self, user: User, obj: Model) -> list[str]:
        if user.is_system:
            return [_("システムは職務を行いません。")]
        whole = covers_each_town if self.every_town else covers_whole
        if not whole(user, obj, *self.roles):
            names = "・".join(str(label) for name, label in StaffRole.ROLES if name in self.roles)
            return [_("この操作は%(roles)sの職務です。") % {"roles": names}]
        return interests(user, obj)

    def q(self, user: User) -> Q:
        return any_of([staff_scope(role) for role in user.roles() if role.role in self.roles])


def office(*roles: str, every_town: bool = False) -> Office:
    return Office(roles, every_town)


def unproven(user: User) -> list[str]:
    """Why the office's acts are closed to somebody who signs in with a password alone."""
    return [] if is_mfa_enabled(user) else [_("二段階認証を設定してから行ってください。")]


def covers(user: User, obj: Model, *roles: str) -> bool:
    """Does one of the person's `roles` cover the row's programme and municipality?"""
    scope = scope_of(obj)
    return any(role.role in roles and role.covers(*scope) for role in user.roles())


def holds(person: User, obj: Model, *roles: str) -> bool:
    """`covers_whole` of a person other than who asks: by their `staff_roles`, which lists prefetch."""
    held = [role for role in person.staff_roles.all() if role.role in roles and role.is_in_force]
    return covers_all(held, scopes_of(obj))


def next_change_of_roles(person: User) -> datetime | None:
    """When a role of theirs (`staff_roles`) next begins or is over."""
    return clock.next_change([(role.starts_on, role.ends_on) for role in person.staff_roles.all()])


def people_with(*roles: str) -> QuerySet[User]:
    """People who hold one of the roles today, wherever."""
    people = User.objects.filter(is_active=True, staff_roles__role__in=roles)
    return people.filter(prefixed(in_force(), "staff_roles")).distinct().order_by("name")


def holders(role: str, obj: Model) -> list[User]:
    """Who holds a role today with the row's programme and municipality in its scope."""
    held = StaffRole.objects.filter(
        in_force(), role=role, person__is_active=True, person__is_system=False
    )
    scope = scope_of(obj)
    rows = held.select_related("person").order_by("person")
    return list(dict.fromkeys(row.person for row in rows if row.covers(*scope)))


def demand(user: User, obj: Model, *roles: str) -> None:
    """For the office's writes beside a transition: raise Forbidden unless `user` has one of `roles`
    over the row, without interest.
    """
    if reasons := office(*roles).reasons(user, obj):
        raise Forbidden(*reasons)


def interests(user: User, obj: Model) -> list[str]:
    """Known or declared interests of the person in any case that the row touches, or in its firm
    where it is about one.

    One alone forbids every duty of the office. A reason names its case where there are several. Of a
    row that has no case (a call, a line of the budget) the cases are asked that hang on it, as the
    room says that knows them.
    """
    case, firm = getattr(obj, "case", None), getattr(obj, "organisation", None)
    if hasattr(obj, "interests_of"):
        case = obj  # the case itself
    if case is None and firm is not None:
        return known_interests.value.in_firm(user, firm)
    if case is None and hanging_cases.knows(obj):
        return _among(user, obj)
    cases = (
        obj.touched_cases()
        if case is None and hasattr(obj, "touched_cases")
        else [case]
        if case
        else []
    )
    of_case = known_interests.value.of_case
    if len(cases) < 2:
        return [reason for case in cases for reason in of_case(user, case)]
    known_interests.value.fill(user, cases)
    return [f"{case}: {reason}" for case in cases for reason in of_case(user, case)]


def _among(user: User, obj: Model) -> list[str]:
    """Interests in any of the cases that hang on a row, kept with it for all that its page asks; on
    one not stored yet hangs none.
    """
    if not obj.pk:
        return []
    kept = obj.__dict__.setdefault("_interests_among", {})
    if user.pk not in kept:
        kept[user.pk] = known_interests.value.among(user, hanging_cases.of(obj))
    return list(kept[user.pk])


COUNTER = Office(("programme_officer",))


def _at_counter(user: User, obj: Model) -> list[str]:
    """Why somebody of the office may not act for the applicant; an officer may where the case was
    entered at the counter.
    """
    if not getattr(_case_of(obj), "on_paper", False):
        return [_("この申請をした方ではありません。")]
    return COUNTER.reasons(user, obj)


def stands_for_applicant(user: User, case: Case) -> bool:
    """True for whoever writes on the applicant's side: its own people, and the officer at the
    counter for a paper case.
    """
    return not user.is_office or not _at_counter(user, case)


@dataclass(frozen=True)
class Applicant:
    """Representative or member of the case's organisation, or an adviser whose delegation covers
    it; what they hand in, they hand in for a firm that is proved to be theirs.

    Of a case that was entered at the counter the programme officer files what the applicant brings
    on paper.
    """

    submitting: bool = False

    def reasons(self, user: User, obj: Model) -> list[str]:
        if user.is_office:
            return _at_counter(user, obj)
        if self.submitting and user.may_only_draft:
            return [
                _(
                    "GビズIDエントリーでは下書きまでできます。提出にはGビズIDプライムかメンバーが要ります。"
                )
            ]
        case = _case_of(obj)
        if kept_from_people(case):
            return [_("この申請をした方ではありません。")]
        return self._not_theirs(user, case) or (
            unproved(case.organisation) if self.submitting else []
        )

    def _not_theirs(self, user: User, case: Row) -> list[str]:
        roles = {
            m.role
            for m in user.memberships.filter(organisation_id=case.organisation_id, left_at=None)
        }
        if "representative" in roles or ("member" in roles and not self.submitting):
            return []
        if "member" in roles:
            return [_("提出や取下げができるのは、代表者と、提出を任された代理人です。")]
        held = user.delegations.filter(in_force(), organisation_id=case.organisation_id)
        may = [row.may_submit for row in held if row.programme_code in ("", case.programme_code)]
        if any(may) or (may and not self.submitting):  # of several mandates one is enough
            return []
        drafts = _("この委任では、下書きはできますが提出はできません。代表者が提出します。")
        return [drafts if may else _("この申請をした方ではありません。")]

    def at_counter(self, user: User, obj: Model) -> bool:
        """True where the office does here what the applicant brought on paper."""
        return user.is_office and not self.reasons(user, obj)

    def q(self, user: User) -> Q:
        return Q(on_paper=True) & COUNTER.q(user) if user.is_office else organisation_q(user)


@dataclass(frozen=True)
class Writer(Applicant):
    """Whoever wrote a draft: the applicant's side, or the office alone where it came on paper."""

    def reasons(self, user: User, obj: Model) -> list[str]:
        if not user.is_office and getattr(_case_of(obj), "on_paper", False):
            return [_("窓口で受け付けた申請の下書きは、入力した市の担当だけが消せます。")]
        return super().reasons(user, obj)

    def q(self, user: User) -> Q:
        found = super().q(user)
        return found if user.is_office else found & Q(on_paper=False)


def organisation_q(user: User) -> Q:
    """Cases of the organisations the person belongs to or advises (scope and dates of the
    delegation respected), but for those that `kept_from_people` closes.
    """
    found = Q(organisation__in=user.memberships.filter(left_at=None).values("organisation"))
    for delegation in user.delegations.filter(in_force()):
        scope = Q(organisation=delegation.organisation_id)
        if delegation.programme_code:
            scope &= Q(programme_code=delegation.programme_code)
        found |= scope
    return found & OPEN_TO_PEOPLE


@dataclass(frozen=True)
class Either:
    """One of several permissions."""

    options: tuple[Permission[Row], ...]

    def reasons(self, user: User, obj: Model) -> list[str]:
        answers = [option.reasons(user, obj) for option in self.options]
        return [] if any(not answer for answer in answers) else answers[0]

    def at_counter(self, user: User, obj: Model) -> bool:
        asked = [option for option in self.options if isinstance(option, Applicant)]
        return any(option.at_counter(user, obj) for option in asked)

    def q(self, user: User) -> Q:
        return any_of([option.q(user) for option in self.options])


@dataclass(frozen=True)
class System:
    """Only the portal itself, as its named system user, or an inner perform of an act already
    approved.
    """

    def reasons(self, user: User, _obj: Model) -> list[str]:
        return [] if user.is_system else [_("この操作は、起案と決裁を通して行われます。")]

    def q(self, user: User) -> Q:
        return Q() if user.is_system else NOBODY


@dataclass(frozen=True)
class Anyone:
    """Every signed-in person (what they touch is checked by the transition's own locks and
    requirements).
    """

    def reasons(self, user: User, _obj: Model) -> list[str]:
        return [] if user.is_authenticated and user.is_active else [_("ログインしてください。")]

    def q(self, _user: User) -> Q:
        return Q()
