"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.awards import acts, changing, endings, firm, succession, waiting
from portal import ports
from portal.accounts.ports import organisation_changed
from portal.cases import visibility
from portal.cases.ports import (
    Assignment,
    Erasure,
    Panel,
    assignments,
    case_panels,
    erasures,
    keeping_rules,
    loaders,
    public_actions,
    turn_sources,
)
from portal.registry.ports import corporations_changed
from portal.workflow.ports import joined_touches


def register() -> None:
    keeping_rules.add("award", waiting.keep_until)
    erasures.add(
        "grants_awards.Award", Erasure(blank={"ended_reason": "", "conditions": "", "plan": []})
    )
    erasures.add(
        "grants_awards.ChangeRequest",
        Erasure(blank={"reason": "", "before": [], "after": [], "answer": ""}),
    )
    public_actions.add("awards", ("award.", "changerequest."))
    acts.register()
    endings.register()
    changing.register()
    firm.register()
    succession.register()
    turn_sources.add("firm", firm.SOURCE)
    organisation_changed.add("firm", firm.organisation_changed)
    corporations_changed.add("firm", firm.changed)
    turn_sources.add("waiting", waiting.SOURCE)
    ports.money_moved.add("waiting", waiting.money_moved)
    joined_touches.join("grants_applications.Application", waiting.touched)
    ports.published_results.add("results", waiting.results)
    loaders.add("award", waiting.load)
    loaders.add("changerequest", waiting.load_change)
    case_panels.add(
        "award",
        Panel(
            template="grants/awards/panel.html", context=waiting.panel, readers=visibility.WORKERS
        ),
    )
    assignments.add(
        "awards", Assignment(roles=("inspector", "finance_officer"), cases=waiting.awarded)
    )
    ports.notice_kinds.add(
        "award",
        ports.NoticeKind(_lazy("交付決定通知書"), acts.award_facts, "補助金交付決定通知書"),
    )
