"""The act of fixing the amount."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.acts import NothingToFillIn
from grants.awards.models import TraceStep
from grants.awards.states import AwardState
from grants.budget.drawing import drawn
from grants.budget.models import lines_of
from grants.completion import cuts, reporting, summing
from grants.completion.models import CompletionReport, TakenBack
from grants.completion.ports import money_fixed
from grants.completion.states import CompletionState
from grants.completion.turns import reports_of
from portal import clock
from portal.accounts.models import User
from portal.approvals.models import Approval
from portal.approvals.ports import Act, Draw
from portal.days import dated
from portal.types import Given
from portal.ui.templatetags.ui import in_yen
from portal.workflow.door import perform_all
from portal.workflow.errors import NotReady

RULES = {  # the formula's own steps, in words
    "group_cap": _lazy("経費区分の上限まで"),
    "cap": _lazy("補助上限額まで"),
    "award": _lazy("交付決定額まで"),
    "rounding": _lazy("端数の切捨て"),
    "floor": _lazy("補助下限額に満たない"),
}


def obstacles(report: CompletionReport) -> list[str]:
    if report.award.state != AwardState.ACTIVE:
        return [_("実施中の補助事業ではありません。")]
    if report.state != CompletionState.INSPECTED:
        return [_("検査が終わると、額の確定を起案できます。")]
    return cuts.unsettled(report) or summing.not_as_inspected(report)


def preview(report: CompletionReport, _given: Given) -> list[tuple[str, str, str]]:
    award, (result, trace) = report.award, reporting.fixing(report)
    rows = [(_("対象の費用"), in_yen(award.eligible_amount), in_yen(result.eligible))]
    for row in trace:
        text = f"{in_yen(int(row[3]))} → {in_yen(int(row[4]))}"
        what = _("対象外の額：%(step)s") if row[1] else _("計算：%(step)s")
        rows.append((what % {"step": said(row)}, "", text))
    rows += [*_inspected(report), *(_taken_back(row) for row in report.taken_back.all())]
    return [*rows, (_("補助金の額"), in_yen(award.payable), in_yen(result.amount))]


def _inspected(report: CompletionReport) -> list[tuple[str, str, str]]:
    """What the inspector saw and wrote."""
    if report.inspected_by is None or report.inspected_amount is None:
        return []
    who = _("検査で確かめた補助金の額（%(who)s）") % {"who": report.inspected_by.name}
    return [
        (who, "", in_yen(report.inspected_amount)),
        (_("検査の記録"), "", report.inspection_note),
    ]


def _taken_back(row: TakenBack) -> tuple[str, str, str]:
    """A cut that is there no more: by whom and why it was made, and taken back."""
    made = {"cite": row.cite, "reason": row.reason, "who": row.made_by.name, "what": row.what}
    taken = {"why": row.why, "who": row.taken_by.name, "day": dated(clock.day_of(row.taken_at))}
    return (
        _("取り消された対象外の額：「%(what)s」　%(cite)s：%(reason)s（%(who)s）") % made,
        f"−{in_yen(row.amount)}",
        _("%(day)sに取消し：%(why)s（%(who)s）") % taken,
    )


def draws(rows: Sequence[tuple[CompletionReport, Given]]) -> list[Draw]:
    """What was awarded and is not fixed goes back to its line."""
    found = []
    for report, _given in rows:
        award, (result, _trace) = report.award, reporting.fixing(report)
        application = award.application
        back = award.payable - result.amount
        found.append((application.call, application.frame, -back, 0))
    return drawn(found)


def said(row: TraceStep) -> str:
    """A step of the trace in words: the rule, the item, the officer."""
    rule, item, officer = row[:3]
    where = _("経費%(n)s　") % {"n": item} if item else ""
    return f"{where}{RULES.get(str(rule), rule)}{f'（{officer}）' if officer else ''}"


READS = (
    "case__organisation",
    "inspected_by",
    "cuts__made_by",
    "taken_back__made_by",
    "taken_back__taken_by",
    "award__case",
    "award__application__case__organisation",
    "award__application__versions",
    "award__application__call__budget_lines",
)


def effect_all(
    rows: Sequence[tuple[CompletionReport, Given]], *, by: User, approval: Approval
) -> None:
    wanted = []
    for report, _given in rows:
        if reasons := obstacles(report):
            raise NotReady(*(f"{report.case}: {reason}" for reason in reasons))
        result, trace = reporting.fixing(report)
        wanted.append((report.award, {"amount": result.amount, "trace": trace}))
    awards = perform_all(wanted, "fix_amount", by=by)
    for fixed in money_fixed.values():
        fixed(awards, by)


def effect(report: CompletionReport, *, by: User, given: Given, approval: Approval) -> None:
    effect_all([(report, given)], by=by, approval=approval)


FIX = Act(
    label=_lazy("額の確定"),
    subject_model="grants_completion.CompletionReport",
    form=NothingToFillIn,
    effect=effect,
    preview=preview,
    basis=lambda report: report.award.application.stated.guideline,
    draws=draws,
    obstacles=obstacles,
    locks=lambda report: [
        report.award,
        *lines_of(report.award.application.call, report.award.frame),
    ],
    notice="fixing",
    find=reports_of.first,
    sum_of=lambda report, _given: reporting.fixing(report)[0].amount,
    reads=READS,
    effect_all=effect_all,
)
