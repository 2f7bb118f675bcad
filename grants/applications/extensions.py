"""期限の延長の申し出: a firm that cannot make the day of its correction asks for a later one."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import outgoing
from grants.applications.ports import corrections
from grants.applications.states import ExtensionState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, Either, office
from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.types import Row, Text
from portal.ui.templatetags import ui
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    state_check,
    state_field,
    transition,
)

if TYPE_CHECKING:
    from grants.applications.models import Application

OFFICER = office("programme_officer")
OF_APPLICATION = "application"


def corrected(application: "Application", about: str) -> Row:
    """What is corrected: the application itself, or a row of a later room that came of it."""
    return application if about == OF_APPLICATION else corrections[about].row(application.case)


class ExtensionRequest(LifeCycle):
    """Until when, and why. The day itself moves by `extend_correction` of the row that is corrected
    alone (`row`), which `grant` performs; whatever else moves it, or ends the correction, overtakes an
    open request.
    """

    lock_rank = 41  # after its application, which a grant moves
    STATES = ExtensionState
    OUTGOING = outgoing.EXTENSION
    LIVE = (ExtensionState.ASKED,)

    case = models.ForeignKey(Case, models.PROTECT, related_name="extension_requests")
    application = models.ForeignKey(
        "grants_applications.Application", models.PROTECT, related_name="extension_requests"
    )
    # what is corrected: the application, or by a name of `corrections` what came of it
    about = models.CharField(max_length=20, default=OF_APPLICATION)
    asked_until = models.DateField()
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
            state_check(ExtensionState, "applications_extension_state"),
            models.UniqueConstraint(
                fields=["application", "about"],
                condition=models.Q(state=ExtensionState.ASKED),
                name="applications_extension_open_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case)

    @property
    def row(self) -> Row:
        return corrected(self.application, self.about)

    @property
    def is_denied(self) -> bool:
        return self.state == ExtensionState.DENIED

    @property
    def act_facts(self) -> Sequence[tuple[Text, str]]:
        of_later = self.about != OF_APPLICATION
        return (
            *([(_("補正するもの"), str(corrections[self.about].label))] if of_later else ()),
            (_("いまの期限"), ui.day(self.row.correct_by)),
            (_("希望の期限"), ui.day(self.asked_until)),
            (_("申し出の理由"), self.reason),
            (_("申し出た方"), f"{self.asked_by.name}　{ui.short_moment(self.asked_at)}"),
        )

    @property
    def told_values(self) -> dict[str, object]:
        return {"day": ui.day(self.row.correct_by), "phone": self.application.stated.phone}

    @transition(
        source=UNBORN,
        target=ExtensionState.ASKED,
        label=_lazy("補正の期限の延長を申し出る"),
        done=_lazy("補正の期限の延長を申し出ました"),
        internal=True,
        permission=Applicant(),
        locks=lambda _obj, given: [
            given["application"].case,
            given["application"],
            corrected(given["application"], given.get("about", OF_APPLICATION)),
        ],
    )
    def begin(
        self,
        *,
        application: "Application",
        asked_until: date,
        reason: str,
        by: User,
        about: str = OF_APPLICATION,
        **_given: object,
    ) -> None:
        """For a day after the present one, while none is open. Raises NotReady."""
        application = type(application).objects.get(pk=application.pk)  # as it is under the lock
        row = corrected(application, about)
        if not row.is_returned or row.correct_by is None:
            raise NotReady(_("補正をお願いしている間だけ、申し出ることができます。"))
        if ExtensionRequest.objects.live().filter(application=application, about=about).exists():
            raise NotReady(_("期限の延長は、すでに申し出ています。市の返事をお待ちください。"))
        if asked_until <= max(clock.today(), row.correct_by):
            raise NotReady(_("いまの期限より後の日にしてください。"))
        self.application, self.about, self.case = application, about, application.case
        self.asked_until, self.reason = asked_until, reason
        self.asked_by, self.asked_at = by, clock.now()

    @transition(
        source=ExtensionState.ASKED,
        target=ExtensionState.GRANTED,
        label=_lazy("期限の延長を認める"),
        done=_lazy("期限の延長を認め、補正の期限を延ばしました"),
        tone="solid",
        permission=OFFICER,
        reason="required",
        form="extension_grant",
        locks=lambda request, _given: [request.row],
    )
    def grant(self, *, correct_by: date, reason: str, by: User, **_given: object) -> None:
        """The day that the officer typed, which need not be the one that was asked for."""
        perform(
            self.row,
            "extend_correction",
            by=by,
            reason=reason,
            correct_by=correct_by,
            granting=self,
        )

    @transition(
        source=ExtensionState.ASKED,
        target=ExtensionState.DENIED,
        label=_lazy("期限の延長を認めない"),
        done=_lazy("期限の延長を認めないことにしました"),
        permission=OFFICER,
        reason="required",
    )
    def deny(self, *, reason: str, **_given: object) -> None:
        self.answer = reason

    @transition(
        source=ExtensionState.ASKED,
        target=ExtensionState.WITHDRAWN,
        label=_lazy("申し出を取り下げる"),
        done=_lazy("期限の延長の申し出を取り下げました"),
        permission=Applicant(),
    )
    def withdraw(self, **_given: object) -> None:
        """The firm makes the day after all, or asks anew. The office's turn goes, and nobody is told."""

    @transition(
        source=ExtensionState.ASKED,
        target=ExtensionState.OVERTAKEN,
        label=_lazy("申し出を終える"),
        done=_lazy("期限の延長の申し出は、ほかの手続きが先に進んで終わりました"),
        internal=True,
        permission=Either((Applicant(), office("programme_officer", "approver"))),
    )
    def overtake(self, **_given: object) -> None:
        """Performed by what happens to the application instead (`overtake_all`)."""


def overtake_all(
    application: "Application", *, by: User, but: object = None, about: str = OF_APPLICATION
) -> None:
    """End what is still asked for, since the day moved or nothing is to be corrected any more."""
    for request in application.extension_requests.all():
        if request.is_live and request.about == about and request != but:
            perform(request, "overtake", by=by)


extensions_of = OfCase(
    lambda: ExtensionRequest.objects.select_related(
        "asked_by", "application__call", "application__case"
    )
)


def latest(case: Case, about: str = OF_APPLICATION) -> ExtensionRequest | None:
    """The last one about a correction, whatever became of it."""
    return next((row for row in extensions_of.all(case) if row.about == about), None)
