"""What this room fills in elsewhere."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.models import Application
from grants.applications.ports import before_decision, clearances
from grants.programmes.models import Call
from grants.programmes.ports import call_panels, drawn_order
from grants.reviews import (
    access,
    dossier,
    forms,
    interests,
    panels,
    private,
    public,
    record_views,
    recording,
    turns,
)
from grants.reviews.models import Review
from grants.reviews.obstacles import unscored
from portal.audit.ports import Kept, faults, kept_rows
from portal.cases import visibility
from portal.cases.ports import (
    Assignment,
    DossierPart,
    Erasure,
    Panel,
    assignments,
    case_panels,
    dossier_parts,
    erasures,
    interest_steps,
    loaders,
    named_rows,
    page_names,
    private_texts,
    read_pages,
    turn_pages,
    turn_sources,
    veils,
)
from portal.notices.ports import office_papers
from portal.ui.ports import Menu, menus
from portal.workflow.graph import Requirement
from portal.workflow.ports import joined_requirements, papers, transition_forms

PAGES = [
    ("review", _lazy("審査")),
    ("convene", _lazy("審査会を開く")),
    ("ranking", _lazy("順位")),
    ("selection_record", _lazy("選考の記録")),
    ("selection_record_pdf", _lazy("選考の記録（PDF）")),
]


def register() -> None:
    for page, label in PAGES:
        page_names.add(page, label)
    read_pages.add(
        "review", lambda pk: Q(pk__in=Review.objects.filter(pk=pk).values("application__case"))
    )
    for page in ("convene", "ranking", "selection_record", "selection_record_pdf"):
        read_pages.add(page, lambda _pk: None)
        named_rows.add(page, Call.named)
    transition_forms.add("minutes", forms.MinutesForm)
    transition_forms.add("replacement", forms.ReplacementForm)
    for name in ("select", "waitlist", "award", "reject"):
        joined_requirements.join(Application, name, Requirement("scored", unscored))

    before_decision.add("selection", recording.keep)
    drawn_order.fill(public.drawn)
    kept_rows.add("grants_reviews.SelectionRecord", Kept())
    kept_rows.add("grants_reviews.SelectedRow", Kept(changes=("facts",)))
    faults.add("selection", recording.first_fault)

    turn_sources.add("reviews", turns.SOURCE)
    turn_pages.add("review", lambda pk: reverse("review", args=[pk]))
    turn_pages.add("call", lambda pk: reverse("ranking", args=[pk]))

    assignments.add(
        "reviews", Assignment(roles=("reviewer",), cases=access.reviewed_by, anywhere=True)
    )
    veils.add("reviews", access.veiled_from)
    clearances.add("reviews", access.clears)
    interest_steps.add("reviews", interests.step_back)

    loaders.add("review", access.review_for)
    loaders.add("reviewpanel", access.panel_for)
    case_panels.add(
        "reviews",
        Panel(
            template="grants/reviews/panel.html",
            context=panels.of_case,
            readers=(*visibility.DECIDERS, "reviewer"),
            reads=(panels.reviews_of,),
        ),
    )
    call_panels.add("applications", panels.of_call)
    menus.add(
        "reviews",
        Menu(
            label=_lazy("審査"),
            url_name="review_list",
            may_see=lambda user: user.has_role(
                "reviewer", "programme_officer", "approver", "auditor"
            ),
        ),
    )

    erasures.add(
        "grants_reviews.Review",
        Erasure(path="application__case", blank={"comment": "", "typed": {}}),
    )
    erasures.add(
        "grants_reviews.Score", Erasure(path="review__application__case", blank={"reason": ""})
    )
    erasures.add(
        "grants_reviews.SelectedRow", Erasure(path="application__case", blank={"facts": {}})
    )
    papers.add("selection", record_views.paper_anew)
    office_papers.add("selection", record_views.kept_by)
    private_texts.add("reviews", private.of_reviewers)
    dossier_parts.add(
        "scores", DossierPart(label="審査", readers=visibility.DECIDERS, sections=dossier.scores)
    )
