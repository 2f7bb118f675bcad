"""What the papers of a completion report say: its receipt, what is to be put right, the amount fixed."""

from datetime import date

from grants.applications.papers import frame, yen
from grants.awards import tracing
from grants.awards.models import Award, TraceStep
from grants.awards.papers import decided
from grants.budget.models import spent as paid_out
from grants.completion import reporting
from grants.completion.models import CompletionReport
from portal import clock, fiscal
from portal.money import Aid, Line
from portal.notices.citing import NOTHING, Cited


def fixing_facts(award: Award, *, cited: Cited = NOTHING, **_given: object) -> dict[str, object]:
    """補助金額確定通知書, generated from the trace."""
    report = award.completion_report
    cuts = [row for row in award.fixed_trace if row[1]]
    day = fiscal.era(clock.day_of(report.submitted_at)) if report.submitted_at else ""
    return frame(
        award.application,
        about="の額の確定",
        decides=True,
        title="補助金額確定通知書",
        body=f"{day}に提出のあった実績報告について、検査の結果、{award.stated.under('fixing')}、"
        "次のとおり補助金の額を確定しましたので、通知します。",
        body_en="After inspecting your completion report we have fixed the amount of the subsidy as follows.",
        items=[
            *decided(award, cited),
            ["確定額", yen(award.fixed_amount)],
            ["額の計算", "\n".join(_computed(award, report, cuts))],
            *([["減額の理由", "\n".join(_why(row) for row in cuts)]] if cuts else []),
            *_paid(award),
        ],
        small="補助金の支払いを受けるには、このポータルから請求してください。",
        small_en="Please claim the payment in this portal.",
    )


def _cut(row: TraceStep) -> int:
    return int(row[3]) - int(row[4])


def _why(row: TraceStep) -> str:
    """Why an item was cut; not by whom."""
    return f"経費{row[1]}　{row[0]}"


def _computed(award: Award, report: CompletionReport, cuts: list[TraceStep]) -> list[str]:
    """From the costs as reported to the amount, by what was kept when it was fixed."""
    formula = [Line(str(r[0]), int(r[3]), int(r[4])) for r in award.fixed_trace if not r[1]]
    spent = reporting.spent(report)
    over = sum(line.before - line.after for line in formula if line.rule == "group_cap")
    eligible = spent - sum(_cut(row) for row in cuts) - over
    return tracing.steps(
        spent,
        [(f"経費{row[1]}のうち対象外の額", _cut(row)) for row in cuts],
        Aid(eligible, award.fixed_amount or 0, tuple(formula)),
        award.terms,
    )


def _paid(award: Award) -> list[list[str]]:
    """What was paid in advance, where the programme pays so."""
    if "advance" not in award.stated.payment or not (paid := paid_out(award.case)):
        return []
    return [["概算払で支払った額", yen(paid)]]


def receipt_facts(
    report: CompletionReport, *, cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    content, moment = report.content, report.submitted_at
    return frame(
        report.award.application,
        about="の実績報告の受付",
        title="実績報告受付票",
        body=f"{report.award.stated.under('report')}提出のあった実績報告を、次のとおり受け付けました。",
        body_en="We have received your completion report as follows.",
        items=[
            ["受付番号", report.case.receipt_number],
            *decided(report.award, cited),
            ["受付日", fiscal.era(clock.day_of(moment)) if moment else ""],
            ["対象の額の合計", yen(sum(int(row["amount"]) for row in content["items"]))],
        ],
        files=[[d["name"], d["size"], d["sha256"]] for d in content["documents"]],
    )


def correction_facts(
    report: CompletionReport,
    *,
    reason: str = "",
    correct_by: date | None = None,
    cited: Cited = NOTHING,
    **_given: object,
) -> dict[str, object]:
    return frame(
        report.award.application,
        about="の実績報告の補正",
        does="依頼",
        title="実績報告補正依頼書",
        body="提出のあった実績報告について、次のとおり不備がありますので、"
        f"{report.award.stated.under('report')}、期限までに補正してください。",
        body_en="Please correct your completion report by the date given.",
        items=[
            ["受付番号", report.case.receipt_number],
            *decided(report.award, cited),
            ["補正の期限", fiscal.era(correct_by) if correct_by else ""],
            ["直していただきたいところ", reason],
        ],
    )
