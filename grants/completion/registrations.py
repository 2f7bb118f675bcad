"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.ports import Correction, corrections, later_life
from grants.awards.papers import on_award
from grants.awards.ports import report_lies_with_office
from grants.completion import access, dossier, forms, panels, papers, turns
from grants.completion.acts import FIX
from grants.completion.models import OF_REPORT, CompletionReport
from grants.completion.states import CompletionState
from portal.approvals.ports import acts
from portal.cases import search, visibility
from portal.cases.ports import (
    DossierPart,
    Erasure,
    KeptDay,
    Panel,
    PublicActs,
    case_panels,
    dossier_parts,
    due_papers,
    erasures,
    kept_days,
    loaders,
    page_names,
    public_acts,
    searched,
    turn_duties,
    turn_notes,
    turn_sources,
)
from portal.documents.ports import open_files
from portal.workflow.ports import NoticeKind, notice_kinds, transition_forms

NAMED = [
    ("completion_cut", _lazy("対象外にする")),
    ("completion_recut", _lazy("対象外の額を付け直す")),
    ("completion_uncut", _lazy("対象外の額を取り消す")),
    ("inspection", _lazy("実績報告の検査")),
]

# what a turn is called → what is due by its day
DUE = [
    ("事業を行い、実績報告を出す", _lazy("実績報告書")),
    ("実績報告を直して出し直す", _lazy("補正した実績報告書")),
]


def register() -> None:
    for what, paper in DUE:
        due_papers.add(what, paper)
    for page, label in NAMED:
        page_names.add(page, label)
    searched.add("completion", search.columns(CompletionReport, "content"))
    acts.add("fix", FIX)
    report_lies_with_office.fill(access.lies_with_office)
    for name, label, facts in (
        ("fixing", _lazy("補助金額確定通知書"), papers.fixing_facts),
        ("completion_receipt", _lazy("実績報告受付票"), papers.receipt_facts),
        ("completion_correction", _lazy("実績報告補正依頼書"), papers.correction_facts),
    ):
        notice_kinds.add(name, NoticeKind(label=label, facts=facts, cites=on_award))
    transition_forms.add("completion_return", forms.ReturnForm)
    corrections.add(OF_REPORT, Correction(label=_lazy("実績報告"), row=access.report_of))

    open_files.add("completion", access.files_received)
    turn_sources.add("completion", turns.SOURCE)
    turn_notes.add("completionreport", turns.CAME_BACK)
    turn_duties.add(str(CompletionState.SUBMITTED.info.todo), "inspect")
    kept_days.add(
        "completion",
        KeptDay(
            rows=lambda: CompletionReport.objects.filter(state=CompletionState.RETURNED),
            field="correct_by",
        ),
    )

    loaders.add("completionreport", access.report_for)
    case_panels.add(
        "completion",
        Panel(
            template="grants/completion/panel.html",
            context=panels.of_case,
            anchor="completion",
            label=_lazy("実績報告"),
            readers=visibility.WORKERS,
            reads=panels.READS,
        ),
    )
    public_acts.add(
        "completionreport",
        PublicActs(
            said="extend_correction return_for_correction",
            bare="begin inspect inspect_again submit",
        ),
    )
    later_life.add("completion", panels.reached)

    blank = {"typed": {}, "content": {}, "return_reason": "", "inspection_note": ""}
    erasures.add("grants_completion.CompletionReport", Erasure(blank=blank))
    erasures.add(
        "grants_completion.Purchase",
        Erasure(path="report__case", blank={"vendor": "", "vendor_key": "", "number": ""}),
    )
    erasures.add(
        "grants_completion.InspectionSheet", Erasure(path="report__case", blank={"typed": {}})
    )
    erasures.add(
        "grants_completion.Cut", Erasure(path="report__case", blank={"reason": "", "what": ""})
    )
    erasures.add(
        "grants_completion.TakenBack",
        Erasure(path="report__case", blank={"reason": "", "what": "", "why": ""}),
    )
    dossier_parts.add(
        "completion",
        DossierPart(label="実績報告", readers=visibility.WORKERS, sections=dossier.reported),
    )
