"""Which calls are found: public, open, in somebody's scope, by words."""

from typing import TYPE_CHECKING

from django.db import models

from grants.programmes.models.periods import IntakePeriod
from grants.programmes.states import CALL_PUBLIC, CallChangeState, CallState
from portal import clock, jptext
from portal.accounts.models import StaffRole, User
from portal.accounts.permissions import NOBODY, any_of

# long texts that no list shows
HEAVY = ("parameters", "search_head", "search_text", "programme__text", "programme__parameters")


if TYPE_CHECKING:
    from grants.programmes.models.calls import Call  # noqa: F401  named by the type of its rows


def _scope(role: StaffRole) -> models.Q:
    """The calls that one role covers: none where it is about assigned cases alone."""
    if role.assigned_only:
        return NOBODY
    found = models.Q(pk__isnull=False)
    if role.programme_code:
        found &= models.Q(programme__code=role.programme_code)
    if role.municipality_id:
        found &= models.Q(municipality_codes__contains=[role.municipality_id])
    return found


class CallQuerySet(models.QuerySet["Call"]):
    def public(self) -> "CallQuerySet":
        return self.filter(state__in=CALL_PUBLIC)

    def with_page(self) -> "CallQuerySet":
        """Those that the public finds by their address: also the ones that were called off with a reason
        for everybody, which no list names.
        """
        return self.filter(models.Q(state__in=CALL_PUBLIC) | models.Q(pk__in=self.called_off()))

    def called_off(self) -> "CallQuerySet":
        """By a change that another person approved."""
        change = {"changes__calls_off": True, "changes__state": CallChangeState.APPROVED}
        return self.filter(state=CallState.CANCELLED, **change)

    def open(self) -> "CallQuerySet":
        """Announced and inside an intake period now."""
        now = clock.now()
        periods = IntakePeriod.objects.filter(opens_at__lte=now, closes_at__gte=now)
        return self.filter(state=CallState.ANNOUNCED, pk__in=periods.values("call"))

    def for_lists(self) -> "CallQuerySet":
        """With what a row of a list says, and without the parameters, which no list reads."""
        return self.select_related("programme").prefetch_related("periods").defer(*HEAVY)

    def within(self, user: User, *roles: str) -> "CallQuerySet":
        """Those that lie in the programme and municipality of one of the person's `roles`."""
        held = [role for role in user.roles() if role.role in roles]
        return self.filter(any_of([_scope(role) for role in held]))

    def search(self, text: str) -> "CallQuerySet":
        found = self
        for word in text.split()[:5]:
            found = found.filter(search_text__contains=jptext.loose_key(word))
        return found
