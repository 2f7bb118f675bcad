"""履行延期の申し出: a firm that cannot pay back in time says why, and in which parts it could."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.recovery import outgoing, states
from grants.recovery.states import LaterState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, office
from portal.approvals.models import Approval, Item
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.days import day_said
from portal.interest import PaidIn
from portal.types import Text
from portal.ui.templatetags import ui
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    Requirement,
    state_check,
    state_field,
    transition,
)

if TYPE_CHECKING:
    from grants.recovery.models import Recovery


ASKED = _lazy("履行延期は、すでに申し出ています。市の返事をお待ちください。")


def _being_answered(request: "LaterRequest") -> list[str]:
    """A draft of the deferral is the answer: it begins with the request, and would be decided though
    this was denied meanwhile. Whether its firm took it back the decision asks (`deferring.misfits`).
    """
    rows = Item.objects.filter(case=request.case_id, approval__act="defer_return")
    if not rows.filter(approval__state__in=Approval.LIVE).exists():
        return []
    return [
        _(
            "履行延期が起案されています。起案が決まるか取り下げられるまで、申し出に「認めない」とは答えられません。"
        )
    ]


NOT_BEING_ANSWERED = Requirement("being_answered", _being_answered)


class LaterRequest(LifeCycle):
    """The parts and the reason that a draft of the deferral begins with. No day moves by it: an agreement
    is decided as every other one, and answers it.
    """

    lock_rank = 71  # after its return, whose deferral agrees to it
    STATES = LaterState
    OUTGOING = outgoing.LATER
    LIVE = (LaterState.ASKED,)

    case = models.ForeignKey(Case, models.PROTECT, related_name="later_requests")
    recovery = models.ForeignKey("Recovery", models.PROTECT, related_name="later_requests")
    # [day, yen] of each, on days on which the office is open
    plan = models.JSONField(default=list)
    reason = models.TextField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    # why not; empty in every other state
    answer = models.TextField(blank=True)
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            state_check(LaterState, "recovery_later_state"),
            models.UniqueConstraint(
                fields=["recovery"],
                condition=models.Q(state=LaterState.ASKED),
                name="recovery_later_open_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#recovery"

    @property
    def parts(self) -> list[PaidIn]:
        return [PaidIn(date.fromisoformat(str(day)), int(yen)) for day, yen in self.plan]

    @property
    def is_denied(self) -> bool:
        return self.state == LaterState.DENIED

    @property
    def as_typed(self) -> str:
        """The parts as the form of a deferral reads them: one a line."""
        return "\n".join(f"{part.on.isoformat()} {part.amount}" for part in self.parts)

    @property
    def act_facts(self) -> Sequence[tuple[Text, str]]:
        return (
            (_("事情"), self.reason),
            *[(day_said(part.on), ui.in_yen(part.amount)) for part in self.parts],
            (_("申し出た方"), f"{self.asked_by.name}　{ui.short_moment(self.asked_at)}"),
        )

    @property
    def told_values(self) -> dict[str, object]:
        return {"day": ui.day(self.recovery.next_due), "phone": self.recovery.award.stated.phone}

    @transition(
        source=UNBORN,
        target=LaterState.ASKED,
        label=_lazy("履行延期を申し出る"),
        done=_lazy("返還の履行延期を申し出ました"),
        internal=True,
        permission=Applicant(),
        locks=lambda _obj, given: [given["recovery"]],
        unsaid=("plan",),
    )
    def begin(
        self, *, recovery: "Recovery", plan: list[PaidIn], reason: str, by: User, **_given: object
    ) -> None:
        """While something is owed and none is open. Raises NotReady."""
        fresh = type(recovery).objects.get(pk=recovery.pk)  # as it is under the lock
        if fresh.state not in states.OWED:
            raise NotReady(_("納付を求めている返還についてだけ、申し出ることができます。"))
        if LaterRequest.objects.live().filter(recovery=fresh).exists():
            raise NotReady(ASKED)
        self.recovery, self.case, self.reason = recovery, recovery.case, reason
        self.plan = [[part.on.isoformat(), part.amount] for part in plan]
        self.asked_by, self.asked_at = by, clock.now()

    @transition(
        source=LaterState.ASKED,
        target=LaterState.AGREED,
        label=_lazy("申し出に応じる"),
        done=_lazy("申し出に応じて、返還の期限を延ばしました"),
        internal=True,
        permission=office("approver"),
    )
    def agree(self, **_given: object) -> None:
        """Performed by the decision, which may agree to other parts than were asked for."""

    @transition(
        source=LaterState.ASKED,
        target=LaterState.DENIED,
        label=_lazy("履行延期を認めない"),
        done=_lazy("履行延期を認めないことにしました"),
        permission=office("programme_officer"),
        reason="required",
        requirements=(NOT_BEING_ANSWERED,),
    )
    def deny(self, *, reason: str, **_given: object) -> None:
        """The reason stands on the page and not in the mail."""
        self.answer = reason

    @transition(
        source=LaterState.ASKED,
        target=LaterState.WITHDRAWN,
        label=_lazy("申し出を取り下げる"),
        done=_lazy("履行延期の申し出を取り下げました"),
        permission=Applicant(),
    )
    def withdraw(self, **_given: object) -> None:
        """The firm pays in time after all, or asks anew."""

    @transition(
        source=LaterState.ASKED,
        target=LaterState.OVERTAKEN,
        label=_lazy("申し出を終える"),
        done=_lazy("履行延期の申し出は、返還の手続きが終わったので終わりました"),
        internal=True,
        permission=office("finance_officer", "approver"),
    )
    def overtake(self, **_given: object) -> None:
        """Performed by what ends the return."""


def answer(recovery: "Recovery", name: str, *, by: User) -> None:
    """What happened to the return ends what was asked of it: `agree` or `overtake`."""
    for request in LaterRequest.objects.live().filter(recovery=recovery):
        perform(request, name, by=by)


requests_of = OfCase(lambda: LaterRequest.objects.select_related("asked_by", "recovery", "case"))
