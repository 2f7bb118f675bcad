"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.cases import search, visibility
from portal.cases.ports import (
    Assignment,
    CaseKind,
    DossierPart,
    Erasure,
    Panel,
    PublicActs,
    assignments,
    case_kinds,
    case_panels,
    dossier_parts,
    erasures,
    loaders,
    page_names,
    private_texts,
    public_acts,
    reading_words,
    searched,
    turn_sources,
)
from portal.correspondence.ports import named_in
from portal.workflow.ports import papers, transition_forms
from startups.pilots.ports import pilot_parts
from startups.rollouts import (
    access,
    case_page,
    dossier,
    evidence,
    forms,
    named,
    panels,
    private,
    public,
    turns,
)
from startups.rollouts.models import Rollout
from startups.rollouts.states import RolloutState

NAMED = [
    ("rollout_new", _lazy("本格導入を始める")),
    ("rollout_confirm", _lazy("要件を確かめる")),
]


def register() -> None:
    for page, label in NAMED:
        page_names.add(page, label)
    searched.add("rollouts", search.columns(Rollout, "contractor", "department"))
    reading_words.add("rollout.evidence", _lazy("本格導入の根拠資料を取り出した"))
    case_kinds.add(
        turns.KIND,
        CaseKind(
            label=_lazy("本格導入"),
            subject=lambda case: case.rollout,
            applicant_page=case_page.both,
            staff_page=case_page.both,
            states=tuple(RolloutState.choices),
            applicant_template="startups/rollouts/case_applicant.html",
            staff_template="startups/rollouts/case_staff.html",
            office_role="challenge_owner",
        ),
    )
    named_in.add(turns.KIND, named.of_cases)

    for name, form in (
        ("rollout_plan", forms.PlanForm),
        ("rollout_budget", forms.BudgetForm),
        ("rollout_specification", forms.SpecificationForm),
        ("rollout_contract", forms.ContractForm),
        ("rollout_use", forms.UseForm),
        ("rollout_answer", forms.AnswerForm),
    ):
        transition_forms.add(name, form)

    papers.add("evidence", lambda pk: evidence.pdf(Rollout.objects.get(pk=pk)))

    turn_sources.add("rollouts", turns.SOURCE)

    assignments.add(
        "rollouts",
        Assignment(roles=("challenge_owner", "concierge", "finance_officer"), cases=access.adopted),
    )

    loaders.add("rollout", access.rollout_for)
    case_panels.add(
        "rollouts",
        Panel(
            template="startups/rollouts/panel.html",
            context=panels.of_case,
            anchor="rollouts",
            label=_lazy("本格導入"),
            kinds=("pilot",),
        ),
    )
    public_acts.add(
        "rollout",
        PublicActs(
            said="drop end", bare="answer begin begin_use confirm contract fund plan specify"
        ),
    )
    pilot_parts.add("rollouts", public.part)
    private_texts.add("rollouts", private.of_contract)

    erasures.add("startups_rollouts.Rollout", Erasure(blank={"specification": ""}))
    erasures.add(
        "startups_rollouts.Confirmation", Erasure(path="rollout__case", blank={"note": ""})
    )
    dossier_parts.add(
        "rollout",
        DossierPart(label="本格導入", readers=visibility.WORKERS, sections=dossier.rolled_out),
    )
