"""Which challenges are public, open, and read by whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models

from grants.programmes.models import Call
from portal import jptext
from portal.accounts.models import StaffRole
from portal.accounts.permissions import any_of, rows_scope
from portal.types import Visitor
from startups.challenges.following import Comment
from startups.challenges.states import ChallengeState

if TYPE_CHECKING:
    from startups.challenges.models import Challenge  # noqa: F401  named by the type of its rows


def _within(role: StaffRole) -> models.Q:
    """The challenges that one role reads."""
    if role.role != "reviewer":
        return rows_scope(role)
    asked = Comment.objects.filter(asks=role.person_id).values("challenge")
    return rows_scope(role) & (models.Q(published_at__isnull=False) | models.Q(pk__in=asked))


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def public(self) -> ChallengeQuerySet:
        """What was published, whatever became of it."""
        return (
            self.exclude(published_at=None)
            .select_related("call__programme")
            .prefetch_related("call__periods")
        )

    def open(self) -> ChallengeQuerySet:
        """Published, in a call that takes proposals now."""
        return self.filter(
            state=ChallengeState.PUBLISHED, call__in=Call.objects.open().values("pk")
        )

    def visible_to(self, user: Visitor) -> ChallengeQuerySet:
        """Of the office: by scope of the role. What is public is not asked here.

        The advisory board reads what was published, and before that what it is asked about.
        """
        if not user.is_authenticated or not user.is_office:
            return self.none()
        roles = [role for role in user.roles() if role.role in self.model.READERS]
        return self.filter(any_of([_within(role) for role in roles])).select_related(
            "call__programme"
        )

    def search(self, text: str) -> ChallengeQuerySet:
        found = self
        for word in text.split()[:5]:
            found = found.filter(search_text__contains=jptext.search_key(word))
        return found
