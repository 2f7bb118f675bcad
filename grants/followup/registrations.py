"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.ports import later_life
from grants.awards.papers import on_award
from grants.completion.ports import money_fixed
from grants.followup import (
    access,
    clues,
    dealings,
    dossier,
    filing,
    lateness,
    panels,
    papers,
    retention,
    turns,
)
from grants.followup.acts import ALLOW_DISPOSAL, DENY_DISPOSAL, REFUND_TAX
from grants.followup.models import Filing
from grants.recovery.ports import used_late
from portal.approvals.ports import acts, concerns
from portal.cases import visibility
from portal.cases.ports import (
    DossierPart,
    Erasure,
    KeptDay,
    Panel,
    PublicActs,
    bulk_acts,
    case_filter_parts,
    case_panels,
    closed_matters,
    disposals,
    dossier_parts,
    due_papers,
    erasures,
    keeping_rules,
    kept_anew,
    kept_days,
    loaders,
    page_names,
    public_acts,
    turn_notes,
    turn_sources,
)
from portal.documents.ports import open_files
from portal.workflow.ports import NoticeKind, notice_kinds

NAMED = [
    ("assets", _lazy("取得財産等管理台帳")),
    ("asset", _lazy("取得財産の1件")),
    ("asset_life", _lazy("耐用年数の変更")),
    ("signal_dismiss", _lazy("手がかりの扱い")),
]

# what a turn is called → what is due by its day
DUE = [
    ("状況を報告する", _lazy("状況報告書")),
    ("利用状況を報告する", _lazy("利用状況報告書")),
    ("事業の効果を報告する", _lazy("効果報告書")),
    ("消費税仕入控除税額を報告する", _lazy("消費税仕入控除税額報告書")),
    ("財産処分の申請を仕上げる", _lazy("財産処分承認申請書")),
]


def register() -> None:
    for what, paper in DUE:
        due_papers.add(what, paper)
    for page, label in NAMED:
        page_names.add(page, label)
    acts.add("allow_disposal", ALLOW_DISPOSAL)
    acts.add("deny_disposal", DENY_DISPOSAL)
    acts.add("refund_tax", REFUND_TAX)
    for name, label, facts in (
        ("disposal_approved", _lazy("財産処分承認通知書"), papers.approved_facts),
        ("disposal_denied", _lazy("財産処分不承認通知書"), papers.denied_facts),
    ):
        notice_kinds.add(name, NoticeKind(label=label, facts=facts, cites=on_award))

    open_files.add("followup", access.files_received)
    turn_sources.add("followup", turns.SOURCE)
    turn_notes.add("filing", turns.CAME_BACK)
    closed_matters.add("signals", (("signal",), visibility.WATCHERS))
    for name in ("due_on", "correct_by"):
        kept_days.add(
            f"followup {name}",
            KeptDay(rows=lambda: Filing.objects.filter(state__in=Filing.EDITABLE), field=name),
        )

    loaders.add("filing", access.filing_for)
    case_panels.add(
        "followup",
        Panel(
            template="grants/followup/panel.html",
            context=panels.of_case,
            anchor="followup",
            label=_lazy("事後の報告"),
            readers=visibility.WORKERS,
            reads=panels.READS,
        ),
    )
    case_panels.add(
        "signals",
        Panel(
            template="grants/followup/signals.html",
            context=panels.of_signals,
            side="office",
            anchor="signals",
            label=_lazy("確認が必要な点"),
            readers=visibility.WATCHERS,
            reads=panels.READS_OF_SIGNALS,
        ),
    )
    case_filter_parts.add("vendor", dealings.VENDOR)
    case_filter_parts.add("clue", clues.OPEN_CLUE)
    kept_anew.add("followup", clues.look_over)
    bulk_acts.add("set_aside", clues.SET_ASIDE)
    disposals.add("clues", clues.erase)
    concerns.add("followup", panels.concerns_of)
    public_acts.add(
        "filing",
        PublicActs(
            said="deny return_for_correction",
            bare="accept allow begin check settle submit withdraw",
        ),
    )
    public_acts.add("asset", PublicActs(bare="describe"))
    later_life.add("followup", panels.reached)

    money_fixed.add("followup", filing.register)
    used_late.fill(lateness.of_award)

    keeping_rules.add("followup", retention.keep_until)
    blank = {"typed": {}, "content": {}, "checked": {}, "return_reason": ""}
    erasures.add("grants_followup.Filing", Erasure(blank=blank))
    erasures.add(
        "grants_followup.Asset",
        Erasure(path="award__case", blank={"model": "", "place": "", "note": ""}),
    )
    erasures.add(
        "grants_followup.LifeChange", Erasure(path="asset__award__case", blank={"ground": ""})
    )
    erasures.add("grants_followup.Dismissal", Erasure(blank={"reason": ""}))
    dossier_parts.add(
        "followup",
        DossierPart(label="事後の報告", readers=visibility.WORKERS, sections=dossier.followed),
    )
