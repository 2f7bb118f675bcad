"""The public's pages of challenges: the list, one challenge with its questions, follow, ask,
the calendar file.
"""

from django.contrib import messages
from django.db.models import Case, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.registry import files
from portal.types import Context, SignedIn, Visitor
from portal.ui.answered_again import answered_again
from portal.ui.limits import CONSULTATIONS, SEARCHES, limited
from portal.ui.paging import page_of
from portal.workflow.access import anyone, signed_in
from portal.workflow.writing import write
from startups.challenges import writing
from startups.challenges.forms import ChallengeForm, FindForm, QuestionForm
from startups.challenges.models import Challenge
from startups.challenges.ports import challenge_counts, proposal_entrance


def named(challenges: list[Challenge]) -> list[tuple[Challenge, str]]:
    """Each challenge with the names of its municipalities."""
    known = files.municipalities()
    return [
        (row, "・".join(str(known[code]) for code in row.municipality_codes if code in known))
        for row in challenges
    ]


@anyone
@limited(SEARCHES)
@answered_again
def challenge_list(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.GET or None)
    data = form.cleaned_data if form.is_valid() else {}
    takes = Q(pk__in=Challenge.objects.open().values("pk"))
    found = Challenge.objects.public().order_by(
        Case(When(takes, then=Value(0)), default=Value(1)), "-published_at", "-pk"
    )
    if data.get("q"):
        found = found.search(data["q"])
    if data.get("municipality"):
        found = found.filter(municipality_codes__contains=[data["municipality"].pk])
    if data.get("open"):
        found = found.filter(takes)
    if request.GET.get("call"):
        found = found.filter(call__code=request.GET["call"])
    page = page_of(request, found, 20)
    return render(
        request,
        "startups/challenges/list.html",
        {"form": form, "page": page, "rows": named(list(page))},
    )


def home_card(_user: Visitor) -> tuple[str, Context] | None:
    """The newest open challenges on the first page of the portal; nothing where there is none."""
    rows = list(
        Challenge.objects.open()
        .select_related("call__programme")
        .prefetch_related("call__periods")
        .order_by("-published_at", "-pk")[:3]
    )
    if not rows:
        return None
    return "startups/challenges/home.html", {
        "rows": named(rows),
        "total": Challenge.objects.public().count(),
    }


def public(number: str) -> Challenge:
    return get_object_or_404(Challenge.objects.public(), number=number)


@anyone
@answered_again
def challenge(request: HttpRequest, number: str) -> HttpResponse:
    row = public(number)
    user = request.user
    context = {
        **facts(row),
        "may_ask": writing.may_ask(row),
        "form": QuestionForm(),
        "follows": user.is_authenticated and row.followers.filter(person=user).exists(),
        "questions": list(row.questions.exclude(answered_at=None)),
        "entrance": proposal_entrance.value,
        "enter_at": proposal_entrance.value.url(row.call),
        "counts": [count for counts in challenge_counts.values() for count in counts(row)]
        if not row.is_open
        else [],
    }
    return render(request, "startups/challenges/page.html", context)


def facts(row: Challenge) -> Context:
    """What both sides read of a challenge."""
    labels = dict(ChallengeForm.base_fields.items())
    long = (
        "background",
        "wished",
        "data_offered",
        "field_offered",
        "skills",
        "law",
        "privacy",
        "security",
    )
    return {
        "challenge": row,
        "content": row.content,
        "municipalities": row.municipalities,
        "route": row.route,
        "parts": [
            (labels[name].label, row.content[name], name) for name in long if row.content.get(name)
        ],
        "starts_on": writing.day(row, "starts_on"),
        "ends_on": writing.day(row, "ends_on"),
        "questions_until": writing.day(row, "questions_until"),
    }


@anyone
def calendar(request: HttpRequest, number: str) -> HttpResponse:
    row = public(number)
    text = writing.calendar(row, request.build_absolute_uri(row.public_url))
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{row.number}.ics"'
    return response


@require_POST
@signed_in
def follow(request: SignedIn, number: str) -> HttpResponse:
    """Follow, or stop."""
    row = public(number)
    if request.POST.get("stop"):
        writing.unfollow(row, by=request.user)
        messages.success(request, _("お知らせを止めました。"))
    else:
        writing.follow(row, by=request.user)
        messages.success(request, _("新しい答えや結果をメールでお知らせします。"))
    return redirect(row.public_url)


@signed_in
@limited(CONSULTATIONS)
def ask(request: SignedIn, number: str) -> HttpResponse:
    row = public(number)
    if request.user.is_office:
        raise Http404
    form = QuestionForm(request.POST or None)
    return write(
        request,
        form,
        lambda data: writing.ask(row, text=data["text"], by=request.user),
        template="startups/challenges/ask.html",
        context=lambda: {"challenge": row, "may_ask": writing.may_ask(row)},
        done=_("質問を受け付けました。答えは、このページですべての方に公表します。"),
        then=row.public_url,
    )
