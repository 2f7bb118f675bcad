"""What this room fills in elsewhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.applications.ports import AddedSection, added_sections
from grants.programmes.ports import Entrance
from portal.accounts.ports import hanging_cases
from portal.cases.ports import Assignment, Panel, assignments, case_panels
from portal.workflow.graph import Requirement
from portal.workflow.ports import joined_requirements
from startups.challenges.models import Challenge
from startups.challenges.ports import challenge_counts, naming_cases, proposal_entrance
from startups.proposals import access, forms, hanging, obstacles, panels, public, sections


def register() -> None:
    proposal = ("proposal",)
    added_sections.add(
        "challenges",
        AddedSection(
            group=_lazy("事業の計画"),
            label=_lazy("提案する課題"),
            form=forms.ChallengesForm,
            kinds=proposal,
            rows=sections.challenge_rows,
            scope=lambda answers: list(answers["municipality_codes"]),
        ),
    )
    added_sections.add(
        "secrecy",
        AddedSection(
            group=_lazy("事業の計画"),
            label=_lazy("秘密にする部分"),
            form=forms.SecrecyForm,
            kinds=proposal,
            rows=sections.secrecy_rows,
        ),
    )
    proposal_entrance.fill(
        Entrance(
            label=_lazy("提案する"),
            url=lambda call: reverse("application_start", args=[call.code]),
            hint=_lazy("途中で自動保存します。いくつかの課題に一度に提案できます。"),
        ),
    )

    for name in ("select", "waitlist", "award"):
        by_match = Requirement("by_match", obstacles.not_by_award)
        joined_requirements.join(Application, name, by_match)

    assignments.add("proposals", Assignment(roles=("concierge",), cases=access.proposed))
    hanging_cases.join(Challenge, hanging.answering)
    naming_cases.fill(hanging.naming_cases)

    case_panels.add(
        "challenges",
        Panel(
            template="startups/proposals/panel.html",
            context=panels.of_case,
            anchor="challenges",
            label=_lazy("課題"),
        ),
    )
    challenge_counts.add("proposals", public.counts)
