"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.awards import (
    access,
    changing,
    decided,
    dossier,
    firm,
    panels,
    papers,
    pausing,
    public,
    retention,
    succession,
    turns,
    waiting,
)
from grants.awards.acts import AWARD, REJECT, SELECT, WAITLIST, above_promised
from grants.awards.models import Award
from grants.awards.states import ENDED, AwardState
from grants.budget.ports import fixed_sums, money_moved
from grants.programmes.ports import published_results
from portal.accounts.ports import organisation_changed
from portal.approvals.ports import acts
from portal.backups.ports import sums
from portal.cases import visibility
from portal.cases.ports import (
    Assignment,
    DossierPart,
    Erasure,
    Panel,
    PublicActs,
    assignments,
    case_panels,
    dossier_parts,
    endings,
    erasures,
    keeping_rules,
    loaders,
    page_names,
    public_acts,
    turn_notes,
    turn_sources,
)
from portal.registry.ports import corporations_changed
from portal.workflow.graph import Requirement
from portal.workflow.ports import NoticeKind, joined_requirements, joined_touches, notice_kinds

NAMED = [
    ("cost_assessment", _lazy("経費の査定")),
]


def register() -> None:
    for page, label in NAMED:
        page_names.add(page, label)
    sums.add("awarded", ("grants_awards.Award", "awarded_amount"))
    sums.add("fixed", ("grants_awards.Award", "fixed_amount"))
    fixed_sums.fill(decided.fixed_sums)
    endings.add("awards", tuple(choice for choice in AwardState.choices if choice[0] in ENDED))
    acts.add("award", AWARD)
    acts.add("waitlist", WAITLIST)
    acts.add("reject", REJECT)
    acts.add("select", SELECT)
    acts.add("approve_change", changing.APPROVE_CHANGE)
    acts.add("deny_change", changing.DENY_CHANGE)
    acts.add("succeed", succession.SUCCEED)
    acts.add("suspend", pausing.SUSPEND)
    acts.add("resume", pausing.RESUME)
    notice_kinds.add(
        "award",
        NoticeKind(
            label=_lazy("交付決定通知書"), facts=papers.award_facts, title="補助金交付決定通知書"
        ),
    )
    for name, label, facts in (
        ("change_approved", _lazy("補助事業変更承認通知書"), changing.approved_facts),
        ("change_denied", _lazy("補助事業変更不承認通知書"), changing.denied_facts),
        ("succession", _lazy("補助事業承継承認通知書"), succession.facts),
        ("suspension", _lazy("補助事業一時停止命令書"), papers.suspension_facts),
    ):
        notice_kinds.add(name, NoticeKind(label=label, facts=facts, cites=papers.on_award))
    notice_kinds.add(
        "resumption",
        NoticeKind(
            label=_lazy("補助事業再開承認通知書"),
            facts=papers.resumption_facts,
            cites=papers.on_suspension,
        ),
    )
    registered = Requirement("registry", firm.gone)
    joined_requirements.join(Application, "award", registered)
    within = Requirement("promised", above_promised)
    joined_requirements.join(Award, "begin", within)
    joined_touches.join(Application, waiting.touched)

    turn_sources.add("changes", turns.CHANGES)
    turn_notes.add("changerequest", turns.CHANGE_CAME_BACK)
    turn_sources.add("firm", turns.FIRM)
    turn_sources.add("waiting", turns.WAITING)

    assignments.add(
        "awards",
        Assignment(
            roles=("inspector", "finance_officer", "accounting_officer"), cases=access.awarded
        ),
    )

    loaders.add("award", access.award_for)
    loaders.add("changerequest", access.change_for)
    case_panels.add(
        "registry",
        Panel(
            template="grants/awards/registry.html",
            context=panels.of_firm,
            side="office",
            readers=visibility.WORKERS,
            reads=(firm.registered,),
        ),
    )
    case_panels.add(
        "assessment",
        Panel(
            template="grants/awards/assessment_panel.html",
            context=panels.of_assessment,
            readers=visibility.WORKERS,
            reads=(panels.assessments_of,),
        ),
    )
    case_panels.add(
        "award",
        Panel(
            template="grants/awards/panel.html",
            context=panels.of_case,
            readers=visibility.WORKERS,
            reads=panels.READS,
        ),
    )
    public_acts.add(
        "award",
        PublicActs(
            said="abandon cancel resume revoke succeed suspend withdraw",
            bare="adopt begin close fix_amount lower reopen",
        ),
    )
    public_acts.add(
        "changerequest", PublicActs(said="deny send_back", bare="approve begin notify submit")
    )
    published_results.fill(public.results)

    organisation_changed.add("firm", firm.organisation_changed)
    corporations_changed.add("firm", firm.changed)
    money_moved.add("waiting", waiting.money_moved)

    keeping_rules.add("award", retention.keep_until)
    erasures.add(
        "grants_awards.Award", Erasure(blank={"ended_reason": "", "conditions": "", "plan": []})
    )
    erasures.add(
        "grants_awards.ChangeRequest",
        Erasure(blank={"reason": "", "before": [], "after": [], "answer": ""}),
    )
    erasures.add(
        "grants_awards.AssessedItem",
        Erasure(path="assessment__application__case", blank={"what": "―", "reason": "―"}),
    )
    dossier_parts.add(
        "award",
        DossierPart(label="交付決定と変更", readers=visibility.WORKERS, sections=dossier.awarded),
    )
