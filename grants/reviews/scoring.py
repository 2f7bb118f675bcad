"""The score sheet: kept as it is typed, beside the application and its documents, looked over, handed
in.
"""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from grants.applications import answers
from grants.programmes.models import said
from grants.reviews import rules
from grants.reviews.access import READERS, is_open, review_for, stands, stepped_out
from grants.reviews.forms import ScoreForm
from grants.reviews.models import Review
from grants.reviews.states import REVIEWED, SCORABLE, ReviewState
from portal import jptext
from portal.cases import visibility
from portal.documents.reading import shown
from portal.types import Context, SignedIn
from portal.ui.in_words import in_words
from portal.ui.kept import keeps_typed
from portal.ui.limits import SAVES, limited
from portal.workflow.access import staff
from portal.workflow.door import actions, perform
from portal.workflow.drafts import fingerprint, keep, sent, stand_again
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.requirements import unmet
from portal.workflow.writing import Tried, autosaved, trying

# what somebody reads of a review that is theirs no more
STEPPED_OUT = {
    ReviewState.RECUSED: _lazy(
        "利益相反があるとして回避した審査です。申請の内容はもう見られません。代わりの審査員は、担当者が決めます。"
    ),
    ReviewState.REPLACED: _lazy("ほかの審査員に交代した審査です。申請の内容はもう見られません。"),
    ReviewState.RELEASED: _lazy("採点を待たずに審査が終わりました。申請の内容はもう見られません。"),
}


@keeps_typed(stands)
@staff(*READERS)
def page(request: SignedIn, pk: int) -> HttpResponse:
    """Declare interests first; then score each criterion beside the application, look the whole
    sheet over ("look" in the address), and hand it in.

    "go_on" keeps the sheet and leads to the look; "hand_in" is pressed there.
    """
    if (gone := stepped_out(request.user, pk)) is not None:
        context = {"review": gone, "words": STEPPED_OUT[ReviewState.of(gone.state)]}
        return render(request, "grants/reviews/gone.html", context)
    review = review_for(request.user, pk)
    if "hand_in" in request.POST:
        return _hand_in(request, review)
    if request.method == "POST":
        return _write(request, review)
    looked = ScoreForm(review.typed, review=review) if "look" in request.GET else None
    if looked is not None and _may_hand_in(request, review) and looked.is_valid():
        return _look(request, review, looked)
    return _sheet(request, review, ScoreForm(review=review), Tried())


def _write(request: SignedIn, review: Review) -> HttpResponse:
    """Keep the sheet as it is; where it is to be handed in and whole, on to the look over it."""
    typed, seen = sent(request.POST)
    form = ScoreForm(typed, review=review)
    goes_on = "go_on" in request.POST
    with trying() as tried:
        review = _keep(review, request, typed, seen=seen)
    if not tried.is_done:
        stand_again(review, typed, tried)
        return _sheet(request, review, ScoreForm(review=review), tried)
    if goes_on and form.is_valid():
        return redirect(f"{review.get_absolute_url()}?look")
    if goes_on:
        tried.status = 422
        return _sheet(request, review, form, tried)
    messages.success(request, _("採点を保存しました。提出はまだです。"))
    return redirect(review)


def _hand_in(request: SignedIn, review: Review) -> HttpResponse:
    """What was looked over, as it is kept; refused where it was written on since."""
    if review.state == ReviewState.SCORED:  # pressed twice
        return redirect("review_list")
    form = ScoreForm(review.typed, review=review)
    seen = jptext.whole(request.POST.get("version", ""), -1)
    if not form.is_valid():
        return redirect(review)
    with trying() as tried:
        perform(
            review,
            "score",
            by=request.user,
            seen=seen,
            key=fingerprint(typed=review.typed, seen=seen),  # the same sheet sent twice is one
            points=form.points(),
            comment=form.cleaned_data["comment"],
        )
    if tried.is_done:
        messages.success(request, _("採点を提出しました。"))
        return redirect("review_list")
    return _sheet(request, review, ScoreForm(review=review), tried)


def _may_hand_in(request: SignedIn, review: Review) -> bool:
    spec = review.specs()["score"]
    open_now = review.state in SCORABLE and not spec.permission.reasons(request.user, review)
    return open_now and not unmet(review, spec)


def _look(request: SignedIn, review: Review, form: ScoreForm) -> HttpResponse:
    """The whole sheet as it would be handed in, with what it comes to."""
    points, criteria = form.points(), form.criteria
    visibility.veil(request.user, [review.case])
    context = {
        "review": review,
        "application": review.application,
        "lines": [(said(c.name), c, *points[c.key]) for c in criteria],
        "comment": form.cleaned_data["comment"],
        "total": rules.total(criteria, {key: n for key, (n, _reason) in points.items()}),
    }
    return render(request, "grants/reviews/look.html", context)


def _sheet(request: SignedIn, review: Review, form: ScoreForm, tried: Tried) -> HttpResponse:
    context = _shown(request, review) | {"reasons": tried.reasons}
    context["differences"] = in_words(tried.differences, form)
    context["form"] = form if context["scores_now"] else None
    return render(request, "grants/reviews/page.html", context, status=tried.status)


@require_POST
@staff(*READERS)
@limited(SAVES)
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
        # once it is decided nothing changes, and nothing is offered that could not be done
        "actions": [
            action
            for action in actions(request.user, review)
            if not action.reasons or application.state in REVIEWED
        ],
        "names": {c.key: said(c.name) for c in review.panel.call.stated.criteria},
    }
