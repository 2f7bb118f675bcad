"""The acts that stop the work of a project for a while (一時停止の命令) and let it go on."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from grants.awards.models import Award, award_of
from grants.awards.states import AwardState
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act, Change, Effect
from portal.types import Given, Text
from portal.workflow.door import perform


def obstacles_to(name: str) -> Callable[[Award], list[str]]:
    """Why the transition cannot run in the state that the award is in."""

    def reasons(award: Award) -> list[str]:
        if award.state in award.specs()[name].sources:
            return []
        return [_("「%(state)s」の状態ではできません。") % {"state": award.info.label}]

    return reasons


def _preview(name: str) -> Callable[[Award, Given], list[Change]]:
    def rows(award: Award, given: Given) -> list[Change]:
        target = AwardState.of(award.specs()[name].target).label
        return [
            (_("状態"), str(award.info.label), str(target)),
            (_("理由"), "", str(given["reason"])),
        ]

    return rows


def _run(name: str) -> Effect[Award]:
    def effect(award: Award, *, by: User, given: Given, approval: Approval) -> None:
        perform(award, name, by=by, reason=given["reason"])

    return effect


def _act(name: str, label: Text, notice: str) -> Act[Award]:
    return Act(
        label=label,
        subject_model="grants_awards.Award",
        form=ReasonForm,
        effect=_run(name),
        preview=_preview(name),
        obstacles=obstacles_to(name),
        locks=lambda award: [award],
        notice=notice,
        find=award_of,
    )


SUSPEND = _act("suspend", _lazy("一時停止の命令"), "suspension")
RESUME = _act("resume", _lazy("再開の承認"), "resumption")
