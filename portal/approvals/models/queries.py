"""Which approvals a person sees, and which wait for them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, QuerySet

from portal.accounts.models import User, away_until, stood_for
from portal.accounts.permissions import any_of, prefixed, staff_scope
from portal.approvals import standing_in
from portal.approvals.models.parts import Item, Step, to_look_over
from portal.approvals.states import WITH_DRAFTER, ApprovalState
from portal.approvals.stations import DRAFTERS, READERS, ROLES_OF_STEP, STATIONS
from portal.cases import visibility
from portal.cases.listing import one_of
from portal.cases.models import Case
from portal.together import together
from portal.types import Row

if TYPE_CHECKING:
    from portal.approvals.models.approval import Approval


_DEPUTISED = frozenset(STATIONS)


def inside(user: User, *roles: str) -> Q:
    """Approvals all of whose cases the person's live `roles` cover. Of a role over all cases nothing is
    asked: thousands may wait for one person.
    """
    held = [role for role in user.roles() if role.role in roles]
    if any(role.is_everywhere for role in held):
        return Q()
    scope = any_of([prefixed(staff_scope(role), "case") for role in held])
    beyond = Item.objects.filter(approval=models.OuterRef("pk")).exclude(scope)
    return ~Q(models.Exists(beyond))


def steps_of(user: User) -> models.QuerySet[Step]:
    """The steps that bring an approval before a person: the own ones of its route as it is now, those
    that they or somebody for them decided, and those at which they may act for somebody else.
    """
    own, decided, *others = _steps_of(user)
    return Step.objects.filter(own | decided | any_of(others))


def _steps_of(user: User) -> list[Q]:
    now = Q(round=models.F("approval__round"))
    own = Q(person=user) & (now | Q(decided_at__isnull=False))
    others = [_of_others(user, role) for role in {role.role for role in user.roles()} & _DEPUTISED]
    return [own, Q(decided_by=user), *others]


def _of_others(user: User, role: str) -> Q:
    """The steps at which a person may act in this role while somebody else is away or lets them
    wait: what `standing_in.able` says of one, as far as the database tells. Nobody reads for others
    beyond what they may do for them (decision 0137).
    """
    scope = any_of([prefixed(staff_scope(r), "case") for r in user.roles() if r.role == role])
    beyond = Item.objects.filter(approval=models.OuterRef("approval")).exclude(scope)
    waiting = Q(
        person__in=stood_for(user.pk, role),
        kind__in=[kind for kind, roles in ROLES_OF_STEP.items() if role in roles],
        decided_at=None,
        round=models.F("approval__round"),
        approval__state=ApprovalState.CIRCULATED,
    )
    return waiting & standing_in.perhaps_free() & Q(~models.Exists(beyond))


def approvals_of(user: User) -> models.QuerySet[Step, int]:
    """The approvals of these steps, as a column. Each way is asked by its own index: of all in one
    condition PostgreSQL reads every step, for whoever has none too.
    """
    first, *others = [
        Step.objects.filter(way).order_by().values_list("approval", flat=True)
        for way in _steps_of(user)
    ]
    return first.union(*others, all=True)


def _stands_at(user: User) -> models.QuerySet[Step]:
    """The steps of a person at which drafts wait now: nobody before is still to be asked."""
    undecided = Step.objects.filter(decided_at=None)
    before = undecided.filter(
        approval=models.OuterRef("approval"),
        round=models.OuterRef("round"),
        n__lt=models.OuterRef("n"),
    )
    mine = undecided.filter(
        person=user, approval__state=ApprovalState.CIRCULATED, round=models.F("approval__round")
    )
    return mine.exclude(models.Exists(before))


def _read(rows: models.QuerySet[Approval]) -> list[Approval]:
    """With all that is asked of who stands in for whom."""
    with together() as ask:
        found = ask(rows.prefetch_related("steps", *standing_in.READ))
    if found:
        standing_in.fill(found)
    return found


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def waiting_for(self, user: User) -> ApprovalQuerySet:
        """Those that wait for this person now: their step, one of somebody who is away, or theirs to
        send on; never those beyond their live roles.
        """
        return self.filter(pk__in=self._waiting_for(user, "pk"))

    def waiting_since(self, user: User) -> QuerySet[Approval, tuple[datetime, int]]:
        """When each was drafted, and its key; one that waits in two ways comes twice."""
        return self._waiting_for(user, "drafted_at", "pk")

    def _waiting_for(self, user: User, *columns: str) -> QuerySet[Approval, Row]:
        """Each way begins at the person."""
        here = _stands_at(user)
        # found first: as a question PostgreSQL asks it of every draft that there ever was
        deciding = Q(one_of(here.filter(kind="decide").values("approval")))
        agreeing = Q(one_of(here.exclude(kind="decide").values("approval")))
        passed_on = Q(pk__in=self._passed_on(user))
        ways = [
            deciding & inside(user, *ROLES_OF_STEP["decide"]) & ~passed_on,
            agreeing & inside(user, *STATIONS) & ~passed_on,
            Q(state__in=WITH_DRAFTER, drafted_by=user) & inside(user, *DRAFTERS),
            Q(pk__in=self._to_stand_in(user)),
        ]
        first, *others = [self.filter(way).order_by().values_list(*columns) for way in ways]
        return first.union(*others, all=True)

    def _passed_on(self, user: User) -> list[int]:
        """Those whose step of the person waits for a deputy, while the person is away."""
        if away_until(user) is None:
            return []
        steps = Step.objects.filter(person=user, decided_at=None).values("approval")
        rows = self.filter(state=ApprovalState.CIRCULATED, pk__in=steps)
        found = _read(rows)
        return [
            approval.pk
            for approval in found
            for step in approval.open_steps
            if step.person_id == user.pk and user not in standing_in.wait_for(approval, step)
        ]

    def _to_stand_in(self, user: User) -> list[int]:
        """Those in which the person may act now for somebody else."""
        others = Step.objects.filter(person__in=stood_for(user.pk), decided_at=None).order_by()
        ways = [others.filter(way).values("approval") for way in standing_in.ways_to_be_free()]
        steps = ways[0].union(*ways[1:], all=True)
        rows = self.filter(state=ApprovalState.CIRCULATED, pk__in=steps)
        # mostly none: what is read with them would look for them again, each time
        keys = list(rows.order_by().values_list("pk", flat=True))
        found = _read(self.filter(pk__in=keys)) if keys else []
        return [
            approval.pk
            for approval in found
            for step in approval.open_steps
            if any(d.stand_in_id == user.pk for d in standing_in.able(approval, step))
        ]

    def to_look_over(self, user: User) -> ApprovalQuerySet:
        """Those in which a deputy decided for the person, who has not looked at it since."""
        return self.filter(pk__in=Step.objects.filter(to_look_over(user)).values("approval"))

    def visible_to(self, user: User) -> ApprovalQuerySet:
        """Those about a case that a role of the person's brings before them; those they drafted or
        have a step in. None with a case in which they have an interest.
        """
        seen = visibility.of_office(user, READERS)
        about = Item.objects.filter(prefixed(seen, "case"), approval=models.OuterRef("pk"))
        steps = approvals_of(user)
        found = self.filter(models.Exists(about) | Q(pk__in=steps) | Q(drafted_by=user))
        return found.without_interest_of(user)

    def without_interest_of(self, user: User) -> ApprovalQuerySet:
        """Without those about a case in which the person has an interest."""
        closed = Item.objects.filter(case__in=visibility.of_interest(user, Case.objects.all()))
        return self.exclude(pk__in=closed.values("approval"))
