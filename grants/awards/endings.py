"""How an award ends before its money: the acts of abandonment and of
cancelling for changed circumstances, and their papers.
"""

from collections.abc import Callable

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import ReasonForm
from grants.applications.papers import frame, yen
from grants.awards.models import Award, award_of
from grants.awards.states import AwardState
from grants.budget.models import lines_of, spent
from portal import fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.types import Given, Text
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import perform


def obstacles_to(name: str) -> Callable[[Award], list[str]]:
    def reasons(award: Award) -> list[str]:
        if award.state in award.specs()[name].sources:
            return []
        return [_("「%(state)s」の状態ではできません。") % {"state": award.info.label}]

    return reasons


def preview(name: str) -> Callable[[Award, Given], list[tuple[str, str, str]]]:
    def rows(award: Award, given: Given) -> list[tuple[str, str, str]]:
        target = AwardState.of(award.specs()[name].target).label
        back = award.payable - spent(award.case)
        return [
            (_("状態"), str(award.info.label), str(target)),
            (_("予算に戻る額"), "", in_yen(max(back, 0))),
            (_("理由"), "", str(given.get("reason", ""))),
        ]

    return rows


def run(name: str) -> Callable[..., None]:
    def effect(award: Award, *, by: User, given: Given, approval: Approval) -> None:
        perform(award, name, by=by, reason=given["reason"])

    return effect


def locks(award: Award) -> list[models.Model]:
    return [award, *lines_of(award.application.call, award.frame)]


def abandonment_facts(award: Award, *, reason: str = "", **_given: object) -> dict[str, object]:
    return _facts(
        award,
        "補助事業廃止承認通知書",
        "補助事業の廃止を承認しましたので、通知します。",
        "We have approved that the project is given up.",
        [["理由", reason]],
    )


def revocation_facts(award: Award, *, reason: str = "", **_given: object) -> dict[str, object]:
    return _facts(
        award,
        "補助金交付決定取消通知書",
        "次の理由により、交付の決定を取り消しましたので、通知します。",
        "We have revoked the award for the reason below.",
        [["取消しの理由", reason]],
    )


def _facts(
    award: Award, title: str, body: str, body_en: str, rows: list[list[str]]
) -> dict[str, object]:
    items = [
        ["補助事業の名称", award.application.title],
        ["交付決定の日", fiscal.era(award.awarded_on)],
        ["交付決定額", yen(award.awarded_amount)],
        *rows,
    ]
    stated = award.stated
    return frame(
        award.application,
        title=title,
        body=body,
        body_en=body_en,
        items=items,
        small=stated.appeal_text,
    )


def ending(name: str, label: Text, notice: str) -> Act[Award]:
    return Act(
        label=label,
        subject_model="grants_awards.Award",
        form=ReasonForm,
        effect=run(name),
        preview=preview(name),
        obstacles=obstacles_to(name),
        locks=locks,
        notice=notice,
        find=award_of,
    )


ABANDON = ending("abandon", _lazy("廃止の承認"), "abandonment")
CANCEL = ending("cancel", _lazy("事情の変更による取消し"), "revocation")
