"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.ports import later_life
from grants.awards.papers import on_award
from grants.completion.ports import money_fixed
from grants.followup import access, dossier, filing, lateness, panels, papers, retention, turns
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
    case_panels,
    dossier_parts,
    erasures,
    keeping_rules,
    kept_days,
    loaders,
    public_actions,
    turn_sources,
)
from portal.workflow.ports import NoticeKind, notice_kinds


def register() -> None:
    acts.add("allow_disposal", ALLOW_DISPOSAL)
    acts.add("deny_disposal", DENY_DISPOSAL)
    acts.add("refund_tax", REFUND_TAX)
    for name, label, facts in (
        ("disposal_approved", _lazy("財産処分承認通知書"), papers.approved_facts),
        ("disposal_denied", _lazy("財産処分不承認通知書"), papers.denied_facts),
    ):
        notice_kinds.add(name, NoticeKind(label=label, facts=facts, cites=on_award))

    turn_sources.add("followup", turns.SOURCE)
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
            label=_lazy("気づき"),
            readers=visibility.WATCHERS,
            reads=panels.READS_OF_SIGNALS,
        ),
    )
    concerns.add("followup", panels.concerns_of)
    public_actions.add("followup", ("filing.", "asset."))
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
