"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal import ports
from portal.workflow.ports import transition_forms
from startups.rollouts import forms, pages, public
from startups.rollouts.models import Rollout


def register() -> None:
    ports.case_kinds.add(
        pages.KIND,
        ports.Kind(
            _lazy("本格導入"),
            lambda case: case.rollout,
            pages.page,
            pages.page,
            states=tuple((name, info.label) for name, info in Rollout.STATES.items()),
            applicant_template="startups/rollouts/case_applicant.html",
            staff_template="startups/rollouts/case_staff.html",
            office_role="challenge_owner",
        ),
    )
    for name, form in (
        ("rollout_plan", forms.PlanForm),
        ("rollout_budget", forms.BudgetForm),
        ("rollout_specification", forms.SpecificationForm),
        ("rollout_contract", forms.ContractForm),
        ("rollout_use", forms.UseForm),
        ("rollout_answer", forms.AnswerForm),
    ):
        transition_forms.add(name, form)
    ports.loaders.add("rollout", pages.load)
    ports.assignments.add(
        "rollouts",
        ports.Assignment(("challenge_owner", "concierge", "finance_officer"), pages.adopted),
    )
    ports.turn_sources.add("rollouts", pages.SOURCE)
    ports.public_actions.add("rollouts", ("rollout.",))
    ports.pilot_parts.add("rollouts", public.part)
    ports.case_panels.add(
        "rollouts",
        ports.Panel(
            "startups/rollouts/panel.html",
            pages.panel,
            anchor="rollouts",
            label=_lazy("本格導入"),
            kinds=("pilot",),
        ),
    )
    ports.erasures.add("startups_rollouts.Rollout", ("case", {"specification": ""}))
    ports.erasures.add("startups_rollouts.Confirmation", ("rollout__case", {"note": ""}))
