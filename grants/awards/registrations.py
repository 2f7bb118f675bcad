"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.awards import acts, changing, endings, firm, succession, waiting
from portal import ports
from portal.cases import visibility
from portal.workflow.ports import joined_touches


def register() -> None:
    ports.keep_until.add("award", waiting.keep_until)
    ports.erasures.add(
        "grants_awards.Award", ("case", {"ended_reason": "", "conditions": "", "plan": []})
    )
    ports.erasures.add(
        "grants_awards.ChangeRequest",
        ("case", {"reason": "", "before": [], "after": [], "answer": ""}),
    )
    ports.public_actions.add("awards", ("award.", "changerequest."))
    acts.register()
    endings.register()
    changing.register()
    firm.register()
    succession.register()
    ports.turn_sources.add("firm", firm.SOURCE)
    ports.organisation_changed.add("firm", firm.organisation_changed)
    ports.corporations_changed.add("firm", firm.changed)
    ports.turn_sources.add("waiting", waiting.SOURCE)
    ports.money_moved.add("waiting", waiting.money_moved)
    joined_touches.join("grants_applications.Application", waiting.touched)
    ports.published_results.add("results", waiting.results)
    ports.loaders.add("award", waiting.load)
    ports.loaders.add("changerequest", waiting.load_change)
    ports.case_panels.add(
        "award",
        ports.Panel("grants/awards/panel.html", waiting.panel, readers=visibility.WORKERS),
    )
    ports.assignments.add(
        "awards", ports.Assignment(("inspector", "finance_officer"), waiting.awarded)
    )
    ports.notice_kinds.add(
        "award",
        ports.NoticeKind(_lazy("交付決定通知書"), acts.award_facts, "補助金交付決定通知書"),
    )
