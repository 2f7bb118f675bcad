"""Pages of the review: my reviews, convening a panel, the ranking with the budget line."""

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.applications.deciding import drafted, too_early
from grants.applications.models import Application
from grants.applications.states import ELIGIBLE, STEPPED_OUT, ApplicationState
from grants.applications.words_by_kind import OF_KIND
from grants.programmes.models import Call, said
from grants.programmes.selecting import is_scored
from grants.reviews import panels
from grants.reviews.access import READERS, reviews_for
from grants.reviews.forms import ConveneForm
from grants.reviews.models import Review, ReviewPanel
from grants.reviews.ranking import Ranked, by_act, decidable, left, lines, ranked
from grants.reviews.records import SelectionRecord
from grants.reviews.states import PanelState
from portal import clock
from portal.accounts.models import User
from portal.approvals.ports import acts
from portal.cases import visibility
from portal.cases.models import Case
from portal.cases.visibility import DECIDERS
from portal.together import together
from portal.types import SignedIn
from portal.workflow.access import staff
from portal.workflow.door import begin
from portal.workflow.writing import Tried, trying


@staff(*READERS)
def review_list(request: SignedIn) -> HttpResponse:
    """Mine as a reviewer, and for the office each call that has something to rank."""
    mine = (
        reviews_for(request.user, "review")
        .exclude(Q(application__state__in=STEPPED_OUT) & ~Q(state__in=Review.DONE))
        .select_related("application__case__organisation", "panel__call__programme")
        .annotate(is_over=Q(state__in=Review.DONE))
        .order_by("is_over", "panel__due_on", "pk")
    )
    ranked = Application.objects.filter(
        state__in=[*ELIGIBLE, ApplicationState.UNDER_REVIEW]
    ).values("call")
    calls = (
        Call.objects.within(request.user, *DECIDERS)
        .filter(pk__in=ranked)
        .select_related("programme")
    )
    office = request.user.has_role(*DECIDERS)
    shown_reviews = list(mine[:200])
    visibility.veil(request.user, [review.case for review in shown_reviews])
    return render(
        request,
        "grants/reviews/list.html",
        {
            "mine": [review for review in shown_reviews if review.state not in Review.DONE],
            "over": [review for review in shown_reviews if review.state in Review.DONE],
            "calls": calls if office else [],
            "office": office,
        },
    )


@staff("programme_officer")
def convene(request: SignedIn, pk: int) -> HttpResponse:
    """Convene a panel over every accepted application of the call."""
    calls = Call.objects.within(request.user, "programme_officer").select_related("programme")
    call = get_object_or_404(calls, pk=pk)
    ready = list(
        Application.objects.filter(
            call=call,
            state=ApplicationState.ACCEPTED,
            case__in=Case.objects.visible_to(request.user),
        ).select_related("case__organisation")
    )
    form = ConveneForm(request.POST or None, call=call)
    nothing = [] if ready else [_("受理された申請がまだありません。")]
    wrong = request.method == "POST" and (form.errors or nothing)
    tried = Tried(nothing, status=422 if wrong else 200)
    if form.is_valid() and ready:
        with trying() as tried:
            begin(
                ReviewPanel,
                by=request.user,
                call=call,
                applications=ready,
                members=list(form.cleaned_data["members"]),
                cleared=list(form.cleaned_data["cleared"]),
                due_on=form.cleaned_data["due_on"],
            )
        if tried.is_done:
            messages.success(request, _("%(n)s件の審査を依頼しました。") % {"n": len(ready)})
            return redirect("ranking", pk=pk)
    context = {"call": call, "ready": ready, "form": form, "reasons": tried.reasons}
    return render(request, "grants/reviews/convene.html", context, status=tried.status)


@staff(*DECIDERS)
def ranking(request: SignedIn, pk: int) -> HttpResponse:
    """The ranking of one frame, with the line of the budget drawn at the very yen."""
    calls = Call.objects.within(request.user, *DECIDERS).select_related("programme")
    # the order and the page both ask what its lines have left
    with together() as ask:
        shown = ("budget_lines", "periods", "panels", panels.REVIEWS_OF_PANELS)
        its = ask(calls.filter(pk=pk).prefetch_related(*shown))
        applications = Application.objects.filter(call=pk).order_by()
        counts = ask(applications.values_list("frame", "state").annotate(n=Count("pk")))
        records = ask(SelectionRecord.objects.filter(call=pk))
        in_drafts = ask(drafted(pk))
    if not its:
        raise Http404
    call = its[0]
    frames = [(frame.key, said(frame.name)) for frame in call.stated.frames]
    waiting = {frame for frame, state, _n in counts if state in ELIGIBLE}
    first = next((key for key, _name in frames if key in waiting), frames[0][0])
    asked = request.GET.get("frame", "")
    chosen = asked if asked in dict(frames) else first
    found = ranked(call, chosen)
    standings = [panels.standing(panel, request.user) for panel in call.panels.all()]
    offered = {name: acts[name].label for name in OF_KIND[call.stated.kind].acts}
    waiting_for = next((reasons for row in found if (reasons := too_early(row["application"]))), [])
    rows = [] if call.awaits_draw else found
    in_draft = dict(in_drafts)
    unseen = _unseen(request.user, rows)
    may_act = request.user.has_role("programme_officer", "approver")
    may_pick = decidable(rows, offered, {*in_draft, *unseen}) if may_act else set()
    undecided = [row for row in rows if row["application"].pk in may_pick]
    foreseen = by_act(undecided, offered)
    fitting = [
        row["application"].pk for row in undecided if row["place"].inside and not row["place"].tied
    ]
    scored = is_scored(call.stated.selection)
    context = {
        "call": call,
        "records": [record for record in records if record.frame == chosen],
        "n": len(found),
        "in_review": sum(
            n
            for frame, state, n in counts
            if (frame, state) == (chosen, ApplicationState.UNDER_REVIEW)
        ),
        "frames": frames,
        "frame": chosen,
        "rows": rows,
        "left": left(call, chosen),
        "standings": standings,
        "acts": offered,
        "drafted": in_draft,
        "unseen": unseen,
        "foreseen": [
            (name, label, foreseen[name]) for name, label in offered.items() if name in foreseen
        ],
        "competitive": scored,
        "placed_by": _placed_by(call, scored=scored),
        "asked": _("申し込む席") if call.stated.unit == "seats" else _("申請額"),
        "may_act": may_act,
        "may_pick": may_pick,
        "fitting": fitting,
        "picked": fitting if request.GET.get("pick") == "fitting" else [],
        "waiting_for": waiting_for,
        "scoring": any(standing["panel"].state == PanelState.CONVENED for standing in standings),
        "lines": lines(rows, scored=scored),
        "today": clock.today(),
    }
    return render(request, "grants/reviews/ranking.html", context)


def _placed_by(call: Call, *, scored: bool) -> str:
    """What the places hang on, as the column is called."""
    if scored:
        return _("平均点")
    return _("抽選の値") if call.seed else _("到着")


def _unseen(user: User, rows: Sequence[Ranked]) -> set[int]:
    """Applications of whose cases the person sees nothing, for the interest that they have there."""
    of_case = {row["application"].case_id: row["application"].pk for row in rows}
    unseen = visibility.unseen(user, Case.objects.filter(pk__in=of_case))
    return {of_case[pk] for pk in unseen}
