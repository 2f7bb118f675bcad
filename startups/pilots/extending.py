"""実証の期間の延長: proposed by the department, agreed to by the firm, decided by an approver. Decision 0172."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.followup.schedule import add_months
from portal import clock
from portal.accounts.permissions import Applicant, Either, office
from portal.days import day_said
from portal.types import Text
from portal.workflow.door import Action
from portal.workflow.errors import NotReady
from portal.workflow.graph import Requirement, transition
from startups.pilots import schedule
from startups.pilots.states import PilotState

OWNER = office("challenge_owner")
DECIDER = office("approver", every_town=True)  # binds each of its municipalities
FIRM = Applicant(submitting=True)


def misfit(pilot: "Extending", day: date) -> str:
    """Why the pilot is not prolonged to that day; empty where it may be."""
    if day <= max(pilot.ends_on, clock.today()):
        return _("いまの終わりの日と今日より、後の日にしてください。")
    if day > pilot.latest_end:
        return _("延長は、協定で決めた終わりの日から%(n)sか月（%(day)s）までです。") % {
            "n": schedule.EXTENSION_MONTHS,
            "day": day_said(pilot.latest_end),
        }
    return ""


def _none_proposed(pilot: "Extending") -> list[str]:
    return [] if pilot.extends_to else [_("先に、担当課が期間の延長を提案します。")]


def _agreed(pilot: "Extending") -> list[str]:
    return [_("この延長には、すでに同意しています。")] if pilot.extension_agreed_at else []


def _not_agreed(pilot: "Extending") -> list[str]:
    if pilot.extends_to is None or pilot.extension_agreed_at:
        return []
    return [_("提案者が延長に同意すると決められます。")]


def _misfits(pilot: "Extending") -> list[str]:
    wrong = misfit(pilot, pilot.extends_to) if pilot.extends_to else ""
    return [wrong] if wrong else []


PROPOSED = Requirement("proposed", _none_proposed)
ANSWERS = ("agree_to_extension", "drop_extension", "extend")


def answerable(pilot: "Extending", found: list[Action]) -> list[Action]:
    """Without what answers a proposal that nobody made."""
    if pilot.extends_to:
        return found
    return [action for action in found if action.spec.name not in ANSWERS]


class Extending(models.Model):
    """`extends_to`, for which reason, and since when the firm agrees: nothing of it holds before it is
    decided. `agreed_until`: the end that was signed, from which every extension is counted.
    """

    if TYPE_CHECKING:
        ends_on: models.DateField[date, date]

    agreed_until = models.DateField(null=True)
    extends_to = models.DateField(null=True)
    extends_for = models.TextField(blank=True)
    extension_agreed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def latest_end(self) -> date:
        return add_months(self.agreed_until or self.ends_on, schedule.EXTENSION_MONTHS)

    @property
    def act_facts(self) -> list[tuple[Text, str]]:
        if self.extends_to is None:
            return []
        return [
            (_("いまの終わりの日"), day_said(self.ends_on)),
            (_("延長したあとの終わりの日"), day_said(self.extends_to)),
            (_("延長の理由"), self.extends_for),
        ]

    def forget_extension(self) -> None:
        self.extends_to, self.extends_for, self.extension_agreed_at = None, "", None

    @transition(
        source=PilotState.RUNNING,
        target=PilotState.RUNNING,
        label=_lazy("期間の延長を提案する"),
        done=_lazy("期間の延長を提案しました"),
        permission=OWNER,
        duty="draft_agreement",
        form="pilot_extension",
        reason="required",
    )
    def propose_extension(self, *, ends_on: date, reason: str, **_given: object) -> None:
        """In place of one that waits: what was agreed to it does not hold for this one.

        Raises NotReady for a day to which it is not prolonged.
        """
        if wrong := misfit(self, ends_on):
            raise NotReady(wrong)
        self.extends_to, self.extends_for, self.extension_agreed_at = ends_on, reason, None

    @transition(
        source=PilotState.RUNNING,
        target=PilotState.RUNNING,
        label=_lazy("期間の延長に同意する"),
        done=_lazy("提案者が期間の延長に同意しました"),
        permission=FIRM,
        requirements=(PROPOSED, Requirement("new", _agreed)),
        tone="solid",
    )
    def agree_to_extension(self, **_given: object) -> None:
        self.extension_agreed_at = clock.now()

    @transition(
        source=PilotState.RUNNING,
        target=PilotState.RUNNING,
        label=_lazy("期間を延ばさない"),
        done=_lazy("期間の延長の提案を取りやめました"),
        permission=Either((FIRM, office("challenge_owner", "approver"))),
        requirements=(PROPOSED,),
        reason="required",
    )
    def drop_extension(self, **_given: object) -> None:
        """The department takes it back, the firm does not agree, or the approver decides against it."""
        self.forget_extension()

    @transition(
        source=PilotState.RUNNING,
        target=PilotState.RUNNING,
        label=_lazy("期間を延ばす"),
        done=_lazy("実証の期間を延ばしました"),
        permission=DECIDER,
        duty="sign_agreement",
        requirements=(
            PROPOSED,
            Requirement("agreed", _not_agreed),
            Requirement("fits", _misfits),
        ),
    )
    def extend(self, **_given: object) -> None:
        self.agreed_until = self.agreed_until or self.ends_on
        self.ends_on = self.extends_to or self.ends_on
        self.forget_extension()
