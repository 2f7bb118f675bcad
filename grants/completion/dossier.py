"""What is bound into the whole of a case of its completion report and the look at it."""

from grants.completion.cuts import Held, as_sent, held
from grants.completion.models import CompletionReport
from portal.accounts.models import User
from portal.cases.dossier import facts
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.types import Given
from portal.ui.templatetags import ui


def reported(case: Case, _user: User) -> list[Section]:
    """As it was handed in last; nothing before that."""
    reports = CompletionReport.objects.filter(case=case).exclude(content={})
    return [_report(report) for report in reports.select_related("inspected_by")]


def _report(report: CompletionReport) -> Section:
    inspector = report.inspected_by.name if report.inspected_by else ""
    return facts(
        "実績報告",
        ("状態", report.info.label),
        ("提出", report.submitted_at),
        ("結果", report.content.get("result")),
        ("違いの理由", report.content.get("reason")),
        *[(f"経費{n}", _item(row)) for n, row in enumerate(report.content["items"], 1)],
        ("補正の理由", report.return_reason),
        ("検査した日", report.inspected_on),
        ("検査した人", inspector),
        ("検査の記録", report.inspection_note),
        *[
            (_where(row), f"{ui.in_yen(row.cut.amount)}　{row.cut.reason}（{row.cut.cite}）")
            for row in held(report.cuts.all(), as_sent(report))
        ],
        *[
            ("取り消された減額", f"{ui.in_yen(row.amount)}　{row.reason}（{row.cite}）。{row.why}")
            for row in report.taken_back.all()
        ],
    )


def _where(row: Held) -> str:
    return f"経費{row.n}の減額" if row.item else f"「{row.cut.what}」の減額"


def _item(row: Given) -> str:
    return f"{row['what']}　{row.get('vendor') or ''}　{ui.in_yen(int(row['amount']))}（税抜）"
