"""Filing a change, its acts and papers: approved changes alter the award's plan through the one door."""

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import NothingToFillIn, ReasonForm
from grants.applications.papers import frame
from grants.awards.changes import ChangeRequest, PlanItem, approved_plan, is_minor
from grants.awards.models import Award
from grants.awards.papers import decided
from grants.awards.states import ChangeState
from grants.awards.turns import changes_of
from grants.budget.carrying import year_of, years_carried
from grants.budget.years import project_refusals
from portal import fiscal
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.cases.models import Case
from portal.days import day_said
from portal.notices.citing import NOTHING, Cited
from portal.types import Given
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import begin, door, perform


def file(
    award: Award, *, kind: str, reason: str, after: list[PlanItem], ends_on: date | None, by: User
) -> ChangeRequest:
    """File a change (again where it was returned):
    a minor one counts at once, any other waits for its approval.
    """
    with door(by, [award.case, award]):
        award = Award.objects.select_related("application__call", "case").get(pk=award.pk)
        given: Given = {
            "kind": kind,
            "reason": reason,
            "ends_on": ends_on,
            "before": [list(row) for row in approved_plan(award)],
            "after": [list(row) for row in after] if kind == "costs" else [],
        }
        change = ChangeRequest.objects.filter(
            award=award, state=ChangeState.RETURNED
        ).first() or begin(ChangeRequest, by=by, award=award, **given)
        change = perform(
            change,
            "notify" if is_minor(kind, given["before"], given["after"]) else "submit",
            by=by,
            **given,
        )
        if change.state == ChangeState.NOTIFIED:
            perform(award, "adopt", by=by, change=change)
    return change


def find(case: Case) -> ChangeRequest | None:
    return next((row for row in changes_of.all(case) if row.state == ChangeState.SUBMITTED), None)


def preview(change: ChangeRequest, given: Given) -> list[tuple[str, str, str]]:
    rows = [
        (name, "" if old is None else in_yen(old), "" if new is None else in_yen(new))
        for name, old, new in change.rows
        if change.after
    ]
    if change.ends_on:
        rows.append(
            (
                _("事業の期間"),
                day_said(change.award.project_ends_on),
                day_said(change.ends_on),
            )
        )
    rows.append((_("変更の理由"), "", change.reason))
    return rows + ([(_("理由"), "", given["reason"])] if given.get("reason") else [])


def approve_obstacles(change: ChangeRequest) -> list[str]:
    if change.kind != "abandon":
        return _past_the_year(change)
    return [
        _("事業の廃止は、「廃止の承認」で起案してください。返していただく額もそこで決まります。")
    ]


def _past_the_year(change: ChangeRequest) -> list[str]:
    """Why the project cannot run as long as asked."""
    if change.ends_on is None:
        return []
    year = year_of(change.award.application.call, change.award.frame)
    return project_refusals(year, change.ends_on, carried=years_carried(change.case))


def approve_effect(change: ChangeRequest, *, by: User, given: Given, approval: Approval) -> None:
    change = perform(change, "approve", by=by)
    perform(change.award, "adopt", by=by, change=change)


def deny_effect(change: ChangeRequest, *, by: User, given: Given, approval: Approval) -> None:
    perform(change, "deny", by=by, reason=given["reason"])


def approved_facts(
    change: ChangeRequest, *, cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    return _facts(
        change,
        cited,
        "変更後",
        "の補助事業の変更の承認",
        "補助事業変更承認通知書",
        "次のとおり補助事業の変更を承認しましたので、通知します。",
        "We have approved the change of the project.",
    )


def denied_facts(
    change: ChangeRequest, *, reason: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    return _facts(
        change,
        cited,
        "申請",
        "の補助事業の変更の不承認",
        "補助事業変更不承認通知書",
        "次の理由で補助事業の変更を承認しないことに決定しましたので、通知します。",
        "We do not approve the change of the project.",
        ["承認しない理由", reason],
    )


def _said(yen: int | None) -> str:
    return "なし" if yen is None else f"{yen:,}円"


def _facts(
    change: ChangeRequest,
    cited: Cited,
    after: str,
    about: str,
    title: str,
    body: str,
    body_en: str,
    *more: list[str],
) -> dict[str, object]:
    items = [
        *decided(change.award, cited),
        ["変更の区分", str(dict(ChangeRequest.KINDS)[change.kind])],
        ["変更の理由", change.reason],
    ]
    if change.ends_on:
        items.append([f"{after}の終わりの日", fiscal.era(change.ends_on)])
    for n, (name, old, new) in enumerate(change.rows if change.after else [], 1):
        items.append([f"経費{n}", f"{name}\n変更前　{_said(old)}、{after}　{_said(new)}"])
    return frame(
        change.award.application,
        about=about,
        decides=True,
        title=title,
        body=f"{change.award.stated.under('change')}、{body}",
        body_en=body_en,
        items=[*items, *more],
    )


APPROVE_CHANGE = Act(
    label=_lazy("変更の承認"),
    subject_model="grants_awards.ChangeRequest",
    form=NothingToFillIn,
    effect=approve_effect,
    preview=preview,
    obstacles=approve_obstacles,
    locks=lambda change: [change.award, change],
    notice="change_approved",
    find=find,
)
DENY_CHANGE = replace(
    APPROVE_CHANGE,
    label=_lazy("変更の不承認"),
    form=ReasonForm,
    obstacles=lambda _change: [],
    effect=deny_effect,
    notice="change_denied",
)
