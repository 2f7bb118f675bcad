"""What this room fills in elsewhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from grants.reviews import forms, panels, turns, views
from grants.reviews.obstacles import unscored
from portal import ports
from portal.cases import visibility
from portal.workflow.graph import Requirement
from portal.workflow.ports import joined_requirements, transition_forms


def register() -> None:
    ports.erasures.add("grants_reviews.Review", ("application__case", {"comment": ""}))
    ports.erasures.add("grants_reviews.Score", ("review__application__case", {"reason": ""}))
    for name in ("select", "waitlist", "award", "reject"):
        joined_requirements.join(
            "grants_applications.Application", name, Requirement("scored", unscored)
        )
    ports.turn_pages.add("review", lambda pk: reverse("review", args=[pk]))
    ports.turn_pages.add("call", lambda pk: reverse("ranking", args=[pk]))
    ports.interest_steps.add("reviews", panels.step_back)
    ports.turn_sources.add("reviews", turns.SOURCE)
    ports.clearances.add("reviews", panels.clears)
    ports.assignments.add(
        "reviews", ports.Assignment(("reviewer",), panels.reviewed_by, anywhere=True)
    )
    ports.loaders.add("review", views.load)
    ports.loaders.add("reviewpanel", views.load_panel)
    transition_forms.add("minutes", forms.MinutesForm)
    transition_forms.add("replacement", forms.ReplacementForm)
    ports.call_panels.add("applications", panels.of_call)
    ports.case_panels.add(
        "reviews",
        ports.Panel(
            "grants/reviews/panel.html",
            panels.of_case,
            readers=(*visibility.DECIDERS, "reviewer"),
        ),
    )
    ports.menus.add(
        "reviews",
        ports.Menu(
            _lazy("審査"),
            "review_list",
            lambda user: user.has_role("reviewer", "programme_officer", "approver", "auditor"),
        ),
    )
