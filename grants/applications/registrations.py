"""What this room fills in elsewhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import (
    access,
    called_off,
    case_page,
    correct_forms,
    deciding,
    discarding,
    dossier,
    filed,
    formal,
    found_by,
    hanging,
    many,
    named,
    obstacles,
    own_data,
    papers,
    printing,
    private,
    retention,
    sharing,
    turns,
    unchanged,
    watched,
)
from grants.applications.acts import DECLARE_INADMISSIBLE, LAPSE
from grants.applications.models import Application
from grants.applications.states import ApplicationState
from grants.budget.models import BudgetLine
from grants.programmes.models import Call, CallChange
from grants.programmes.ports import (
    Entrance,
    drafts_in,
    end_undecided,
    entrances,
    frames_waiting,
    rules_changed,
    undecided,
    undecided_in,
)
from portal.accounts.ports import OwnTable, hanging_cases, own_tables
from portal.approvals.ports import acts
from portal.audit.ports import Kept, faults, kept_rows
from portal.backups.ports import erasers, sums
from portal.cases import visibility
from portal.cases.ports import (
    CaseKind,
    DossierPart,
    Erasure,
    KeptDay,
    PublicActs,
    beside_own,
    bulk_acts,
    case_kinds,
    closed_matters,
    dossier_parts,
    due_moments,
    due_papers,
    duty_subjects,
    erasures,
    keeping_rules,
    kept_days,
    loaders,
    page_names,
    private_texts,
    public_acts,
    reading_words,
    searched,
    turn_duties,
    turn_notes,
    turn_sources,
)
from portal.correspondence.ports import named_in
from portal.documents.ports import file_names, open_files
from portal.firms.ports import erase_drafts
from portal.health.ports import probes
from portal.ui.ports import Menu, menus
from portal.workflow.graph import Requirement
from portal.workflow.ports import (
    NoticeKind,
    Sealed,
    joined_requirements,
    joined_touches,
    notice_kinds,
    sealed_columns,
    transition_forms,
)
from portal.workflow.ports import papers as drawn_papers

NAMED = [
    ("attempt_honour", _lazy("受付の時刻を認める")),
]

# what a turn is called → what is due by its day
DUE = [
    ("申請を書いて提出する", _lazy("申請書")),
    ("提案を書いて提出する", _lazy("提案書")),
    ("受講の申込みを書いて提出する", _lazy("受講申込書")),
    ("直して、もう一度提出する", _lazy("補正した申請書類")),
    (turns.LATE, _lazy("あとから出すとした書類")),
    (turns.AMENDED, _lazy("直した申請書類")),
]
WRITTEN = [what for what, _paper in DUE[:3]]


def register() -> None:
    probes.add_all(watched.PROBES)
    for what, paper in DUE:
        due_papers.add(what, paper)
    for what in WRITTEN:
        due_moments.add(what, turns.closes)
    due_moments.add(turns.AMENDED, turns.amendable_until)
    for page, label in NAMED:
        page_names.add(page, label)
    erasers.add("draft", discarding.discard_again)
    sums.add("asked for", ("grants_applications.Application", "requested_amount"))
    beside_own.add("sections", sharing.beside)
    own_tables.add(
        "section_shares",
        OwnTable(
            label=_lazy("申請の分担"),
            head=(_lazy("案件"), _lazy("項目"), _lazy("日時")),
            rows=own_data.shares,
        ),
    )
    sealed_columns.add("grants_applications.OfficerList", Sealed(column="sealed"))
    sealed_columns.add("grants_applications.OfficersAnew", Sealed(column="sealed"))
    searched.add("applications", found_by.words)
    reading_words.add("inquiry", _lazy("暴力団排除の照会を開いた"))
    reading_words.add("officer_list.export", _lazy("役員等の名簿を取り出した"))
    case_kinds.add(
        "application",
        CaseKind(
            label=_lazy("交付申請"),
            subject=lambda case: case.application,
            applicant_page=case_page.applicant,
            staff_page=case_page.staff,
            draft_url=case_page.draft_url,
            own_word=case_page.own_word,
            reads=case_page.READS,
            states=tuple(ApplicationState.choices),
            applicant_template="grants/applications/case_applicant.html",
            staff_template="grants/applications/case_staff.html",
        ),
    )
    named_in.add("application", named.of_cases)
    entrances.add(
        "subsidy",
        Entrance(
            label=_lazy("申請する"),
            url=lambda call: reverse("application_start", args=[call.code]),
            hint=_lazy("途中で保存しながら書けます。メールアドレスで始められます。"),
        ),
    )

    acts.add("declare_inadmissible", DECLARE_INADMISSIBLE)
    acts.add("lapse", LAPSE)
    for name, label, facts in (
        ("receipt", _lazy("受付票"), papers.receipt),
        ("correction", _lazy("補正依頼書"), papers.correction),
        ("waitlist", _lazy("補欠決定通知書"), papers.waitlist),
        ("rejection", _lazy("不採択・不交付通知書"), papers.rejection),
        ("inadmissible", _lazy("申請却下通知書"), papers.inadmissible),
        ("lapse", _lazy("手続終了通知書"), papers.lapse),
        ("withdrawal", _lazy("取下げ受付通知書"), papers.withdrawal),
    ):
        notice_kinds.add(name, NoticeKind(label=label, facts=facts))
    transition_forms.add("correction", correct_forms.CorrectionForm)
    transition_forms.add("correction_extension", correct_forms.ExtensionForm)
    transition_forms.add("extension_grant", correct_forms.GrantForm)
    for name in ("select", "waitlist", "award", "reject"):
        intake_over = Requirement("intake_over", deciding.too_early)
        joined_requirements.join(Application, name, intake_over)
    for name in ("select", "waitlist", "award"):
        findings = Requirement("findings", obstacles.open_findings)
        joined_requirements.join(Application, name, findings)
        in_time = Requirement("in_time", deciding.too_late)
        joined_requirements.join(Application, name, in_time)
    in_turn = Requirement("in_turn", deciding.out_of_turn)
    joined_requirements.join(Application, "award", in_turn)
    undecided.fill(deciding.undecided)
    erase_drafts.fill(discarding.discard_left)
    joined_touches.join(Call, turns.touched_by_call)
    joined_touches.join(CallChange, turns.touched_by_change)
    drafts_in.fill(hanging.drafts_in)
    frames_waiting.fill(deciding.frames_waiting)
    undecided_in.fill(hanging.undecided_in)
    end_undecided.fill(called_off.end_undecided)
    circulating = Requirement("no_draft_circulates", called_off.drafts_in_circulation)
    joined_requirements.join(CallChange, "approve", circulating)
    rules_changed.add("applications", filed.keep_rules)

    turn_sources.add("applications", turns.SOURCE)
    turn_notes.add("application", turns.came_back)
    closed_matters.add("checks", (("check", "inquiry"), visibility.DECIDERS))
    kept_days.add(
        "corrections",
        KeptDay(
            rows=lambda: Application.objects.filter(state=ApplicationState.RETURNED),
            field="correct_by",
        ),
    )

    open_files.add("applications", access.open_files)
    open_files.add("blind", access.files_of_blind)
    open_files.add("received", access.files_received)
    file_names.add("blind", access.rename)
    duty_subjects.add("call", hanging.duty_subjects)
    hanging_cases.join(Call, hanging.on_call)
    hanging_cases.join(CallChange, hanging.on_change)
    hanging_cases.join(BudgetLine, hanging.on_line)

    turn_duties.add(str(ApplicationState.SUBMITTED.info.todo), formal.ACCEPTING)
    bulk_acts.add("check", many.CHECKS)
    bulk_acts.add("clear", many.CLEAR)
    bulk_acts.add("accept", many.ACCEPT)
    bulk_acts.add("return", many.RETURN)
    loaders.add("application", access.application_for)
    loaders.add("extensionrequest", access.extension_for)
    public_acts.add(
        "application",
        PublicActs(
            said="declare_inadmissible extend_correction reject withdraw",
            bare=(
                "accept amend award begin begin_amending close_review conclude discard end_with_call foretell honour "
                "lapse move_down resubmit return_for_correction select start_review stop_amending submit "
                "waitlist"
            ),
        ),
    )
    public_acts.add(
        "extensionrequest", PublicActs(said="deny grant", bare="begin overtake withdraw")
    )
    public_acts.add("case", PublicActs(bare="assign"))
    public_acts.add("notice", PublicActs(bare="begin post"))
    menus.add(
        "cases",
        Menu(
            label=_lazy("案件"),
            url_name="case_list",
            may_see=lambda user: user.has_role(
                "programme_officer",
                "approver",
                "auditor",
                "inspector",
                "finance_officer",
                "accounting_officer",
                "reviewer",
                "concierge",
            ),
        ),
    )

    kept_rows.add(
        "grants_applications.ApplicationVersion", Kept(changes=("content", "accepted_at"))
    )
    faults.add("versions", unchanged.first_fault)
    keeping_rules.add("application", retention.keep_until)
    for model, path, blank in (
        ("Section", "application__case", {"data": {}, "handed_in": None}),
        ("SectionShare", "application__case", {"person": None, "noted_by": None}),
        ("ApplicationVersion", "application__case", {"content": {}}),
        (
            "Defect",
            "application__case",
            {"text": "", "part_label": "", "supervisor_reason": ""},
        ),
        ("Check", "application__case", {"evidence": "", "go_on_reason": ""}),
        ("ExtensionRequest", "case", {"reason": "", "answer": ""}),
        (
            "Application",
            "case",
            {
                "decision_reason": "",
                "paper_consent": "",
                "paper_late_reason": "",
                "partner_key": "",
            },
        ),
        ("OfficerList", "application__case", {"sealed": None}),
        ("OfficersAnew", "application__case", {"sealed": None}),
        (
            "LatePaper",
            "application__case",
            {"set_aside_reason": retention.REASON_ERASED, "moved_because": ""},
        ),
    ):
        erasures.add(f"grants_applications.{model}", Erasure(path=path, blank=blank))
    private_texts.add("applications", private.of_versions)
    drawn_papers.add("application", printing.anew)
    dossier_parts.add(
        "application",
        DossierPart(label="申請", readers=visibility.WORKERS, sections=dossier.versions),
    )
    dossier_parts.add(
        "checks", DossierPart(label="確認", readers=visibility.DECIDERS, sections=dossier.checks)
    )
