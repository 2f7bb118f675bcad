"""説明会: when and where a call is explained; put right also after it was announced, since it binds nobody."""

from typing import TYPE_CHECKING, cast

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import outgoing, pausing
from grants.programmes.models.rights import BY_EITHER
from grants.programmes.models.saying import Briefing
from grants.programmes.states import CallState
from grants.programmes.steps import before
from portal.accounts.models import User
from portal.workflow.graph import LifeCycle, transition

if TYPE_CHECKING:
    from grants.programmes.models.calls import Call


class Briefed(LifeCycle):
    """A call with its `briefings`, one or none."""

    briefings = models.JSONField(default=list)

    class Meta:
        abstract = True

    @transition(
        source=CallState.ANNOUNCED,
        target=CallState.ANNOUNCED,
        label=_lazy("説明会を改める"),
        done=_lazy("説明会を改めました"),
        permission=BY_EITHER,
        form="briefing",
        requirements=before("rebrief"),
    )
    def rebrief(self, *, briefings: list[Briefing], by: User, **_given: object) -> None:
        """Whoever has a draft hears of it."""
        self.briefings = briefings
        pausing.tell_drafts(cast("Call", self), outgoing.REBRIEFED, by)
