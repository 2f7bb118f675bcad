"""What this room fills in elsewhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from portal import ports
from portal.accounts.ports import hanging_cases
from portal.cases.ports import Assignment, Panel, assignments, case_panels
from portal.workflow.graph import Requirement
from portal.workflow.ports import joined_requirements
from startups.proposals import forms, pages


def register() -> None:
    proposal = ("proposal",)
    ports.sections.add(
        "challenges",
        ports.Section(
            _lazy("事業の計画"),
            _lazy("提案する課題"),
            forms.ChallengesForm,
            proposal,
            pages.challenge_rows,
            lambda answers: list(answers["municipality_codes"]),
        ),
    )
    ports.sections.add(
        "secrecy",
        ports.Section(
            _lazy("事業の計画"),
            _lazy("秘密にする部分"),
            forms.SecrecyForm,
            proposal,
            pages.secrecy_rows,
        ),
    )
    assignments.add("proposals", Assignment(roles=("concierge",), cases=pages.proposed))
    ports.entrances.add(
        "challenge",
        ports.Entrance(
            _lazy("提案する"),
            lambda call: reverse("application_start", args=[call.code]),
            _lazy("途中で自動保存します。いくつかの課題に一度に提案できます。"),
        ),
    )
    case_panels.add(
        "challenges",
        Panel(
            template="startups/proposals/panel.html",
            context=pages.panel,
            anchor="challenges",
            label=_lazy("課題"),
        ),
    )
    for name in ("select", "waitlist", "award"):
        by_match = Requirement("by_match", pages.not_by_award)
        joined_requirements.join("grants_applications.Application", name, by_match)
    ports.challenge_counts.add("proposals", pages.counts)
    hanging_cases.add("startups_challenges.Challenge", pages.answering)
