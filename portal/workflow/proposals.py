"""What one person proposes and another confirms: the columns of such a row, and the rule.

A room adds what is proposed, what confirming does and in which chain it is recorded; its table says
in a column of its own what became of a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.types import Text, Visitor
from portal.workflow.errors import Forbidden, NotReady

if TYPE_CHECKING:
    from typing import Self

    from portal.types import User

# what the constraint of each table asks of a row that was confirmed, by whatever column it says so
CLOSED_BY_ANOTHER = Q(closed_at__isnull=False) & ~Q(closed_by=F("proposed_by"))


class Proposal(models.Model):
    """Nothing of it holds before it is confirmed. It is closed once: by that, or taken back."""

    # who may not confirm it, and what is said of one that is closed
    BY_ANOTHER: Text = _lazy("提案した方は確認できません。別の職員が確認します。")
    IS_CLOSED: Text = _lazy("この提案は、すでに確認されたか、取り下げられています。")

    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    def held(self, *beside: str) -> Self:
        """The row as it is now, with what hangs on it, until the end of the transaction.

        Raises NotReady where it is closed.
        """
        rows = type(self)._default_manager.select_for_update(of=("self",), no_key=True)
        fresh = rows.select_related(*beside).filter(pk=self.pk, closed_at=None).first()
        if fresh is None:
            raise NotReady(str(self.IS_CLOSED))
        return fresh

    def is_anothers(self, person: Visitor) -> bool:
        """May this person be the one who confirms it, as far as the row itself says?"""
        return person.pk != self.proposed_by_id

    def demand_another(self, by: User) -> None:
        if not self.is_anothers(by):
            raise Forbidden(str(self.BY_ANOTHER))

    def close(self, by: User, *outcome: str) -> None:
        """Keeps also the columns of the `outcome` that the room has written; none named: all."""
        self.closed_by, self.closed_at = by, clock.now()
        self.save(update_fields=["closed_by", "closed_at", *outcome] if outcome else None)
