"""The score sheet: kept as it is typed, beside the application and its documents, until handed in."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications import answers
from grants.programmes.models import said
from grants.reviews.access import READERS, is_open, review_for
from grants.reviews.forms import ScoreForm
from grants.reviews.models import Review
from grants.reviews.states import SCORABLE
from portal.cases import visibility
from portal.documents.reading import shown
from portal.types import Context, SignedIn
from portal.ui.kept import keeps_typed
from portal.workflow.access import staff
from portal.workflow.door import actions, perform, unmet
from portal.workflow.drafts import fingerprint, keep, sent
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.writing import Tried, autosaved, trying


@keeps_typed
@staff(*READERS)
def page(request: SignedIn, pk: int) -> HttpResponse:
    """Declare interests first; then score each criterion beside the application.

    "go_on" hands the sheet in; any other button keeps it as it is.
    """
    review = review_for(request.user, pk)
    tried = Tried()
    form = ScoreForm(review=review)
    if request.method == "POST":
        typed, seen = sent(request.POST)
        hands_in = "go_on" in request.POST
        form = ScoreForm(typed, review=review)
        if hands_in and form.is_valid():
            with trying() as tried:
                _hand_in(review, form, request, typed=typed, seen=seen)
            if tried.is_done:
                messages.success(request, _("採点を提出しました。"))
                return redirect("review_list")
        else:
            with trying() as tried:
                review = _keep(review, request, typed, seen=seen)
            if tried.is_done and not hands_in:
                messages.success(request, _("採点を保存しました。提出はまだです。"))
                return redirect("review", pk=pk)
            if tried.is_done:
                tried.status = 422
            else:
                review.typed = typed  # shown again, not stored
                form = ScoreForm(review=review)
    context = _shown(request, review) | {"reasons": tried.reasons}
    context["form"] = form if context["scores_now"] else None
    return render(request, "grants/reviews/page.html", context, status=tried.status)


@require_POST
@staff(*READERS)
def autosave(request: SignedIn, pk: int) -> JsonResponse:
    """Keep what is typed now; 409 where it was saved elsewhere since, or can be scored no more."""
    review = review_for(request.user, pk)
    typed, seen = sent(request.POST)
    return autosaved(lambda: _keep(review, request, typed, seen=seen))


def _may_write(review: Review, request: SignedIn) -> None:
    """Raises a refusal unless the reviewer of the row may score it now."""
    spec = review.specs()["score"]
    if reasons := spec.permission.reasons(request.user, review):
        raise Forbidden(*reasons)
    if reasons := unmet(review, spec):
        raise NotReady(*reasons)


def _keep(review: Review, request: SignedIn, typed: dict[str, str], *, seen: int) -> Review:
    _may_write(review, request)
    return keep(review, typed, seen=seen)


def _hand_in(
    review: Review, form: ScoreForm, request: SignedIn, *, typed: dict[str, str], seen: int
) -> None:
    perform(
        review,
        "score",
        by=request.user,
        seen=seen,
        key=fingerprint(typed=typed, seen=seen),  # the same sheet sent twice is one
        points=form.points(),
        comment=form.cleaned_data["comment"],
    )


def _shown(request: SignedIn, review: Review) -> Context:
    """What the page shows beside the sheet: the application and its files, once they are open."""
    application = review.application
    version = application.last_version
    opened = is_open(request.user, review)
    waits = opened and review.state in SCORABLE and review.reviewer_id == request.user.pk
    blocked = unmet(review, review.specs()["score"]) if waits else []
    documents = shown(review.case, request.user) if opened else []
    visibility.veil(request.user, [review.case])
    veiled = visibility.is_veiled(request.user, review.case)
    content = version.readable_by(request.user) if version and opened else None
    return {
        "review": review,
        "application": application,
        "scores_now": waits and not blocked,
        "blocked": blocked,
        "scores": list(review.scores.all()),
        "veiled": veiled,
        "title": "" if veiled else review.case.title,
        "parts": answers.parts(application, content, documents) if content else [],
        "documents": documents if content else [],
        "actions": actions(request.user, review),
        "names": {c.key: said(c.name) for c in review.panel.call.stated.criteria},
    }
